// The TypeScript, read by the compiler together with entries of each class: all are compiled in one go, and what it
// refuses is what it is to refuse, line by line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { notRight, personOf } from "./people.mjs";
import { folder, sample, samples, schemas, sets, wrong } from "./written.mjs";

/** @typedef {import("./written.mjs").Attribute} Attribute */

/** A module of entries that has, for each line that is to be refused, the error's code. */
class Module {
	/** @type {string[]} */
	lines = [];
	/** @type {string[]} */
	errors = [];
	/** @param {string} file */
	constructor(file) {
		this.file = file;
	}

	/** @param {string} line @param {string} [code] */
	add(line, code) {
		this.lines.push(line);
		if (code) this.errors.push(`${this.file}(${this.lines.length}) ${code}`);
	}

	/**
	 * An entry in one line.
	 * @param {string} type @param {Record<string, unknown>} entry @param {string} [code]
	 */
	entry(type, entry, code) {
		this.add(`export const entry${this.lines.length}: ${type} = ${JSON.stringify(entry)};`, code);
	}

	/**
	 * An entry that has wrong values, each in a line of its own.
	 * @param {string} type @param {Record<string, unknown>} right @param {Attribute[]} attributes
	 */
	wrongValues(type, right, attributes) {
		const rest = Object.entries(right).filter(([name]) => !attributes.some((a) => a.name === name));
		this.add(`export const entry${this.lines.length}: ${type} = {`);
		for (const [name, value] of rest) this.add(`${JSON.stringify(name)}: ${JSON.stringify(value)},`);
		for (const a of attributes) this.add(`${JSON.stringify(a.name)}: ${JSON.stringify(wrong(a))},`, "TS2322");
		this.add("};");
	}
}

/**
 * The interface of what a file describes: its last.
 * @param {typeof schemas[0]} schema @param {number} i
 */
const interfaceOf = (schema, i) => [...schema.read(`${i}.ts`).matchAll(/^export interface (\w+)/gm)].at(-1)?.[1];

/** @param {typeof schemas[0]} schema */
function check(schema) {
	const module = new Module(`${schema.name}/check.ts`);
	for (const [i, classes] of schema.entries.entries()) {
		const type = `Type${i}`;
		module.add(`import type { ${interfaceOf(schema, i)} as ${type} } from "./${i}.js";`);
		const { must, may, not, any, own } = schema.entry(classes);
		const least = samples(must);
		module.entry(type, samples([...must, ...may]));
		module.entry(type, least);
		module.entry(type, { ...least, "x;lang-de": 1 });
		module.entry(type, { ...least, noSuch: 1 }, any ? "" : "TS2353");
		for (const a of must.slice(0, 1)) {
			const { [a.name]: _, ...rest } = least;
			module.entry(type, rest, "TS2741");
		}
		for (const a of not) module.entry(type, { ...least, [a.name]: sample(a) }, "TS2322");
		module.wrongValues(
			type,
			least,
			own.filter((a) => a.known),
		);
		if (sets.includes(schema.name) && classes.length === 1 && classes[0] === "inetOrgPerson") {
			const person = personOf(schema.name);
			module.entry(type, person);
			for (const { entry, code } of notRight(person)) module.entry(type, entry, code);
		}
	}
	return module;
}

/** The errors of the compiler, by file, line and code. */
async function compile() {
	const config = {
		compilerOptions: { target: "ES2022", module: "NodeNext", strict: true, noEmit: true, types: [] },
		include: ["*/*.ts"],
	};
	await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
	const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
	const { stdout, stderr } = await promisify(execFile)(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
		cwd: folder,
		maxBuffer: 1 << 26,
	}).catch((error) => error); // it fails, as it is to
	assert.equal(stderr, "");
	/** @type {Map<string, string>} */
	const errors = new Map();
	for (const [text, file, line, code] of stdout.matchAll(/^(\S+\.ts)\((\d+),\d+\): error (TS\d+).*/gm))
		errors.set(`${file}(${line}) ${code}`, text.slice(0, 500));
	return errors;
}

test("all classes", { timeout: 300_000 }, async () => {
	const modules = schemas.map(check);
	for (const m of modules) await writeFile(join(folder, m.file), `${m.lines.join("\n")}\n`);
	const errors = await compile();
	const wanted = new Set(modules.flatMap((m) => m.errors));
	const refused = [...errors].filter(([place]) => !wanted.has(place)).map(([, text]) => text);
	assert.deepEqual(refused.slice(0, 10), [], `${refused.length} errors are not wanted`);
	const accepted = [...wanted].filter((place) => !errors.has(place));
	assert.deepEqual(accepted.slice(0, 10), [], `${accepted.length} errors are missing`);
	for (const m of modules) console.log(`${m.file}: ${m.lines.length} lines, ${m.errors.length} of them refused`);
});
