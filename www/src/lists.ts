import type { Collection, Item, Summary } from "ldapedge";
import { collections } from "./route.ts";

// Numbers within names count as numbers, so that the OIDs of syntaxes come in their order.
const order = new Intl.Collator("en", { sensitivity: "base", numeric: true });

export type Lists = Readonly<Record<Collection, readonly Item[]>>;

/**
 * The definitions of each collection, sorted by name when they are first asked for; a collection that the server does not
 * publish is empty.
 */
export function sortedLists(summary: Summary): Lists {
	const lists = {} as Record<Collection, readonly Item[]>;
	for (const collection of collections) {
		let sorted: readonly Item[] | undefined;
		Object.defineProperty(lists, collection, {
			enumerable: true,
			get() {
				sorted ??= definitionsOf(summary, collection).toSorted((a, b) => order.compare(a.name, b.name));
				return sorted;
			},
		});
	}
	return lists;
}

/** The definitions of a collection in the order of the server. */
export function definitionsOf(summary: Summary, collection: Collection): readonly Item[] {
	return summary.collections.find((list) => list.collection === collection)?.definitions ?? [];
}
