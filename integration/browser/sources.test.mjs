// Where schemas come from: several open at once, files, and those that were opened of late; with a connector, and without.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessible, drag, launch, openPage, openSources } from "./browser.mjs";
import { namesOfRows } from "./listing.mjs";
import { root, serveFolder, startDemo } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;

before(async () => {
	[browser, demo] = await Promise.all([launch(), startDemo()]);
});

after(async () => {
	await browser?.close();
	await demo?.close();
});

/**
 * Chooses a file in the dialog.
 * @param {Page} page
 * @param {string} name
 * @param {string | Buffer} content
 */
async function choose(page, name, content) {
	const dialog = await openSources(page);
	const file = { name, mimeType: "text/plain", buffer: Buffer.from(content) };
	await dialog.locator('input[type="file"]').first().setInputFiles(file);
	await dialog.waitFor({ state: "detached" });
	await page.locator('#status[data-state="saved"]').waitFor();
}

/**
 * The sources of a part of the dialog.
 * @param {import("playwright-core").Locator} dialog
 * @param {string} title
 */
const sourcesOf = (dialog, title) =>
	dialog
		.locator("section", { has: dialog.page().getByRole("heading", { name: title, exact: true }) })
		.locator("li")
		.evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).dataset.source));

const written = "( 1.1.1 NAME 'colour' DESC 'of the coat' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n";

test("several are open at once, and each has its own address", async () => {
	const { page, context, wrong } = await openPage(browser, `${demo.url}#/s/demo/object-classes`);
	await page.locator('#status[data-state="live"]').waitFor();
	const ldif = await readFile(`${root}native/demo/schema.ldif`);
	await choose(page, "demo.ldif", ldif);
	assert.match(page.url(), /#\/s\/file%3Ademo\.ldif\/object-classes$/);
	assert.ok((await namesOfRows(page)).includes("inetOrgPerson"));
	await choose(page, "mine.schema", written);
	await page.locator('[role=tab][data-collection="attributeTypes"]').click();
	assert.deepEqual(await namesOfRows(page), ["colour"]);
	let dialog = await openSources(page);
	assert.deepEqual(await sourcesOf(dialog, "Open"), ["demo", "file:demo.ldif", "file:mine.schema"]);
	await accessible(page, "the sources");
	await dialog.locator('[data-source="offline:AD_2012_R2"] button').click();
	await page.locator('[role=tab][data-collection="attributeTypes"][data-count="1472"]').waitFor();
	// What is open is there at once, also by the selection on top.
	await page.locator("#source").selectOption("demo");
	await page.locator('#status[data-state="live"]').waitFor();
	dialog = await openSources(page);
	const closing = dialog.locator('[data-source="demo"] .icon-button');
	await closing.click();
	await page.waitForFunction(() => !location.hash.startsWith("#/s/demo/"));
	assert.ok(!(await sourcesOf(dialog, "Open")).includes("demo"));
	assert.deepEqual(wrong, []);
	await context.close();
});

test("files of late are remembered by the browser, ten of them, until they are forgotten", async () => {
	const { page, context } = await openPage(browser, `${demo.url}#/s/demo/object-classes`);
	await page.locator('#status[data-state="live"]').waitFor();
	for (let i = 1; i <= 11; i++) await choose(page, `file${i}.schema`, written);
	await page.waitForFunction(
		() =>
			new Promise((resolve) => {
				const opening = indexedDB.open("ldapedge");
				opening.onsuccess = () => {
					const key = opening.result.transaction("files").objectStore("files").getKey("file11.schema");
					key.onsuccess = () => {
						opening.result.close();
						resolve(key.result !== undefined);
					};
				};
			}),
	);
	await page.reload();
	// The address names a file, which is read from where the browser keeps it.
	await page.locator('#status[data-state="saved"]').waitFor();
	let dialog = await openSources(page);
	const names = Array.from({ length: 9 }, (_, i) => `file:file${10 - i}.schema`);
	assert.deepEqual(await sourcesOf(dialog, "Files opened before"), names);
	await dialog.locator('[data-source="file:file5.schema"] .icon-button').click();
	await dialog.locator('[data-source="file:file5.schema"]').waitFor({ state: "detached" });
	await page.goto(`${demo.url}#/s/file:file5.schema/attribute-types`);
	await page.locator("#error").waitFor();
	await page.goto(`${demo.url}#/s/file:file6.schema/attribute-types`);
	await page.locator('#list a.row[data-name="colour"]').waitFor();
	dialog = await openSources(page);
	assert.ok(!(await sourcesOf(dialog, "Files opened before")).includes("file:file5.schema"));
	await context.close();
});

test("several files are opened at once, and one that is no schema is said; or added", async () => {
	const { page, context } = await openPage(browser, `${demo.url}#/s/demo/attribute-types`);
	await page.locator('#status[data-state="live"]').waitFor();
	const files = {
		"a.schema": written,
		"bad.txt": "x",
		"b.schema": written.replaceAll("1.1.1 NAME 'col", "1.1.2 NAME 'odd col"),
	};
	await drag(page, "drop", 10, files);
	await page.locator("#error").getByText("bad.txt").first().waitFor();
	assert.match(page.url(), /#\/s\/file%3Abad\.txt\/attribute-types$/);
	let dialog = await openSources(page);
	assert.deepEqual(await sourcesOf(dialog, "Open"), ["demo", "file:a.schema", "file:b.schema"]);
	await dialog.locator('[data-source="file:b.schema"] button').first().click();
	await page.locator('#list a.row[data-name="odd colour"]').waitFor();
	await page.locator("#source").selectOption({ label: "a.schema" });
	assert.deepEqual(await namesOfRows(page), ["colour"]);
	await drag(page, "drop", 1400, {
		"c.schema": "attributetype ( 1.1.3 NAME 'size' )",
		"d.schema": "attributetype ( 1.1.4 NAME 'age' )",
	});
	await page.locator('[role=tab][data-collection="attributeTypes"][data-count="3"]').waitFor();
	assert.deepEqual(await namesOfRows(page), ["age", "colour", "size"]);
	assert.equal(decodeURIComponent(new URL(page.url()).hash), "#/s/file:a.schema + c.schema + d.schema/attribute-types");
	dialog = await openSources(page);
	const chosen = ["e.schema", "f.schema"].map((name) => ({
		name,
		mimeType: "text/plain",
		buffer: Buffer.from(written),
	}));
	await dialog.locator('input[type="file"]').first().setInputFiles(chosen);
	await page.waitForFunction(() => decodeURIComponent(location.hash).startsWith("#/s/file:f.schema/"));
	await page.locator("#source option").getByText("e.schema", { exact: true }).waitFor({ state: "attached" });
	// Whoever goes elsewhere while a file is being opened stays there.
	await page.evaluate(() => {
		const pushed = history.pushState;
		history.pushState = (...args) => {
			history.pushState = pushed;
			history.pushState(...args);
			setTimeout(() => {
				location.hash = "#/s/demo/attribute-types";
			});
		};
	});
	await drag(page, "drop", 10, { "left.schema": written });
	await page.waitForURL(/#\/s\/demo\/attribute-types$/);
	await page.waitForTimeout(500);
	assert.match(page.url(), /#\/s\/demo\/attribute-types$/);
	await context.close();
});

test("files and pre-built schemas need no connector", async () => {
	const site = await serveFolder(`${root}dist/www`);
	try {
		const { page, context } = await openPage(browser, `${site.url}#/s/offline:SLAPD_2_5/object-classes/inetOrgPerson`);
		await page.locator('article#definition[data-name="inetOrgPerson"]').waitFor();
		await choose(page, "mine.schema", written);
		await page.locator("#search").fill("coat");
		await page.locator('#list a.row[data-name="colour"]').waitFor();
		await context.close();
	} finally {
		await site.close();
	}
});
