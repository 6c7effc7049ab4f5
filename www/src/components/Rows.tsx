import type { Item } from "ldapedge";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { currentLine, currentOf, isOf, type Line, linesOf } from "../lines.ts";
import { formatRoute } from "../route.ts";
import type { Results, State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Marked } from "./Marked.tsx";
import { memo } from "./memo.ts";
import { Ordinal } from "./RefLink.tsx";
import { VirtualRows } from "./VirtualRows.tsx";

interface RowsProps {
	state: State;
	/** What scrolls. */
	scroller: RefObject<HTMLElement | null>;
	label: string;
}

/** The rows of the list, or why there are none. */
export function Rows({ state, scroller, label }: RowsProps) {
	const { listing, results } = state;
	const source = state.route?.source ?? "";
	const lines = linesOf(state);
	const current = currentOf(state);
	useRevealing(state);
	const searching = lines.shape === "search";
	if (lines.lines.length === 0) return <Nothing state={state} searching={searching} />;
	const marks = searching ? results?.marks : undefined;
	return (
		<VirtualRows
			lines={lines}
			current={currentLine(state)}
			scroller={scroller}
			label={label}
			marks={searching ? { "data-query": results?.query } : { "data-of": listing.collection }}
		>
			{(line, tabIndex) => (
				<Row source={source} line={line} current={isOf(line, current)} pieces={marks} tabIndex={tabIndex} />
			)}
		</VirtualRows>
	);
}

/** Why there are no rows, and what to do. */
function Nothing({ state, searching }: { state: State; searching: boolean }) {
	const viewer = useViewer();
	const { results, listing } = state;
	if (linesOf(state).all.length > 0)
		return (
			<div class="nothing">
				<p>{text.list.filteredOut}</p>
				<button type="button" class="plain" onClick={() => viewer.clearFilters()}>
					{text.list.clearFilters}
				</button>
			</div>
		);
	if (!searching || !results) return <p class="nothing">{text.list.empty(listing.collection)}</p>;
	return <NothingFound results={results} />;
}

function NothingFound({ results: { query, failure, unknown } }: { results: Results }) {
	if (failure) return <p class="nothing">{text.errors[failure.code].title}.</p>;
	return (
		<div class="nothing" data-query={query}>
			<p role={unknown ? "alert" : undefined}>{unknown ? text.list.unknown(unknown) : text.list.nothing}</p>
			<p>{text.list.narrowings}</p>
		</div>
	);
}

/** Opens the tree as far as the definition that has come onto the page. */
function useRevealing(state: State): void {
	const viewer = useViewer();
	const current = currentOf(state);
	const { shape } = linesOf(state);
	// Not whenever the tree changes: what the user closes stays closed.
	useLayoutEffect(() => {
		const here = current && state.listing.collection === current.collection;
		if (shape === "tree" && here && currentLine(state) < 0) viewer.reveal(current);
	}, [viewer, shape, current]);
}

interface RowProps {
	source: string;
	line: Line;
	current: boolean;
	/** What is to be marked of a result. */
	pieces: readonly string[] | undefined;
	tabIndex: 0 | -1;
}

const Row = memo(({ source, line, current, pieces, tabIndex }: RowProps) => {
	const { collection, item, hit, place } = line;
	const { name, ordinal } = item;
	return (
		<a
			class={place?.context ? "row context" : "row"}
			href={formatRoute({ view: "definition", source, collection, name, ordinal })}
			tabIndex={tabIndex}
			data-name={name}
			data-ordinal={ordinal}
			data-collection={collection}
			data-kind={item.kind}
			aria-current={current ? "page" : undefined}
			title={item.desc ? `${name}: ${item.desc}` : name}
			{...(place && treeItem(line))}
		>
			{place && <Twisty line={line} />}
			<span class={item.obsolete ? "name obsolete" : "name"}>
				{pieces ? <Marked text={name} pieces={pieces} /> : name}
				<Ordinal of={ordinal} />
				{hit?.also && (
					<small>
						{" "}
						<Marked text={hit.also} pieces={pieces ?? []} />
					</small>
				)}
			</span>
			<span class="oid">{pieces ? <Found line={line} pieces={pieces} /> : aside(item)}</span>
			<span class="kind">{hit ? text.collections[collection].short : kindOf(item)}</span>
		</a>
	);
});

/** What stands beside a name; an OID that is the name does not stand there twice. */
function aside({ name, oid, desc }: Item): string | undefined {
	return name === oid ? desc : oid;
}

/** What stands beside the name of a result: where it is the description that matches, that. */
function Found({ line: { item, hit }, pieces }: { line: Line; pieces: readonly string[] }) {
	if (hit?.inDesc && item.desc) return <Marked text={item.desc} pieces={pieces} cut />;
	return <Marked text={aside(item) ?? ""} pieces={pieces} />;
}

function treeItem({ place }: Line) {
	return {
		role: "treeitem",
		"aria-level": place?.level,
		"aria-setsize": place?.size,
		"aria-posinset": place?.position,
		"aria-expanded": place?.open,
		style: { "--level": Math.min(place?.level ?? 1, 12) },
	} as const;
}

/** Opens and closes what is below; by keyboard the arrows do so. */
function Twisty({ line: { place } }: { line: Line }) {
	const viewer = useViewer();
	if (place?.open === undefined) return <span class="twisty" />;
	return (
		<span
			class="twisty"
			aria-hidden="true"
			data-open={place.open}
			onClick={(event) => {
				event.preventDefault();
				viewer.setOpen(place.path, !place.open);
			}}
		/>
	);
}

/** The kind in a word. What is struck through is called obsolete, for those who do not see the stroke. */
function kindOf(item: Item): string {
	if (item.obsolete) return text.list.obsolete;
	if (item.kind) return text.kinds[item.kind];
	return item.usage ? text.usages[item.usage].short : "";
}
