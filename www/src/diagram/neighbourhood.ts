import type { Definition, Item, Ref, Schema } from "ldapedge";
import { definitionsOf } from "../lists.ts";
import { text } from "../text.ts";

/** A definition in a diagram. */
export interface Neighbour {
	ref: Ref;
	/** What stands below its name: the kind of a class. */
	note: string;
	/** The attributes that a class names itself, if they are known. */
	must: Ref[];
	may: Ref[];
}

/** A definition with what it is derived from or depends on, and with what is derived from it. */
export interface Neighbourhood {
	here: Neighbour;
	above: Neighbour[];
	below: Neighbour[];
	/** Who is right above whom, of here and above. Those below are all right below here. */
	edges: [upper: Neighbour, lower: Neighbour][];
	/** Whether what is above is inherited from. */
	inherits: boolean;
}

/** What is above and below a definition; undefined for kinds that have no neighbours. */
export function neighboursOf({ class: c, attribute, structureRule, contentRule, nameForm }: Definition) {
	if (c) {
		const undefinedOnes = c.sup.filter(({ known }) => !known);
		return { above: [...c.superclasses, ...undefinedOnes], below: c.subclasses, inherits: true };
	}
	if (attribute) return { above: attribute.supertypes, below: attribute.subtypes, inherits: true };
	if (structureRule) return { above: structureRule.sup, below: structureRule.subordinates, inherits: false };
	if (contentRule) return { above: [contentRule.class], below: contentRule.aux, inherits: false };
	if (nameForm) return { above: nameForm.oc ? [nameForm.oc] : [], below: nameForm.structureRules, inherits: false };
	return undefined;
}

/** Gathers a definition's neighbourhood; what is above it is asked for. */
export async function neighbourhood(schema: Schema, definition: Definition): Promise<Neighbourhood> {
	const neighbours = neighboursOf(definition) ?? { above: [], below: [], inherits: false };
	const { inherits } = neighbours;
	const { collection, name, ordinal, desc } = definition;
	const ref: Ref = { collection, name, known: true, ...(ordinal && { ordinal }), ...(desc && { desc }) };
	const here = { definition, neighbour: known(ref, definition) };
	const above = await Promise.all(
		neighbours.above.map(async (ref) => {
			const found = ref.known ? await schema.definition(ref.collection, ref.name, { ordinal: ref.ordinal }) : undefined;
			return { definition: found, neighbour: found ? known(ref, found) : unknown(ref) };
		}),
	);
	const items = itemsOf(schema, neighbours.below[0]?.collection);
	return {
		here: here.neighbour,
		above: above.map(({ neighbour }) => neighbour),
		below: neighbours.below.map((ref) => listed(ref, items)),
		edges: inherits ? inheritance([here, ...above]) : above.map(({ neighbour }) => [neighbour, here.neighbour]),
		inherits,
	};
}

interface Found {
	definition: Definition | undefined;
	neighbour: Neighbour;
}

function known(ref: Ref, { class: c }: Definition): Neighbour {
	const own = (all: Ref[]) => all.filter((one) => !("from" in one));
	return { ref, note: c ? text.kinds[c.kind] : "", must: own(c?.must ?? []), may: own(c?.may ?? []) };
}

const unknown = (ref: Ref): Neighbour => ({
	ref,
	note: ref.known ? "" : text.definition.notDefined,
	must: [],
	may: [],
});

/** A neighbour of which the list of its collection says enough. */
function listed(ref: Ref, items: Map<string, Item>): Neighbour {
	const kind = items.get(keyOf(ref))?.kind;
	return { ...unknown(ref), ...(kind && { note: text.kinds[kind] }) };
}

function itemsOf({ summary }: Schema, collection: Ref["collection"] | undefined): Map<string, Item> {
	return new Map(collection && definitionsOf(summary, collection).map((item) => [keyOf(item), item]));
}

const keyOf = ({ name, ordinal = 1 }: Pick<Item, "name" | "ordinal">) => `${name.toLowerCase()} ${ordinal}`;

/** Who names whom in SUP. A name stands for the first definition that has it. */
function inheritance(all: Found[]): [Neighbour, Neighbour][] {
	const byName = new Map<string, Neighbour>();
	for (const { definition, neighbour } of all)
		for (const name of [...(definition?.names ?? []), definition?.oid ?? "", neighbour.ref.name])
			if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), neighbour);
	return all.flatMap(({ definition, neighbour }) =>
		supsOf(definition).flatMap((sup): [Neighbour, Neighbour][] => {
			const upper = byName.get(sup.name.toLowerCase());
			return upper && upper !== neighbour ? [[upper, neighbour]] : [];
		}),
	);
}

function supsOf(definition: Definition | undefined): Ref[] {
	const sup = definition?.attribute?.sup;
	return sup ? [sup] : (definition?.class?.sup ?? []);
}
