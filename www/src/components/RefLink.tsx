import type { Ref } from "ldapedge";
import { useState } from "preact/hooks";
import { formatRoute } from "../route.ts";
import { text } from "../text.ts";

interface RefLinkProps {
	source: string;
	to: Ref;
	/** What stands in place of the name. */
	label?: string;
	/** Whether it stands for an attribute of a class. */
	attribute?: boolean;
}

/** A name within a definition, as a link to what it names, if the schema has that. */
export function RefLink({ source, to: { collection, name, desc, known, ordinal }, label, attribute }: RefLinkProps) {
	const mark = attribute ? name : undefined;
	if (!known)
		return (
			<span class="unknown" data-attribute={mark}>
				{label ?? name} <small>{text.definition.notDefined}</small>
			</span>
		);
	return (
		<a href={formatRoute({ view: "definition", source, collection, name, ordinal })} title={desc} data-attribute={mark}>
			{label ?? name}
			<Ordinal of={ordinal} />
		</a>
	);
}

/** Which of the definitions with a name it is, where it is not the first. */
export function Ordinal({ of }: { of: number | undefined }) {
	return of === undefined ? null : <small class="ordinal"> {text.definition.ordinal(of)}</small>;
}

/** How many names stand in a row before the rest is folded. */
const fold = 24;

/** Names in a row. */
export function RefLinks({ source, to }: { source: string; to: Ref[] }) {
	const [all, setAll] = useState(false);
	if (to.length === 0) return <span class="muted">{text.definition.none}</span>;
	const folded = !all && to.length > fold;
	return (
		<ul class="names">
			{(folded ? to.slice(0, fold) : to).map((ref) => (
				<li key={`${ref.name} ${ref.ordinal}`}>
					<RefLink source={source} to={ref} />
				</li>
			))}
			{folded && (
				<li>
					<button type="button" class="plain" onClick={() => setAll(true)}>
						{text.definition.all(to.length)}
					</button>
				</li>
			)}
		</ul>
	);
}
