// The PlantUML diagrams, read by Debian's PlantUML: what it makes of them as XMI, which has the classes and relations,
// and for names that would be markup what it draws.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { byName, folder, schemas } from "./written.mjs";

/** @param {string[]} args */
async function plantuml(...args) {
	const { stderr } = await promisify(execFile)("plantuml", ["-charset", "UTF-8", ...args], { maxBuffer: 1 << 26 });
	// Java says so when it is told where to find things.
	assert.equal(stderr.replace(/^Picked up .*\n/gm, ""), "");
}

/** @type {Record<string, string>} */
const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** @param {string} text */
const unescapeXML = (text) =>
	text.replace(/&(?:#(\d+)|(\w+));/g, (_, n, name) => (n ? String.fromCodePoint(Number(n)) : (entities[name] ?? "?")));

/** A text that PlantUML draws is without the numbers of characters; XMI has it as it is written. @param {string} text */
const drawn = (text) =>
	unescapeXML(text.replace(/<U\+([0-9A-F]+)>/g, (_, n) => String.fromCodePoint(Number.parseInt(n, 16)))).replace(
		/\u200b/g,
		"",
	);

/** The attributes of an XML tag. @param {string} tag */
const attributes = (tag) =>
	Object.fromEntries(
		[...tag.matchAll(/([\w.]+)="([^"]*)"/g)].map(([, name, value = ""]) => [name, unescapeXML(value)]),
	);

/** What PlantUML understands. @param {string} xmi */
function understood(xmi) {
	/** @type {Map<string, {name: string, kind: string, members: string[]}>} */
	const classes = new Map();
	/** @type {string[]} */
	const relations = [];
	let last = { name: "", kind: "", members: /** @type {string[]} */ ([]) };
	for (const [tag, what] of xmi.matchAll(/<UML:(Class|Stereotype|Attribute|Generalization) [^>]*>/g)) {
		const { name = "", visibility, child = "", parent = "", ...rest } = attributes(tag);
		if (what === "Class") {
			last = { name: drawn(name), kind: "", members: [] };
			classes.set(rest["xmi.id"] ?? "", last);
		} else if (what === "Stereotype") last.kind = name;
		else if (what === "Attribute")
			last.members.push(drawn(visibility === "public" ? `+${name}` : name.replace(/^○ /, "○")));
		else relations.push(`${classes.get(parent)?.name} <|-- ${classes.get(child)?.name}`);
	}
	const sorted = [...classes.values()].map((c) => ({ ...c, members: c.members.sort() })).sort(byName);
	return { classes: sorted, relations: relations.sort() };
}

test("classes of all schemas", { timeout: 300_000 }, async () => {
	const some = schemas.flatMap((schema) => schema.some().map(({ name, i }) => ({ schema, name, i })));
	for (const { schema, i } of some) await rm(schema.file(`${i}.xmi`), { force: true });
	await plantuml("-txmi:star", ...some.map(({ schema, i }) => schema.file(`${i}.puml`)));
	for (const { schema, name, i } of some)
		assert.deepEqual(understood(schema.read(`${i}.xmi`)), schema.drawing(name), `${schema.name} ${name}`);
	for (const schema of schemas) {
		const n = some.filter((one) => one.schema === schema).length;
		assert.ok(n >= Math.min(40, schema.classes.length), `${n} classes`);
		console.log(`${schema.name}: ${n} PlantUML diagrams`);
	}
});

test("names that would be markup are drawn", { timeout: 300_000 }, async () => {
	const odd = schemas.find((s) => s.name === "odd");
	const config = join(folder, "plantuml.txt");
	await writeFile(config, "!pragma graphviz_dot jdot\n"); // PlantUML's own layout: Graphviz is not needed
	const some = odd?.some() ?? [];
	await plantuml("-tsvg", "-config", config, ...some.map(({ i }) => odd?.file(`${i}.puml`) ?? ""));
	for (const { name, i } of some) {
		const svg = await readFile(odd?.file(`${i}.svg`) ?? "", "utf8");
		const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = ""]) => drawn(text).replace(/^○ /, "○"));
		const wanted = odd?.drawing(name).classes.flatMap((c) => [c.name, `«${c.kind}»`, ...c.members]);
		assert.deepEqual(texts.sort(), wanted?.sort(), name);
	}
});

test("what is no diagram is refused", { timeout: 300_000 }, async () => {
	const file = join(folder, "wrong.puml");
	await writeFile(file, '@startuml\nclass "person" as c0 {\n}\nc0 <|- \n@enduml\n');
	await assert.rejects(plantuml("-txmi:star", file));
});
