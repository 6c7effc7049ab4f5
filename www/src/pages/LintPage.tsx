import { type Check, type Collection, type Finding, lintChecks, type Schema, type Severity } from "ldapedge";
import { useMemo } from "preact/hooks";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import type { Parameters } from "../parameters.ts";
import { labelOf } from "../sources.ts";
import { type Opened, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { FacetFilter } from "./common/FacetFilter.tsx";
import { choicesOf, passing, toggled } from "./common/facets.ts";
import { type Output, Outputs } from "./common/Outputs.tsx";
import type { PageProps } from "./index.tsx";
import { FindingGroups } from "./lint/FindingGroups.tsx";
import { codeFacet, kindFacet, lintFacets, severityFacet, textOf } from "./lint/findings.ts";
import "./common/common.css";
import { Switch } from "./common/Switch.tsx";
import { useAnswer } from "./common/useAnswer.ts";
import { usePageParameters } from "./common/usePageParameters.ts";
import "./lint/lint.css";

const ways = ["definition", "code"] as const;

const filters = [
	{
		facet: severityFacet,
		label: text.lint.severity,
		word: (value: string) => text.lint.severities[value as Severity],
	},
	{ facet: kindFacet, label: text.lint.kind, word: (value: string) => text.collections[value as Collection].many },
	{ facet: codeFacet, label: text.lint.code, word: (value: string) => value, folded: true },
];

/** What is wrong with a schema: filtered, grouped, explained, and to take along. */
export default function LintPage({ route, state }: PageProps) {
	const shown = shownFor(state);
	const schema = shown?.schema;
	const { value, failure } = useAnswer(schema && ((signal) => check(schema, signal)), [schema]);
	const [chosen, change] = usePageParameters(route);
	if (failure) return <ErrorPanel failure={failure} />;
	return (
		<div class="lint" aria-busy={!value}>
			{/* The heading stays when the findings come, and the focus with it. */}
			<h1 tabIndex={-1}>{value ? text.lint.title(value.findings.length) : text.pages.names.lint}</h1>
			<p class="desc" role="status">
				{!value ? text.lint.checking : value.findings.length > 0 ? text.lint.explain : text.lint.none}
			</p>
			{!value && <progress aria-label={text.lint.checking} />}
			{value && shown && value.findings.length > 0 && (
				<Findings {...value} shown={shown} chosen={chosen} onChange={change} />
			)}
		</div>
	);
}

interface FindingsProps extends Checked {
	shown: Opened;
	chosen: Parameters;
	onChange: (changes: Parameters) => void;
}

/** The findings that pass the filters. */
function Findings({ findings, checks, shown, chosen, onChange }: FindingsProps) {
	const found = useMemo(() => passing(findings, lintFacets, chosen), [findings, chosen]);
	const by = chosen.by?.[0] === "code" ? "code" : "definition";
	return (
		<>
			<div class="filters-row">
				{filters.map(({ facet, ...filter }) => (
					<FacetFilter
						key={facet.name}
						{...filter}
						choices={choicesOf(findings, lintFacets, chosen, facet)}
						onToggle={(choice) => onChange(toggled(chosen, choice))}
					/>
				))}
				<Switch
					label={text.lint.group}
					values={ways}
					chosen={by}
					word={(way) => text.lint.by[way]}
					onChange={(way) => onChange({ by: way === "code" ? [way] : [] })}
				/>
			</div>
			<div class="found-row">
				<p role="status">{text.lint.shown(found.length, findings.length)}</p>
				<Outputs outputs={outputsOf(found, labelOf(shown.source))} />
			</div>
			<FindingGroups shown={shown} found={found} by={by} checks={checks} />
			{found.length === 0 && <p class="muted">{text.pages.nothing}</p>}
		</>
	);
}

interface Checked {
	findings: Finding[];
	checks: Check[];
}

async function check(schema: Schema, signal: AbortSignal): Promise<Checked> {
	const [findings, checks] = await Promise.all([schema.lint({ signal }), lintChecks({ signal })]);
	return { findings, checks };
}

function outputsOf(found: readonly Finding[], name: string): Output[] {
	return [
		{
			label: text.lint.json,
			file: `${name}-lint.json`,
			type: "application/json",
			content: () => `${JSON.stringify(found, null, "\t")}\n`,
		},
		{ label: text.lint.text, file: `${name}-lint.txt`, type: "text/plain", content: () => textOf(found) },
	];
}
