/** Definitions below those that they inherit from. */
import type { Item } from "ldapedge";

export interface Forest {
	/** What is below nothing that the schema defines, and one of each circle. */
	roots: readonly Item[];
	children: ReadonlyMap<Item, readonly Item[]>;
	parents: ReadonlyMap<Item, readonly Item[]>;
}

/** A line of a tree; a class with several superclasses is on as many. */
export interface Place {
	item: Item;
	/** Tells it from the other lines, by what is above it. */
	path: string;
	/** From 1. */
	level: number;
	/** Its place among those that are below the same, from 1. */
	position: number;
	size: number;
	/** Whether what is below it is shown; undefined if nothing is. */
	open: boolean | undefined;
	/** Whether it does not pass the filters, and is there for what is below it. */
	context: boolean;
	parent: Place | undefined;
}

/** The most lines that are laid out: a schema with many superclasses for each class has any number of them. */
const most = 50_000;

/** Names within a path are apart by what no name has. */
const keyOf = ({ name, ordinal = 1 }: Item): string => `${name} ${ordinal}`;

const pathOf = (item: Item, above: string | undefined): string =>
	above === undefined ? keyOf(item) : `${above}/${keyOf(item)}`;

/** Finds out what is below what. The items are in the order of the server, to which numbers refer, and in that of the list. */
export function forestOf(definitions: readonly Item[], sorted: readonly Item[]): Forest {
	const children = new Map<Item, Item[]>();
	const parents = new Map<Item, Item[]>();
	for (const item of sorted)
		for (const number of new Set(item.sup)) {
			const sup = definitions[number];
			if (!sup) continue;
			add(children, sup, item);
			add(parents, item, sup);
		}
	const roots = sorted.filter((item) => !parents.has(item));
	const reached = new Set<Item>();
	for (const root of roots) reach(children, root, reached);
	for (const item of sorted)
		if (!reached.has(item)) {
			roots.push(item);
			reach(children, item, reached);
		}
	return { roots, children, parents };
}

function add(to: Map<Item, Item[]>, key: Item, item: Item): void {
	const all = to.get(key);
	if (all) all.push(item);
	else to.set(key, [item]);
}

/** Adds an item, and all that can be reached from it. */
function reach(next: ReadonlyMap<Item, readonly Item[]>, from: Item, reached: Set<Item>): void {
	const waiting = [from];
	for (let item = waiting.pop(); item; item = waiting.pop()) {
		if (reached.has(item)) continue;
		reached.add(item);
		waiting.push(...(next.get(item) ?? []));
	}
}

export interface TreeOptions {
	/** Which pass the filters; undefined is all. */
	passing: ReadonlySet<Item> | undefined;
	/** What the user has unfolded or folded, by path. */
	unfolded: ReadonlyMap<string, boolean>;
}

/** The lines of a tree that are not folded. Of what does not pass, what is above something that does is shown. */
export function placesOf(forest: Forest, { passing, unfolded }: TreeOptions): Place[] {
	const shown = passing && new Set<Item>();
	if (shown) for (const item of passing) reach(forest.parents, item, shown);
	const places: Place[] = [];
	const waiting = below(forest.roots, undefined, shown).reverse();
	for (let place = waiting.pop(); place && places.length < most; place = waiting.pop()) {
		const inside = below(forest.children.get(place.item) ?? [], place, shown);
		// Filters leave few: all that is found is to be seen.
		if (inside.length > 0) place.open = unfolded.get(place.path) ?? (passing !== undefined || place.level === 1);
		place.context = passing !== undefined && !passing.has(place.item);
		places.push(place);
		if (place.open) waiting.push(...inside.reverse());
	}
	return places;
}

function below(items: readonly Item[], parent: Place | undefined, shown: ReadonlySet<Item> | undefined): Place[] {
	const inside = items.filter((item) => (!shown || shown.has(item)) && !isAbove(parent, item));
	return inside.map((item, i) => ({
		item,
		path: pathOf(item, parent?.path),
		level: (parent?.level ?? 0) + 1,
		position: i + 1,
		size: inside.length,
		open: undefined,
		context: false,
		parent,
	}));
}

/** Whether an item is the place's or above it: circles end there. */
function isAbove(place: Place | undefined, item: Item): boolean {
	for (let at = place; at; at = at.parent) if (at.item === item) return true;
	return false;
}

/** The paths that are to be open for an item to be seen, at one of its places. */
export function pathsTo(forest: Forest, item: Item): string[] {
	const above: Item[] = [];
	for (let sup = forest.parents.get(item)?.[0]; sup && !above.includes(sup) && sup !== item; ) {
		above.unshift(sup);
		if (forest.roots.includes(sup)) break;
		sup = forest.parents.get(sup)?.[0];
	}
	const paths: string[] = [];
	for (const sup of above) paths.push(pathOf(sup, paths.at(-1)));
	return paths;
}
