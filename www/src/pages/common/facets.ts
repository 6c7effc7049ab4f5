/** What a list can be filtered by, how many there are of each, and what passes. */
import type { Parameters } from "../../parameters.ts";

export interface Facet<T> {
	/** The name of the address's parameter. */
	name: string;
	/** What of it something has. */
	pick: (item: T) => string;
	/** The order in which values are offered. Default: the most frequent first. */
	order?: readonly string[];
}

export interface Choice {
	facet: string;
	value: string;
	/** How many have it of those that pass the other facets. */
	count: number;
	chosen: boolean;
}

/** What passes all facets: each has one of the values that are chosen, or none are. One can be left out. */
export function passing<T>(items: readonly T[], facets: readonly Facet<T>[], chosen: Parameters, except = ""): T[] {
	const filters = facets.filter(({ name }) => name !== except && chosen[name]?.length);
	return items.filter((item) => filters.every(({ name, pick }) => chosen[name]?.includes(pick(item))));
}

/** The values of a facet. */
export function choicesOf<T>(
	items: readonly T[],
	facets: readonly Facet<T>[],
	chosen: Parameters,
	{ name, pick, order }: Facet<T>,
): Choice[] {
	const total = countBy(items, pick);
	const counts = countBy(passing(items, facets, chosen, name), pick);
	const values = order?.filter((value) => total.has(value)) ?? [...total.keys()].sort(byFrequency(total));
	return values.map((value) => ({
		facet: name,
		value,
		count: counts.get(value) ?? 0,
		chosen: chosen[name]?.includes(value) ?? false,
	}));
}

/** Chooses a value, or no longer. */
export function toggled(chosen: Parameters, { facet, value }: Pick<Choice, "facet" | "value">): Parameters {
	const before = chosen[facet] ?? [];
	return { [facet]: before.includes(value) ? before.filter((other) => other !== value) : [...before, value] };
}

function countBy<T>(items: readonly T[], pick: (item: T) => string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const item of items) counts.set(pick(item), (counts.get(pick(item)) ?? 0) + 1);
	return counts;
}

function byFrequency(total: Map<string, number>) {
	return (a: string, b: string) => (total.get(b) ?? 0) - (total.get(a) ?? 0) || (a < b ? -1 : 1);
}
