import type { Definition } from "ldapedge";
import { useLayoutEffect, useRef } from "preact/hooks";
import { formatRoute } from "../route.ts";
import { type State, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { CollectionRows, ResultRows } from "./Rows.tsx";
import { Tabs } from "./Tabs.tsx";

/** The pane on the left: a collection of definitions, or what a search has found. */
export function ListPane({ state }: { state: State }) {
	const { listing, results } = state;
	const shown = shownFor(state);
	const source = state.route?.source ?? "";
	const searching = listing.query !== "";
	const what = searching ? text.list.results : text.collections[listing.collection].many;
	const panel = useScrolling(`${source} ${listing.collection} ${searching}`, results, currentOf(state));
	return (
		<nav class="list" aria-label={text.list.label}>
			{/* Where there is room for one pane, the list is the page. */}
			<h1 class="unseen">{what}</h1>
			<Tabs source={source} lists={shown?.lists} selected={searching ? undefined : listing.collection} />
			<div class="panel" id="panel" role="tabpanel" ref={panel} aria-label={what}>
				<List state={state} />
			</div>
			<Foot state={state} />
		</nav>
	);
}

/** The rows. Until a search has its first results, they stay what they were. */
function List({ state }: { state: State }) {
	const { listing, results, route } = state;
	const shown = shownFor(state);
	if (!shown || !route) return null;
	const current = currentOf(state);
	if (listing.query !== "" && results) return <ResultRows source={route.source} results={results} current={current} />;
	const { collection } = listing;
	const items = shown.lists[collection];
	return <CollectionRows source={route.source} collection={collection} items={items} current={current} />;
}

/** The definition that is open. */
function currentOf({ route, detail }: State): Definition | undefined {
	return route?.view === "definition" ? detail?.definition : undefined;
}

/** Begins another list at its top, and brings the current definition into view. */
function useScrolling(list: string, results: State["results"], current: object | undefined) {
	const panel = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		panel.current?.scrollTo(0, 0);
	}, [list, results]);
	useLayoutEffect(() => {
		panel.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
	}, [list, results, current]);
	return panel;
}

/** Below the list: how much a search has found, and what is wrong with the schema. */
function Foot({ state }: { state: State }) {
	const viewer = useViewer();
	const { results, listing } = state;
	const problems = shownFor(state)?.schema.summary.problems.length ?? 0;
	const found = results && listing.query !== "" ? text.list.found(results.total, results.hits.length) : "";
	return (
		<div class="foot">
			<span role="status">{found}</span>
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
