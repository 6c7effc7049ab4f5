import type { Collection, Item, Summary } from "ldapedge";

// Numbers within names count as numbers, so that the OIDs of syntaxes come in their order.
const order = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** The definitions of each collection, sorted by name; a collection that the server does not publish is empty. */
export function sortedLists(summary: Summary): Record<Collection, Item[]> {
	const lists: Record<Collection, Item[]> = {
		objectClasses: [],
		attributeTypes: [],
		matchingRules: [],
		ldapSyntaxes: [],
		matchingRuleUse: [],
		dITContentRules: [],
		dITStructureRules: [],
		nameForms: [],
	};
	for (const { collection, definitions } of summary.collections)
		lists[collection] = definitions.toSorted((a, b) => order.compare(a.name, b.name));
	return lists;
}
