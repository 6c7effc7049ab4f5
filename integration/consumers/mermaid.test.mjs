// The Mermaid diagrams, parsed and drawn by Mermaid in Chromium.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch } from "../browser/browser.mjs";
import { byName, schemas } from "./written.mjs";

const mermaid = createRequire(import.meta.url).resolve("@mermaid-js/tiny");

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
	browser = await launch();
	page = await browser.newPage();
	await page.addScriptTag({ path: mermaid });
	await page.evaluate(() => /** @type {any} */ (globalThis).mermaid.initialize({ startOnLoad: false }));
});

after(() => browser?.close());

/**
 * What Mermaid understands: the names of classes by their identifiers, and relations.
 * @param {string[]} texts
 */
const parse = (texts) =>
	page.evaluate(async (texts) => {
		const { mermaidAPI } = /** @type {any} */ (globalThis).mermaid;
		const all = [];
		for (const text of texts) {
			const { type, db } = await mermaidAPI.getDiagramFromText(text);
			const classes = [...db.getClasses().values()].map((/** @type {any} */ c) => ({
				id: /** @type {string} */ (c.id),
				name: /** @type {string} */ (c.label),
				kind: c.annotations.join(),
				members: /** @type {string[]} */ (
					[...c.members, ...c.methods].map((/** @type {any} */ m) => m.visibility + m.id)
				),
			}));
			const extension = db.relationType.EXTENSION;
			/** @type {{sup: string, sub: string, extends: boolean}[]} */
			const relations = db.getRelations().map((/** @type {any} */ { id1, id2, relation }) => ({
				sup: id1,
				sub: id2,
				extends: relation.type1 === extension && relation.type2 === "none",
			}));
			all.push({ type: /** @type {string} */ (type), classes, relations });
		}
		return all;
	}, texts);

/** Mermaid keeps characters that are given by their numbers in this form until it draws. @param {string} text */
const decode = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCodePoint(Number(n)));

/** @param {Awaited<ReturnType<typeof parse>>[0]} diagram */
function understood({ type, classes, relations }) {
	assert.match(type, /^class/);
	const names = new Map(classes.map((c) => [c.id, decode(c.name)]));
	for (const r of relations) assert.ok(r.extends && names.has(r.sup) && names.has(r.sub), JSON.stringify(r));
	return {
		classes: classes
			.map((c) => ({ name: decode(c.name), kind: c.kind, members: c.members.map(decode).sort() }))
			.sort(byName),
		relations: relations.map((r) => `${names.get(r.sup)} <|-- ${names.get(r.sub)}`).sort(),
	};
}

for (const schema of schemas)
	test(schema.name, async () => {
		const some = schema.some();
		assert.ok(some.length >= Math.min(40, schema.classes.length), `${some.length} classes`);
		const diagrams = await parse(some.map(({ i }) => schema.read(`${i}.mmd`)));
		for (const [n, diagram] of diagrams.entries())
			assert.deepEqual(understood(diagram), schema.drawing(some[n]?.name ?? ""), some[n]?.name);
		console.log(`${schema.name}: ${diagrams.length} Mermaid diagrams`);
	});

test("names that would be markup are drawn", async () => {
	const odd = schemas.find((s) => s.name === "odd");
	for (const { name, i } of odd?.some() ?? []) {
		const texts = await page.evaluate(
			async (text) => {
				document.body.innerHTML = (await /** @type {any} */ (globalThis).mermaid.render("drawn", text)).svg;
				return [...document.querySelectorAll(".nodeLabel")].map((e) => e.textContent ?? "");
			},
			odd?.read(`${i}.mmd`) ?? "",
		);
		const wanted = odd?.drawing(name).classes.flatMap((c) => [c.name, `«${c.kind}»`, ...c.members]);
		assert.deepEqual(texts.filter((t) => t !== "").sort(), wanted?.sort(), name);
	}
});

test("what is no diagram is refused", async () => {
	await assert.rejects(parse(['classDiagram\n  class c0["person"] {\n    <<STRUCTURAL>>\n  c0 <|-- \n']));
});
