/** What is selected to be exported, as the address keeps it: names by collection, or all of one. */
import type { Collection, Item, Selected } from "ldapedge";
import type { Lists } from "../../lists.ts";
import type { Parameters } from "../../parameters.ts";
import { collections } from "../../route.ts";

/** Stands for all of a collection. No definition has the name. */
const all = "*";

/** How a definition is named in the address: by its OID where others have the name too. */
export function keyOf({ name, oid, ordinal }: Item): string {
	return ordinal ? oid : name;
}

export class Selection {
	readonly #keys: Map<Collection, Set<string>>;

	constructor(keys: Iterable<[Collection, Iterable<string>]>) {
		this.#keys = new Map([...keys].map(([collection, some]) => [collection, new Set(some)]));
	}

	static read(parameters: Parameters): Selection {
		return new Selection(collections.map((collection) => [collection, parameters[collection] ?? []]));
	}

	/** The parameters that it is written as, of all collections. */
	written(lists: Lists): Parameters {
		return Object.fromEntries(
			collections.map((collection) => {
				const keys = this.#keys.get(collection) ?? new Set();
				const whole = keys.size > 1 && this.count(collection, lists) === lists[collection].length;
				return [collection, whole ? [all] : [...keys]] as const;
			}),
		);
	}

	has(collection: Collection, item: Item): boolean {
		const keys = this.#keys.get(collection);
		return keys !== undefined && (keys.has(all) || keys.has(keyOf(item)));
	}

	/** How many are selected of a collection. */
	count(collection: Collection, lists: Lists): number {
		return lists[collection].filter((item) => this.has(collection, item)).length;
	}

	total(lists: Lists): number {
		return collections.reduce((sum, collection) => sum + this.count(collection, lists), 0);
	}

	/** What the package is asked for. */
	selected(lists: Lists): Selected[] {
		return collections.flatMap((collection) =>
			lists[collection].filter((item) => this.has(collection, item)).map((item) => ({ collection, name: keyOf(item) })),
		);
	}

	/** The same with some definitions, or without them. */
	with(some: readonly Entry[], selected: boolean, lists: Lists): Selection {
		const next = new Map(
			collections.map((collection) => [
				collection,
				new Set(lists[collection].filter((item) => this.has(collection, item)).map(keyOf)),
			]),
		);
		for (const { collection, item } of some)
			if (selected) next.get(collection)?.add(keyOf(item));
			else next.get(collection)?.delete(keyOf(item));
		return new Selection(next);
	}
}

/** A definition that can be selected. */
export interface Entry {
	collection: Collection;
	item: Item;
}
