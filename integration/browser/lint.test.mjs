// The page that says what is wrong with a schema, against a real slapd and pre-built schemas.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessibleInBoth, fits, launch, openPage } from "./browser.mjs";
import { startConnectorTo, startServer } from "./processes.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	server = await startServer("AD_2012_R2");
	connector = await startConnectorTo({ ad: server.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await server?.close();
});

test("what is wrong is filtered, grouped, explained, linked and taken along", async () => {
	const { page, context, wrong } = await openPage(browser, `${connector.url}#/s/ad/object-classes`);
	await page.locator("#list a.row").first().waitFor();
	await page.locator(".pages .wide").getByRole("link", { name: "Lint", exact: true }).click();
	const groups = page.locator(".groups > li");
	await groups.first().waitFor();
	assert.equal(new URL(page.url()).hash, "#/s/ad/lint");
	assert.match(await page.title(), /Lint/);
	assert.ok(await page.locator("h1").evaluate((h1) => h1 === document.activeElement), "the heading has the focus");
	const total = Number(/[\d,]+/.exec((await page.locator("h1").textContent()) ?? "")?.[0].replace(",", ""));
	/** @param {string} facet @param {string} value */
	const choice = (facet, value) => page.locator(`button[data-facet="${facet}"][data-value="${value}"]`);
	/** @param {string} facet */
	const sum = async (facet) =>
		(
			await page.locator(`button[data-facet="${facet}"]`).evaluateAll((all) => all.map((e) => Number(e.dataset.count)))
		).reduce((a, b) => a + b, 0);
	for (const facet of ["severity", "kind", "code"]) assert.equal(await sum(facet), total, facet);
	// AD says OctetString in place of the syntax's OID.
	const repsTo = groups.filter({ has: page.getByRole("link", { name: "repsTo", exact: true }) });
	await repsTo.getByText('"OctetString" is not a numeric OID').waitFor();
	await repsTo.getByText("SYNTAX is not a numeric OID (RFC 4512 §4.1.2).").waitFor();
	await accessibleInBoth(page, "the findings");

	await choice("severity", "error").focus();
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => location.hash === "#/s/ad/lint?severity=error");
	assert.equal(await page.locator('.findings > li:not([data-severity="error"])').count(), 0);
	assert.equal(
		await page.locator(".findings > li").count(),
		Number(await choice("severity", "error").getAttribute("data-count")),
	);
	await page.locator("details.facet summary").click();
	await choice("code", "syntax-not-oid").click();
	await groups.nth(2).waitFor({ state: "detached" });
	assert.deepEqual((await groups.locator("h2 a").allTextContents()).toSorted(), ["repsFrom", "repsTo"]);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download JSON" }).click(),
	]);
	assert.equal(download.suggestedFilename(), "ad-lint.json");
	const findings = JSON.parse(await readFile(await download.path(), "utf8"));
	assert.deepEqual(findings.map((/** @type {any} */ f) => `${f.code} ${f.definition}`).toSorted(), [
		"syntax-not-oid repsFrom",
		"syntax-not-oid repsTo",
	]);
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.getByRole("button", { name: "Copy Text" }).click();
	await page.getByText("Text is copied.").waitFor();
	const copied = await page.evaluate(() => navigator.clipboard.readText());
	assert.match(copied, /^error syntax-not-oid: attribute type repsTo: "OctetString" is not a numeric OID$/m);

	await page.locator('button[data-value="code"]').click();
	await groups.locator("h2").getByText("syntax-not-oid").waitFor();
	assert.equal(new URL(page.url()).hash, "#/s/ad/lint?severity=error&code=syntax-not-oid&by=code");
	await page.reload();
	await groups.locator("h2").getByText("syntax-not-oid").waitFor();
	assert.equal(await page.locator(".findings > li").count(), 2);
	await page.getByRole("link", { name: "repsTo", exact: true }).click();
	await page.locator('article#definition[data-name="repsTo"]').waitFor();
	await page.goBack();
	await groups.locator("h2").getByText("syntax-not-oid").waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});

test("it fits on a phone, where the pages are behind a button", async () => {
	const { page, context } = await openPage(browser, `${connector.url}#/s/ad/object-classes`, {
		viewport: { width: 390, height: 844 },
	});
	await page.locator("#list a.row").first().waitFor();
	await page.locator("#menu-button").focus();
	await page.keyboard.press("Enter");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.locator(".groups > li").first().waitFor();
	assert.equal(await page.locator("#menu").isVisible(), false);
	await fits(page);
	await page.locator(".page > .back").click();
	await page.locator("#list a.row").first().waitFor();
	await context.close();
});
