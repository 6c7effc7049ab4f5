/** The differences of two schemas, as the page lists, filters and writes them. */
import type { Change, Collection, Difference, Effect } from "ldapedge";
import type { Parameters } from "../../parameters.ts";
import { text } from "../../text.ts";
import type { Facet } from "../common/facets.ts";

export const effects = ["breaking", "compatible", "cosmetic"] as const satisfies Effect[];

/** A definition that is not alike in both schemas. */
export interface Entry {
	collection: Collection;
	/** Whether the second schema alone has it, the first alone, or both. */
	what: "added" | "removed" | "changed";
	name: string;
	oid: string;
	effect: Effect;
	/** Of what one schema alone has. */
	reason?: string;
	rawFrom?: string;
	rawTo?: string;
	changes: readonly Change[];
}

/** All that differs, what breaks first, and of each effect what is gone before what is new. */
export function entriesOf({ collections }: Difference): Entry[] {
	const all = collections.flatMap(({ name: collection, added, removed, changed }): Entry[] => [
		...removed.map(({ raw, ...one }): Entry => ({ ...one, collection, what: "removed", rawFrom: raw, changes: [] })),
		...changed.map((one): Entry => ({ ...one, collection, what: "changed" })),
		...added.map(({ raw, ...one }): Entry => ({ ...one, collection, what: "added", rawTo: raw, changes: [] })),
	]);
	return all.sort((a, b) => effects.indexOf(a.effect) - effects.indexOf(b.effect));
}

export const effectFacet: Facet<Entry> = { name: "effect", pick: ({ effect }) => effect, order: effects };
export const whatFacet: Facet<Entry> = {
	name: "what",
	pick: ({ what }) => what,
	order: ["removed", "changed", "added"],
};
export const kindFacet: Facet<Entry> = { name: "kind", pick: ({ collection }) => collection };

export const diffFacets = [effectFacet, whatFacet, kindFacet];

/** What is compared, as the address has it. */
export function optionsOf(parameters: Parameters) {
	const ignored = parameters.ignore ?? [];
	return {
		ignoreDescriptions: ignored.includes("desc"),
		ignoreExtensions: ignored.includes("ext"),
		order: parameters.order !== undefined,
		ignorePrefixes: parameters.prefix ?? [],
		ignoreOrigins: parameters.origin ?? [],
	};
}

/** The differences as Markdown: a heading for each effect, a definition with its changes below. */
export function markdownOf(entries: readonly Entry[], from: string, to: string): string {
	const lines = [`# ${text.diff.titleOf(from, to)}`, ""];
	for (const effect of effects) {
		const some = entries.filter((entry) => entry.effect === effect);
		if (some.length === 0) continue;
		lines.push(`## ${text.diff.effects[effect]} (${some.length})`, "");
		for (const entry of some) lines.push(...markdownEntry(entry));
		lines.push("");
	}
	return lines.join("\n");
}

function markdownEntry({ collection, name, oid, what, reason, changes }: Entry): string[] {
	const head = `- ${text.collections[collection].one} ${code(name)}${oid && oid !== name ? ` (${oid})` : ""}: ${text.diff.whats[what]}`;
	if (reason) return [`${head}; ${reason}`];
	return [head, ...changes.map((change) => `  - ${change.field}: ${written(change)}; ${change.reason}`)];
}

function written({ kind, from, to }: Change): string {
	const values = (all: string[]) => all.map(code).join(", ") || "–";
	if (kind === "added") return `+ ${values(to)}`;
	if (kind === "removed") return `- ${values(from)}`;
	return `${values(from)} → ${values(to)}`;
}

/** A value as Markdown's code, with as many backticks around as it takes. */
function code(value: string): string {
	const runs = value.match(/`+/g)?.map((run) => run.length) ?? [];
	const fence = "`".repeat(Math.max(0, ...runs) + 1);
	const pad = runs.length > 0 ? " " : "";
	return `${fence}${pad}${value.replaceAll(/\s+/g, " ")}${pad}${fence}`;
}
