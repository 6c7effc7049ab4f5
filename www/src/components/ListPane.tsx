import { useRef } from "preact/hooks";
import { isFiltering } from "../filters.ts";
import { linesOf } from "../lines.ts";
import { formatRoute } from "../route.ts";
import { listedFor, type State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Filters } from "./Filters.tsx";
import { Rows } from "./Rows.tsx";
import { Tabs } from "./Tabs.tsx";

/** The pane on the left: a collection of definitions, or what a search has found. */
export function ListPane({ state }: { state: State }) {
	const { listing } = state;
	const listed = listedFor(state);
	const source = state.route?.source ?? "";
	const searching = listing.query !== "";
	const what = searching ? text.list.results : text.collections[listing.collection].many;
	const panel = useRef<HTMLDivElement>(null);
	return (
		<nav class="list" aria-label={text.list.label}>
			{/* Where there is room for one pane, the list is the page. */}
			<h1 class="unseen">{what}</h1>
			<Tabs
				source={source}
				summary={listed?.summary}
				selected={searching ? undefined : listing.collection}
				tree={listing.tree}
			/>
			<Filters state={state} />
			<div class="panel" id="panel" role="tabpanel" ref={panel} aria-label={what}>
				{listed && <Rows state={state} scroller={panel} label={what} />}
			</div>
			<Foot state={state} />
		</nav>
	);
}

/** Below the list: how much a search has found, and what is wrong with the schema. */
function Foot({ state }: { state: State }) {
	const viewer = useViewer();
	const problems = listedFor(state)?.summary.problems.length ?? 0;
	return (
		<div class="foot">
			<span role="status">{foundOf(state)}</span>
			{problems > 0 && state.route && (
				<a id="problems-link" href={formatRoute({ view: "problems", source: state.route.source })}>
					{text.list.problems(problems)}
				</a>
			)}
			<button type="button" class="plain" aria-keyshortcuts="?" onClick={() => viewer.setDialog("keys")}>
				{text.list.keys}
			</button>
		</div>
	);
}

/** How many there are of what is searched for, or pass the filters. */
function foundOf(state: State): string {
	const { lines, all, shape } = linesOf(state);
	if (shape === "search") return text.list.found(all.length, lines.length);
	if (!isFiltering(state.listing.filters)) return "";
	return text.list.passing(all.length, lines.filter(({ place }) => !place?.context).length);
}
