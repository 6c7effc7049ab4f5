import type { Check, Finding, Severity } from "ldapedge";
import { useMemo } from "preact/hooks";
import { Icon, type IconName } from "../../components/Icon.tsx";
import { memo } from "../../components/memo.ts";
import { formatRoute } from "../../route.ts";
import type { Opened } from "../../state.ts";
import { number, text } from "../../text.ts";
import { Growing } from "../common/Growing.tsx";
import { type Group, grouped, ordinalsOf, reasonsOf } from "./findings.ts";

interface FindingGroupsProps {
	shown: Opened;
	found: readonly Finding[];
	by: "definition" | "code";
	checks: readonly Check[];
}

/** How many groups are drawn at once: those of a check may have thousands of findings. */
const step = 60;

/** How many findings of a group are drawn at once. */
const inGroup = 40;

/** The findings under the definition or the check that they are of. */
export const FindingGroups = memo(({ shown, found, by, checks }: FindingGroupsProps) => {
	const groups = useMemo(() => grouped(found, by), [found, by]);
	const reasons = useMemo(() => reasonsOf(checks), [checks]);
	const ordinals = useMemo(() => ordinalsOf(shown.lists), [shown]);
	const drawn = { source: shown.source.id, by, reasons, ordinals };
	return (
		<Growing
			items={groups}
			step={step}
			draw={(some) => (
				<ol class="groups">
					{some.map((group) => (
						<GroupView key={group.key} group={group} {...drawn} />
					))}
				</ol>
			)}
		/>
	);
});

interface Drawn {
	source: string;
	by: "definition" | "code";
	reasons: Map<string, string>;
	ordinals: Map<string, number>;
}

function GroupView({ group, ...drawn }: Drawn & { group: Group }) {
	const [first] = group.findings;
	if (!first) return null;
	const { by, reasons } = drawn;
	return (
		<li data-key={group.key}>
			<h2>
				{by === "code" ? (
					<>
						<SeverityMark of={first.severity} /> <code>{first.code}</code>{" "}
						<span class="count">{number(group.findings.length)}</span>
					</>
				) : (
					<Subject {...drawn} finding={first} />
				)}
			</h2>
			{by === "code" && <p class="why">{reasons.get(first.code)}</p>}
			<Growing
				items={group.findings}
				step={inGroup}
				draw={(some) => (
					<ul class="findings">
						{some.map((finding) => (
							<FindingView
								key={`${finding.code} ${finding.oid} ${finding.field} ${finding.message}`}
								{...drawn}
								of={finding}
							/>
						))}
					</ul>
				)}
			/>
		</li>
	);
}

function FindingView({ of, ...drawn }: Drawn & { of: Finding }) {
	const { by, reasons } = drawn;
	return (
		<li data-code={of.code} data-severity={of.severity}>
			{by === "code" ? (
				<p>
					<Subject {...drawn} finding={of} />: {of.message}
				</p>
			) : (
				<>
					<p>
						<SeverityMark of={of.severity} /> {of.message} <code class="muted">{of.code}</code>
					</p>
					<p class="why">{reasons.get(of.code)}</p>
				</>
			)}
		</li>
	);
}

/** What a finding is about, as a link to it. */
function Subject({ source, ordinals, finding }: Drawn & { finding: Finding }) {
	const { collection, definition = "", oid = "", raw } = finding;
	const name = definition || oid;
	const kind = <span class="muted kind">{text.collections[collection].one}</span>;
	if (!name)
		return raw ? (
			<>
				<code class="raw">{raw}</code> {kind}
			</>
		) : (
			<span>{text.collections[collection].many}</span>
		);
	const ordinal = ordinals.get(`${collection} ${name} ${oid}`);
	return (
		<>
			<a href={formatRoute({ view: "definition", source, collection, name, ordinal })}>{name}</a> {kind}
		</>
	);
}

const marks: Record<Severity, IconName> = { error: "warning", warning: "warning", info: "syntax" };

function SeverityMark({ of }: { of: Severity }) {
	return (
		<span class="badge severity" data-severity={of}>
			<Icon name={marks[of]} /> {text.lint.severities[of]}
		</span>
	);
}
