// Schemas that are changed as texts and files that are added to them, against a real slapd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessible, accessibleInBoth, drag, fits, goingOn, launch, openPage, openSources } from "./browser.mjs";
import { ldapsearch, startConnectorTo, startPublishing, startSlapd } from "./processes.mjs";

const colour = "( 1.1.1 NAME 'colour' DESC 'Größe' )";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startPublishing>>} */
let publishing;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	slapd = await startSlapd();
	publishing = await startPublishing({ attributeTypes: [colour, "( 1.1.2 NAME", "( 1.1.3 NAME 'weight' )"] });
	connector = await startConnectorTo({ slapd: slapd.url, publishing: publishing.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await publishing?.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

/**
 * What the page says was replaced and added.
 * @param {import("playwright-core").Page} page
 */
async function told(page) {
	await page.locator('#merged[data-stage="added"]').waitFor();
	return page.locator("#merged li").allTextContents();
}

/**
 * The differences on the page: what, name, and the fields that differ.
 * @param {import("playwright-core").Page} page
 */
async function differences(page) {
	await page.locator(".found-row").waitFor();
	return page
		.locator(".groups > li")
		.evaluateAll((all) =>
			all
				.map((e) => [
					e.dataset.what ?? "",
					e.dataset.name ?? "",
					...[...e.querySelectorAll("tr[data-field]")].map((row) => row.getAttribute("data-field") ?? ""),
				])
				.toSorted(),
		);
}

/** @param {import("playwright-core").Page} page */
const hash = (page) => decodeURIComponent(new URL(page.url()).hash);

test("a schema is edited as a text, a definition is added to it, and the differences are these", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/slapd/attribute-types`);
	let dialog = await openSources(page);
	await dialog.getByRole("button", { name: "Edit slapd as text" }).click();
	await dialog.getByText("All of the schema is in the text.").waitFor();
	const area = dialog.locator("textarea");
	const content = await area.inputValue();
	// Every definition has its line, as the server has it.
	for (const collection of ["attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules", "matchingRuleUse"]) {
		const lines = content.split("\n").filter((line) => line.startsWith(`${collection}: `));
		const sent = await ldapsearch(slapd.url, collection);
		assert.ok(sent.length > 20, collection);
		assert.deepEqual(
			lines.map((line) => line.slice(collection.length + 2)),
			sent,
		);
	}
	assert.equal(await dialog.getByLabel("Its name").inputValue(), "slapd (edited)");
	await accessibleInBoth(page, "the schema as a text");
	const changed = content
		.replace(/(NAME 'uidNumber' DESC ')[^']*/, "$1A number of our own")
		.replace("attributeTypes: ", "attributeTypes: ( 1.1.7 NAME 'shelfMark' SUP name )\nattributeTypes: ");
	assert.notEqual(changed, content);
	await area.fill(changed);
	await dialog.getByRole("button", { name: "Show" }).click();
	await page.locator("#search").fill("shelfMark");
	await page.locator('.list [data-name="shelfMark"], .list a').getByText("shelfMark").first().waitFor();
	assert.match(hash(page), /^#\/s\/file:slapd \(edited\)\/search\?q=shelfMark/);

	dialog = await openSources(page);
	await dialog
		.locator("textarea")
		.fill(
			"objectclass ( 1.1.8 NAME 'shelf' MUST shelfMark )\nattributetype ( 1.1.7 NAME 'shelfMark' SUP name SINGLE-VALUE )",
		);
	await dialog.getByLabel("Its name").fill("shelves");
	await dialog.getByRole("button", { name: "Add to slapd (edited)" }).click();
	assert.deepEqual(await told(page), ["1 attribute type replaced: shelfMark", "1 object class added: shelf"]);
	await page.getByText("shelves was added to slapd (edited).").waitFor();
	await accessibleInBoth(page, "the report");
	await page.getByRole("link", { name: "See the differences" }).click();
	await page.locator("h1").getByText("slapd (edited) → slapd (edited) + shelves").waitFor();
	assert.deepEqual(await differences(page), [
		["added", "shelf"],
		["changed", "shelfMark", "singleValue"],
	]);
	await page.goto(`${connector.url}#/s/slapd/diff/${encodeURIComponent("file:slapd (edited) + shelves")}`);
	await page.locator('.groups > li[data-name="uidNumber"]').waitFor();
	assert.deepEqual(await differences(page), [
		["added", "shelf"],
		["added", "shelfMark"],
		["changed", "uidNumber", "desc"],
	]);
	// The report goes away, and what was made is kept as other files are, and exported.
	await page.getByRole("button", { name: "Close the report" }).click();
	assert.equal(await page.locator("#merged").textContent(), "");
	await page.goto(`${connector.url}#/s/${encodeURIComponent("file:slapd (edited) + shelves")}/export?to=openldap`);
	await page.reload();
	await page.locator("#preview").waitFor();
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download OpenLDAP", exact: true }).click(),
	]);
	const schema = await readFile(await download.path(), "utf8");
	assert.match(schema, /^objectclass \( 1\.1\.8\n\tNAME 'shelf'\n\tMUST shelfMark \)$/m);
	assert.match(schema, /NAME 'uidNumber'\n\tDESC 'A number of our own'/);
	assert.deepEqual(wrong, []);
	await context.close();
});

test("a text that was pasted is edited in the format that it has, if that holds it", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/publishing`);
	let dialog = await openSources(page);
	await dialog.locator("textarea").fill("# mine\n( 1.1.5 NAME 'mine' SUP top MUST cn )");
	await dialog.getByRole("button", { name: "Show" }).click();
	await page.locator("#source").getByText("pasted text").waitFor({ state: "attached" });
	await page.waitForFunction(() => document.querySelector("#status")?.getAttribute("data-state") === "saved");
	dialog = await openSources(page);
	await dialog.getByRole("button", { name: "Edit pasted text as text" }).click();
	await dialog.getByText("All of the schema is in the text.").waitFor();
	assert.equal(
		await dialog.locator("textarea").inputValue(),
		"objectclass ( 1.1.5\n\tNAME 'mine'\n\tSUP top\n\tMUST cn )\n",
	);
	await dialog
		.locator("textarea")
		.fill("matchingRules: ( 1.1.6 NAME 'rule' SYNTAX 1.1.9 )\nobjectClasses: ( 1.1.5 NAME 'mine' )");
	await dialog.getByRole("button", { name: "Show" }).click();
	await page.waitForFunction(() => decodeURIComponent(location.hash).includes("pasted text (edited)"));
	await page.waitForFunction(() => document.querySelector("#status")?.getAttribute("data-state") === "saved");
	dialog = await openSources(page);
	// slapd's format has no matching rules.
	await dialog.getByRole("button", { name: "Edit pasted text (edited) as text" }).click();
	await dialog.getByText("All of the schema is in the text.").waitFor();
	const ldif = await dialog.locator("textarea").inputValue();
	assert.match(ldif, /^dn: cn=Subschema\n/);
	assert.match(ldif, /^matchingRules: \( 1\.1\.6 NAME 'rule' SYNTAX 1\.1\.9 \)$/m);
	assert.equal(await dialog.getByLabel("Its name").inputValue(), "pasted text (edited)");
	assert.deepEqual(wrong, []);
	await context.close();
});

test("files are added by choice and by dropping; what a text cannot hold, and what is no schema, is said", async () => {
	const { page, context, wrong } = await openPage(browser, `${connector.url}#/s/publishing`, {
		viewport: { width: 390, height: 844 },
	});
	await page.locator("#status").getByText("live").waitFor();
	const dialog = await openSources(page);
	await dialog.getByRole("button", { name: "Edit publishing as text" }).click();
	await dialog.getByText("All of the schema is in the text but 1 value that is no definition").click();
	assert.deepEqual(await dialog.locator(".paste li").allTextContents(), ["( 1.1.2 NAME"]);
	const content = await dialog.locator("textarea").inputValue();
	assert.ok(content.includes(`attributeTypes: ${colour}\n`), content);
	await accessible(page, "the schema as a text on a phone");
	const [needs, has] = await dialog.evaluate((element) => [element.scrollWidth, element.clientWidth]);
	assert.ok((needs ?? 0) <= (has ?? 0), `the dialog needs ${needs} pixels of ${has}`);

	await dialog
		.locator("#add-file")
		.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
	await dialog.getByText("“notes.txt” cannot be added. This is no schema").waitFor();
	assert.equal(await dialog.locator("textarea").inputValue(), content, "the text is gone");
	await dialog.locator("#add-file").setInputFiles({
		name: "a.ldif",
		mimeType: "text/plain",
		buffer: Buffer.from("dn: cn=x\nattributeTypes: ( 1.1.3 NAME 'mass' )\n"),
	});
	assert.deepEqual(await told(page), ["1 attribute type replaced: mass"]);
	assert.match(hash(page), /^#\/s\/file:publishing \+ a\.ldif/);

	const both = "attributetype ( 1.1.4 NAME 'one' )\nthis is none\nattributetype ( 1.1.5 NAME 'two' )";
	await drag(page, "dragover", 300, { "both.txt": both });
	await page.locator('.drop[data-over="true"]').getByText("Drop it here to add it to publishing + a.ldif").waitFor();
	await drag(page, "drop", 300, { "both.txt": both });
	await page.waitForFunction(() => decodeURIComponent(location.hash).includes("a.ldif + both.txt"));
	assert.deepEqual(await told(page), ["2 attribute types added: one, two", "both.txt has 1 problem"]);
	await page.waitForFunction(() => document.querySelector("#status")?.getAttribute("data-state") === "saved");
	await drag(page, "drop", 300, { "again.txt": "attributetype ( 1.1.5 NAME 'two' )" });
	await page.getByText("publishing + a.ldif + both.txt has all definitions of again.txt as they are.").waitFor();
	await drag(page, "drop", 300, { "bad.txt": "x" });
	await page.locator("dialog#sources").getByText("“bad.txt” cannot be added.").waitFor();
	await page.keyboard.press("Escape");
	await drag(page, "drop", 10, { "left.txt": "( 1.1.9 NAME 'alone' )" });
	await page.waitForFunction(() => decodeURIComponent(location.hash).startsWith("#/s/file:left.txt"));
	// What could not be parsed has been kept with what was added.
	await page.goto(`${connector.url}#/s/publishing/diff/${encodeURIComponent("file:publishing + a.ldif + both.txt")}`);
	assert.deepEqual(await differences(page), [
		["added", "one"],
		["added", "two"],
		["changed", "weight", "names", "names"], // one removed, one added
	]);
	await fits(page);
	await page.goto(`${connector.url}#/s/${encodeURIComponent("file:publishing + a.ldif + both.txt")}/problems`);
	await page.getByText("( 1.1.2 NAME").first().waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});

test("of a schema that is too long for a text field a selection is exported", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/offline%3AAD_2012_R2`);
	await page.locator("#status").getByText("pre-built").waitFor();
	const dialog = await openSources(page);
	await dialog.getByRole("button", { name: "Edit AD_2012_R2 as text" }).click();
	await dialog.getByRole("link", { name: "Export a selection" }).click();
	await page.getByText("Select the definitions to export.").waitFor();
	assert.equal(await page.locator("dialog").count(), 0);
	assert.deepEqual(wrong, []);
	await context.close();
});
