/** Filters of lists: what is chosen of each facet, how many there are of each, and what passes. */
import type { Item } from "ldapedge";

/** What definitions are filtered by; the names are those of the address's parameters. */
export const facets = ["kind", "usage", "origin", "obsolete", "unused"] as const;

export type Facet = (typeof facets)[number];

/** The values that are chosen of each facet: one of them must fit. A facet of which none is chosen does not filter. */
export type Filters = Partial<Record<Facet, readonly string[]>>;

export const noFilters: Filters = {};

/** A value of a facet. */
export interface Choice {
	facet: Facet;
	value: string;
	/** How many have it of those that pass the other facets. */
	count: number;
	chosen: boolean;
}

/** The values that a definition has of a facet. */
function valuesOf(facet: Facet, item: Item): readonly string[] {
	switch (facet) {
		case "kind":
			return item.kind ? [item.kind] : [];
		case "usage":
			return item.usage ? [item.usage === "userApplications" ? "user" : "operational"] : [];
		case "origin":
			return item.origin ?? [];
		default:
			return item[facet] ? ["yes"] : [];
	}
}

export function isFiltering(filters: Filters): boolean {
	return facets.some((facet) => filters[facet]?.length);
}

/** Whether a definition passes; one facet can be left out. */
export function passes(filters: Filters, item: Item, except?: Facet): boolean {
	return facets.every((facet) => {
		const chosen = filters[facet];
		return !chosen?.length || facet === except || valuesOf(facet, item).some((value) => chosen.includes(value));
	});
}

/** What can be chosen: values that some have and others do not, and those that are chosen. */
export function choicesOf(items: readonly Item[], filters: Filters): Choice[] {
	return facets.flatMap((facet) => {
		const total = count(items, facet);
		const passing = isFiltering(filters)
			? count(
					items.filter((item) => passes(filters, item, facet)),
					facet,
				)
			: total;
		const chosen = filters[facet] ?? [];
		return [...new Set([...total.keys(), ...chosen])]
			.map((value) => ({ facet, value, count: passing.get(value) ?? 0, chosen: chosen.includes(value) }))
			.filter((choice) => choice.chosen || (total.get(choice.value) ?? 0) < items.length)
			.sort((a, b) => (total.get(b.value) ?? 0) - (total.get(a.value) ?? 0) || (a.value < b.value ? -1 : 1));
	});
}

function count(items: readonly Item[], facet: Facet): Map<string, number> {
	const counts = new Map<string, number>();
	for (const item of items) {
		const values = valuesOf(facet, item);
		for (const value of values.length > 1 ? new Set(values) : values) counts.set(value, (counts.get(value) ?? 0) + 1);
	}
	return counts;
}

/** Chooses a value, or no longer. */
export function toggled(filters: Filters, { facet, value }: Pick<Choice, "facet" | "value">): Filters {
	const before = filters[facet] ?? [];
	const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
	return { ...filters, [facet]: after };
}

/** Reads the filters of an address. */
export function readFilters(parameters: URLSearchParams): Filters {
	return Object.fromEntries(
		facets.map((facet) => [facet, parameters.getAll(facet)] as const).filter(([, v]) => v.length),
	);
}

/** Adds the filters to the parameters of an address. */
export function writeFilters(parameters: URLSearchParams, filters: Filters): void {
	for (const facet of facets) for (const value of filters[facet] ?? []) parameters.append(facet, value);
}
