/** What the list shows, line by line. */
import type { Collection, Definition, Hit, Item } from "ldapedge";
import { isFiltering, passes } from "./filters.ts";
import { definitionsOf } from "./lists.ts";
import { type Listed, listedFor, type State } from "./state.ts";
import { type Forest, forestOf, type Place, placesOf } from "./tree.ts";

export interface Line {
	key: string;
	collection: Collection;
	item: Item;
	/** Of a search. */
	hit?: Hit;
	/** Of a tree. */
	place?: Place;
}

export interface Lines {
	lines: readonly Line[];
	/** The definitions before the filters. */
	all: readonly Item[];
	/** Another word for another list. */
	identity: string;
	/** Whether the lines are of a tree, of a search, or of a collection. */
	shape: "tree" | "search" | "list";
}

/** The collections whose definitions inherit. */
export const hasTree = (collection: Collection): boolean =>
	collection === "objectClasses" || collection === "attributeTypes";

/** The lines, worked out anew only when something of them has changed. */
export const linesOf = remembering((state: State): unknown[] => {
	const { listing, unfolded, route } = state;
	return [
		listedFor(state)?.lists,
		route?.source,
		listing.query ? state.results : listing.collection,
		listing.filters,
		listing.tree,
		unfolded,
	];
}, build);

/** A function of the state that keeps its last answer as long as what it takes of the state stays. */
function remembering<T>(taken: (state: State) => unknown[], make: (state: State) => T): (state: State) => T {
	let last: { from: unknown[]; made: T } | undefined;
	return (state) => {
		const from = taken(state);
		if (!last?.from.every((value, i) => value === from[i])) last = { from, made: make(state) };
		return last.made;
	};
}

function build(state: State): Lines {
	const { listing, results, route } = state;
	const { collection, filters } = listing;
	const listed = listedFor(state);
	const filtered = JSON.stringify(filters);
	if (!listed) return { lines: [], all: [], identity: "", shape: "list" };
	// Until a search has its first results, the list stays what it was.
	if (listing.query !== "" && results) {
		const hits = results.hits.filter((hit) => passes(filters, hit));
		const identity = `${route?.source} ${results.query} ${filtered}`;
		return {
			lines: hits.map((hit) => lineOf(hit.collection, hit, { hit })),
			all: results.hits,
			identity,
			shape: "search",
		};
	}
	const all = listed.lists[collection];
	const tree = listing.tree && hasTree(collection);
	const identity = `${route?.source} ${collection} ${tree} ${filtered}`;
	const passing = isFiltering(filters) ? all.filter((item) => passes(filters, item)) : all;
	if (!tree) return { lines: passing.map((item) => lineOf(collection, item)), all, identity, shape: "list" };
	const places = placesOf(forestFor(listed, collection), {
		passing: passing === all ? undefined : new Set(passing),
		unfolded: state.unfolded,
	});
	const lines = places.map((place) => ({ ...lineOf(collection, place.item, { place }), key: place.path }));
	return { lines, all, identity, shape: "tree" };
}

function lineOf(collection: Collection, item: Item, more?: Pick<Line, "hit" | "place">): Line {
	return { key: `${collection} ${item.name} ${item.ordinal ?? 1}`, collection, item, ...more };
}

const forests = new WeakMap<readonly Item[], Forest>();

/** The forest of a collection of the schema on the page. */
export function forestFor({ summary, lists }: Listed, collection: Collection): Forest {
	const sorted = lists[collection];
	const known = forests.get(sorted);
	if (known) return known;
	const forest = forestOf(definitionsOf(summary, collection), sorted);
	forests.set(sorted, forest);
	return forest;
}

/** The definition that is open. */
export function currentOf({ route, detail }: State): Definition | undefined {
	return route?.view === "definition" ? detail?.definition : undefined;
}

type Identified = Pick<Definition, "collection" | "name"> & { ordinal?: number | undefined };

export function isOf(line: Line, of: Identified | undefined): boolean {
	return (
		of?.collection === line.collection && of.name === line.item.name && (of.ordinal ?? 1) === (line.item.ordinal ?? 1)
	);
}

/** The line of the definition in the address, which may be on its way still, or of the one on the page; -1 if there is none. */
export function currentLine(state: State): number {
	const { lines } = linesOf(state);
	const { route } = state;
	const addressed = route?.view === "definition" ? lines.findIndex((line) => isOf(line, route)) : -1;
	return addressed >= 0 ? addressed : lines.findIndex((line) => isOf(line, currentOf(state)));
}
