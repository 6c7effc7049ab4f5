// The JSON Schemas, read by Ajv, which refuses what JSON Schema 2020-12 does not know.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { notRight, personOf } from "./people.mjs";
import { sample, samples, schemas, sets, wrong } from "./written.mjs";

/** @typedef {import("./written.mjs").Attribute} Attribute */
/** @typedef {ReturnType<typeof schemas[0]["entry"]>} Entry */

// Optimizing and messages take more than half of the time.
const ajv = new Ajv2020({
	strict: true,
	strictTypes: true,
	strictRequired: true,
	messages: false,
	code: { optimize: false },
});
formats.default(ajv);

/** @param {string} text */
function compile(text) {
	const validate = ajv.compile(JSON.parse(text));
	/** The keyword and the place of what is wrong with an entry. @param {unknown} entry */
	return (entry) => {
		if (validate(entry)) return "valid";
		const [error] = validate.errors ?? [];
		return `${error?.keyword} ${error?.params.missingProperty ?? error?.params.additionalProperty ?? error?.instancePath}`;
	};
}

/** @param {string} name */
const pointer = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * What the schema of an entry is to say of some entries.
 * @param {Entry} entry
 * @returns {Generator<[what: string, entry: Record<string, unknown>, answer: string]>}
 */
function* cases({ must, may, not, any, own }) {
	const least = samples(must);
	yield ["all attributes", samples([...must, ...may]), "valid"];
	yield ["no more than it must have", least, "valid"];
	yield ["an option", { ...least, "x;lang-de": 1 }, "valid"];
	yield ["an unknown attribute", { ...least, noSuch: ["x"] }, any ? "valid" : "additionalProperties noSuch"];
	for (const a of must) {
		const { [a.name]: _, ...rest } = least;
		yield [`without ${a.name}`, rest, `required ${a.name}`];
		if (a.known && !a.single) yield [`no ${a.name}`, { ...least, [a.name]: [] }, `minItems /${pointer(a.name)}`];
	}
	for (const a of not)
		yield [`precluded ${a.name}`, { ...least, [a.name]: sample(a) }, any ? "valid" : `additionalProperties ${a.name}`];
	for (const a of own) if (a.known) yield* valueCases(least, a);
}

/**
 * @param {Record<string, unknown>} least
 * @param {Attribute} a
 * @returns {Generator<[string, Record<string, unknown>, string]>}
 */
function* valueCases(least, a) {
	const place = `/${pointer(a.name)}`;
	const one = a.single ? place : `${place}/0`;
	/** @param {unknown} value */
	const entry = (value) => ({ ...least, [a.name]: value });
	/** @param {unknown} value */
	const values = (value) => entry(a.single ? value : [value]);
	yield [`${a.name} of another type`, entry(wrong(a)), `type ${one}`];
	yield [`another number of ${a.name}`, entry(a.single ? [sample(a)] : "x"), `type ${place}`];
	if (a.type === "number") yield [`${a.name} 1.5`, values(1.5), `type ${one}`];
	if (a.time) yield [`${a.name} in LDAP's form`, values("20260131120000Z"), `format ${one}`];
	if (a.length && a.length < 1e6) yield [`long ${a.name}`, values("x".repeat(a.length + 1)), `maxLength ${one}`];
	if (!a.single) yield [`${a.name} twice`, entry([sample(a), sample(a)].flat()), `uniqueItems ${place}`];
}

for (const schema of schemas)
	test(schema.name, () => {
		let count = 0;
		for (const [i, classes] of schema.entries.entries()) {
			const check = compile(schema.read(`${i}.schema.json`));
			for (const [what, entry, answer] of cases(schema.entry(classes))) {
				count++;
				if (check(entry) !== answer) assert.equal(check(entry), answer, `${classes.slice(0, 3)}: ${what}`);
			}
		}
		console.log(`${schema.name}: ${schema.entries.length} JSON Schemas, ${count} entries`);
	});

for (const set of sets)
	test(`a person of ${set}`, () => {
		const schema = schemas.find((s) => s.name === set);
		const i = schema?.entries.findIndex(([name]) => name === "inetOrgPerson");
		const check = compile(schema?.read(`${i}.schema.json`) ?? "");
		const person = personOf(set);
		assert.equal(check(person), "valid");
		for (const { what, entry, keyword } of notRight(person)) assert.equal(check(entry), keyword, what);
	});

test("every set is there", () => {
	assert.deepEqual(
		schemas.map((s) => s.name).filter((name) => name !== "odd"),
		sets,
	);
});
