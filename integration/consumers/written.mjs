// What the program "written" has written, and what must be in it: worked out here from the definitions once more.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const folder = fileURLToPath(new URL("../../.cache/written/", import.meta.url));

/**
 * @typedef {{oid?: string, names?: string[], sup?: string[], kind?: string, must?: string[], may?: string[], not?: string[],
 *   syntax?: string, length?: number, singleValue?: boolean}} Definition
 * @typedef {{name: string, known: boolean, single: boolean, type: "string" | "boolean" | "number", time: boolean, length: number}} Attribute
 */

/** @param {Definition} d */
const nameOf = (d) => d.names?.[0] ?? d.oid ?? "";

/** @param {Definition[]} definitions */
function index(definitions) {
	/** @type {Map<string, Definition>} */
	const byName = new Map();
	for (const d of definitions)
		for (const key of [...(d.names ?? []), d.oid ?? ""])
			if (!byName.has(key.toLowerCase())) byName.set(key.toLowerCase(), d);
	return (/** @type {string} */ name) => byName.get(name.toLowerCase());
}

/** The syntaxes whose values are not strings in JSON. @type {Record<string, "boolean" | "number">} */
const types = {
	"1.3.6.1.4.1.1466.115.121.1.7": "boolean",
	"1.3.6.1.4.1.1466.115.121.1.27": "number",
	"1.2.840.113556.1.4.906": "number",
	"2.16.840.1.113719.1.1.5.1.22": "number",
};
const generalizedTime = "1.3.6.1.4.1.1466.115.121.1.24";
const notForPeople = new Set([4, 5, 8, 9, 10, 23, 28, 40, 49].map((n) => `1.3.6.1.4.1.1466.115.121.1.${n}`));

/**
 * So many of a list, evenly from all of it.
 * @template T
 * @param {T[]} list @param {number} n
 */
const spread = (list, n) =>
	list.filter(
		(_, i) => Math.floor((i * n) / list.length) !== Math.floor(((i - 1) * n) / list.length) || n >= list.length,
	);

/** A schema of which all classes have been written. */
class Schema {
	/** @param {string} name */
	constructor(name) {
		this.name = name;
		const { schema, entries } = JSON.parse(readFileSync(this.file("schema.json"), "utf8"));
		/** @type {string[][]} */
		this.entries = entries;
		/** @type {Definition[]} */
		this.classes = schema.objectClasses;
		this.class = index(schema.objectClasses);
		this.type = index(schema.attributeTypes);
		this.rule = index(schema.dITContentRules);
	}

	/**
	 * Some of the classes, from all of the schema: those whose names have more than letters and digits, or 20 of them, and
	 * others to make 40 if there are as many. Each is a class and the number under which it has been written.
	 */
	some() {
		const all = this.entries.flatMap(([name = "", ...more], i) =>
			more.length > 0 || !this.class(name) ? [] : { name, i },
		);
		const special = spread(
			all.filter(({ name }) => /[^A-Za-z0-9]/.test(name)),
			20,
		);
		const others = all.filter(({ name }) => !/[^A-Za-z0-9]/.test(name));
		return [...special, ...spread(others, 40 - special.length)];
	}

	/** @param {string} name */
	file(name) {
		return join(folder, this.name, name);
	}

	/** @param {string} name */
	read(name) {
		return readFileSync(this.file(name), "utf8");
	}

	/**
	 * The direct superclasses that there are.
	 * @param {Definition} c
	 */
	sup(c) {
		return [...new Set((c.sup ?? []).flatMap((name) => this.class(name) ?? []))].filter((one) => one !== c);
	}

	/**
	 * Classes and all their superclasses.
	 * @param {Definition[]} classes
	 */
	lineage(classes) {
		const all = new Set(classes);
		for (const c of all) for (const sup of this.sup(c)) all.add(sup);
		return [...all];
	}

	/**
	 * The content rule of the structural class that is nobody's superclass.
	 * @param {Definition[]} lineage
	 */
	ruleOf(lineage) {
		const superior = new Set(lineage.flatMap((c) => this.lineage(this.sup(c))));
		const structural = lineage.find((c) => c.kind === "STRUCTURAL" && !superior.has(c));
		return structural?.oid ? this.rule(structural.oid) : undefined;
	}

	/**
	 * What an entry of the classes is to look like.
	 * @param {string[]} names
	 */
	entry(names) {
		const lineage = this.lineage(names.flatMap((name) => this.class(name) ?? []));
		const rule = this.ruleOf(lineage);
		const sources = rule ? [...lineage, rule] : lineage;
		const must = this.attributes(sources.flatMap((d) => d.must ?? []));
		const not = this.attributes(rule?.not ?? []);
		for (const name of must.keys()) not.delete(name);
		const may = this.attributes(sources.flatMap((d) => d.may ?? []));
		for (const name of [...must.keys(), ...not.keys()]) may.delete(name);
		const own = this.attributes(
			names.flatMap((name) => this.class(name) ?? []).flatMap((c) => [...(c.must ?? []), ...(c.may ?? [])]),
		);
		return {
			must: [...must.values()],
			may: [...may.values()],
			not: [...not.values()],
			/** Whether it may have any attribute. */
			any: lineage.some((c) => c.oid === "1.3.6.1.4.1.1466.101.120.111"),
			/** What the classes themselves bring: what they inherit is another's own. */
			own: [...own.values()].filter((a) => must.has(a.name) || may.has(a.name)),
		};
	}

	/**
	 * The attributes that have the names, by the names that they have in JSON.
	 * @param {string[]} names
	 */
	attributes(names) {
		return new Map(names.map((name) => this.attribute(name)).map((a) => [a.name, a]));
	}

	/**
	 * @param {string} name
	 * @returns {Attribute}
	 */
	attribute(name) {
		const type = this.type(name);
		if (!type) return { name, known: false, single: true, type: "string", time: false, length: 0 };
		/** @type {Definition | undefined} */
		let from = type;
		while (from && !from.syntax) from = this.type(from.sup?.[0] ?? "");
		const syntax = from?.syntax ?? "";
		const text = !types[syntax] && syntax !== generalizedTime && !notForPeople.has(syntax);
		return {
			name: nameOf(type),
			known: true,
			single: type.singleValue ?? false,
			type: types[syntax] ?? "string",
			time: syntax === generalizedTime,
			length: text ? (from?.length ?? 0) : 0,
		};
	}

	/**
	 * What is drawn of a class: it and its superclasses with their attributes, and its direct subclasses.
	 * @param {string} name
	 */
	drawing(name) {
		const full = this.lineage([this.class(name) ?? {}]);
		const drawn = [...new Set([...full, ...this.classes.filter((c) => full[0] && this.sup(c).includes(full[0]))])];
		/** @param {Definition} c */
		const members = (c) => [...(c.must ?? []).map((a) => `+${a}`), ...(c.may ?? []).map((a) => `○${a}`)];
		return {
			classes: drawn
				.map((c) => ({ name: nameOf(c), kind: c.kind ?? "", members: full.includes(c) ? members(c).sort() : [] }))
				.sort(byName),
			relations: drawn
				.flatMap((c) => this.sup(c).flatMap((sup) => (drawn.includes(sup) ? `${nameOf(sup)} <|-- ${nameOf(c)}` : [])))
				.sort(),
		};
	}
}

/**
 * @param {{name: string}} a
 * @param {{name: string}} b
 */
export const byName = (a, b) => (a.name < b.name ? -1 : 1);

export const schemas = readdirSync(folder, { withFileTypes: true })
	.filter((f) => f.isDirectory())
	.map((f) => new Schema(f.name));

/** The names of the pre-built schemas, all of which the tests are to meet. */
export const sets = [
	"AD_2012_R2",
	"AD_2016",
	"DS389_1_3_3",
	"DS389_2_3",
	"EDIR_8_8_8",
	"EDIR_9_1_4",
	"SLAPD_2_4",
	"SLAPD_2_5",
];

/**
 * A value that an attribute may have.
 * @param {Attribute} a
 */
export function sample(a) {
	const value = { string: a.time ? "2026-01-31T12:00:00Z" : "x", boolean: true, number: -7 }[a.type];
	return a.single ? value : [value];
}

/**
 * A value that it may not have, for its type or, if one value is what it has, for its number.
 * @param {Attribute} a
 */
export function wrong(a) {
	const value = a.type === "string" ? 5 : "x";
	return a.single ? value : [value];
}

/** @param {Attribute[]} attributes */
export const samples = (attributes) => Object.fromEntries(attributes.map((a) => [a.name, sample(a)]));
