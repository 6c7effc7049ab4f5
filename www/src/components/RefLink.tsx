import type { Ref } from "ldapedge";
import { useState } from "preact/hooks";
import { usePrinting } from "../printing.ts";
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
export function RefLink({ source, to: { collection, name, known, ordinal }, label, attribute }: RefLinkProps) {
	const mark = attribute ? name : undefined;
	if (!known)
		return (
			<span class="unknown" data-attribute={mark}>
				<bdi>{label ?? name}</bdi> <small>{text.definition.notDefined}</small>
			</span>
		);
	return (
		<a href={formatRoute({ view: "definition", source, collection, name, ordinal })} data-attribute={mark}>
			<bdi>{label ?? name}</bdi>
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

/** The first of many, and how to get the others. On paper all are there. */
export function useFolded<T>(all: T[]): { shown: T[]; folded: boolean; unfold: () => void } {
	const [open, setOpen] = useState(false);
	const printing = usePrinting();
	const folded = !open && !printing && all.length > fold;
	return { shown: folded ? all.slice(0, fold) : all, folded, unfold: () => setOpen(true) };
}

/** Names in a row. */
export function RefLinks({ source, to }: { source: string; to: Ref[] }) {
	const { shown, folded, unfold } = useFolded(to);
	if (to.length === 0) return <span class="muted">{text.definition.none}</span>;
	return (
		<ul class="names">
			{shown.map((ref) => (
				<li key={`${ref.collection} ${ref.name} ${ref.ordinal}`}>
					<RefLink source={source} to={ref} />
				</li>
			))}
			{folded && <UnfoldItem total={to.length} unfold={unfold} />}
		</ul>
	);
}

/** The last item of a list that is folded. */
export function UnfoldItem({ total, unfold }: { total: number; unfold: () => void }) {
	return (
		<li>
			<button type="button" class="plain" onClick={unfold}>
				{text.definition.all(total)}
			</button>
		</li>
	);
}
