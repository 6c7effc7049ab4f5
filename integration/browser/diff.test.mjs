// The page that compares two sources, against servers that publish what the test changes, and a real slapd.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { accessibleInBoth, fits, goingOn, launch, openPage } from "./browser.mjs";
import { startConnectorTo, startPublishing, startSlapd } from "./processes.mjs";

const kept = {
	ldapSyntaxes: ["( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )"],
	matchingRules: ["( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"],
};
const syntax = "SYNTAX 1.3.6.1.4.1.1466.115.121.1.15";
const older = {
	...kept,
	attributeTypes: [
		`( 1.1.1 NAME 'colour' DESC 'What it looks like in daylight' ${syntax} )`,
		`( 1.1.2 NAME 'weight' EQUALITY caseIgnoreMatch ${syntax}{64} X-ORIGIN 'one' )`,
		`( 1.1.3 NAME 'gone' ${syntax} )`,
	],
	objectClasses: [
		"( 1.2.1 NAME 'thing' ABSTRACT MUST colour )",
		"( 1.2.2 NAME 'parcel' SUP thing STRUCTURAL MAY ( weight $ gone ) )",
	],
};
const newer = {
	...kept,
	attributeTypes: [
		`( 1.1.1 NAME 'colour' DESC 'What it looks like at night' ${syntax} )`,
		`( 1.1.2 NAME 'weight' EQUALITY caseIgnoreMatch ${syntax}{64} X-ORIGIN 'two' )`,
		`( 1.1.4 NAME '<b>new</b>' ${syntax} )`,
	],
	objectClasses: [
		"( 1.2.1 NAME 'thing' ABSTRACT MUST colour )",
		"( 1.2.2 NAME 'parcel' SUP thing STRUCTURAL MUST weight )",
	],
};

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {{url: string, close: () => Promise<void>}[]} */
let servers = [];
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	servers = [await startPublishing(older), await startPublishing(newer)];
	slapd = await startSlapd();
	connector = await startConnectorTo({ older: servers[0]?.url ?? "", newer: servers[1]?.url ?? "", slapd: slapd.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	for (const server of servers) await server.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

test("what breaks comes first, with both values and the changed words marked", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/older/diff`);
	await page.locator("#diff-to").selectOption("newer");
	const entry = (/** @type {string} */ name) => page.locator(`.groups > li[data-name="${name}"]`);
	await entry("parcel").waitFor();
	assert.equal(new URL(page.url()).hash, "#/s/older/diff/newer");
	assert.deepEqual(
		await page.locator(".diff section").evaluateAll((all) => all.map((section) => section.dataset.effect)),
		["breaking", "compatible", "cosmetic"],
	);
	assert.deepEqual(
		await page
			.locator('section[data-effect="breaking"] .groups > li')
			.evaluateAll((all) => all.map((e) => `${e.dataset.what} ${e.dataset.name}`)),
		["removed gone", "changed parcel"],
	);
	const must = entry("parcel").locator('tr[data-field="must"]');
	assert.equal(await must.locator('[data-side="from"]').textContent(), "–");
	assert.deepEqual(await must.locator('[data-side="to"] ins').allTextContents(), ["weight"]);
	assert.equal(await must.locator(".effect").getAttribute("data-effect"), "breaking");
	const desc = entry("colour").locator('tr[data-field="desc"]');
	assert.equal(await desc.locator('[data-side="from"]').textContent(), "What it looks like in daylight");
	assert.deepEqual(await desc.locator("del").allTextContents(), ["in", "daylight"]);
	assert.deepEqual(await desc.locator("ins").allTextContents(), ["at", "night"]);
	await entry("<b>new</b>").getByRole("link", { name: "<b>new</b>" }).waitFor();
	await entry("parcel").locator("summary").click();
	assert.match((await entry("parcel").locator("pre").last().textContent()) ?? "", /MUST weight/);
	await accessibleInBoth(page, "the differences");

	await page.locator('button[data-facet="effect"][data-value="breaking"]').click();
	assert.equal(await page.locator(".groups > li").count(), 2);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download Markdown" }).click(),
	]);
	const markdown = await readFile(await download.path(), "utf8");
	assert.match(markdown, /^# older → newer$/m);
	assert.match(markdown, /^## breaking \(2\)$/m);
	assert.match(markdown, /^- attribute type `gone` \(1\.1\.3\): removed; /m);
	assert.match(markdown, /^ {2}- must: \+ `weight`; /m);
	const [json] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download JSON" }).click(),
	]);
	const { differences } = JSON.parse(await readFile(await json.path(), "utf8"));
	assert.deepEqual(
		differences.map((/** @type {any} */ d) => d.name),
		["gone", "parcel"],
	);
	assert.deepEqual(wrong, []);
	await context.close();
});

test("what does not matter is left out, and the address says so", async () => {
	const { page, context } = await goOn(`${connector.url}#/s/older/diff/newer?ignore=desc`);
	const names = () =>
		page.locator(".groups > li").evaluateAll((all) => all.map((e) => e.dataset.name ?? "").toSorted());
	await page.locator('.groups > li[data-name="weight"]').waitFor();
	assert.deepEqual(await names(), ["<b>new</b>", "gone", "parcel", "weight"]);
	await page.locator('input[name="ext"]').focus();
	await page.keyboard.press("Space");
	await page.locator('.groups > li[data-name="weight"]').waitFor({ state: "detached" });
	assert.equal(new URL(page.url()).hash, "#/s/older/diff/newer?ignore=desc,ext");
	await page.locator('input[name="prefix"]').fill("gone, 1.1.4");
	await page.keyboard.press("Tab");
	await page.locator('.groups > li[data-name="gone"]').waitFor({ state: "detached" });
	assert.deepEqual(await names(), ["parcel"]);
	await page.reload();
	await page.locator('.groups > li[data-name="parcel"]').waitFor();
	assert.deepEqual(await names(), ["parcel"]);
	await page.locator("#diff-swap").click();
	await page.locator("h1").getByText("newer → older").waitFor();
	assert.match(new URL(page.url()).hash, /^#\/s\/newer\/diff\/older\?/);
	await context.close();
});

test("a live server is compared with a pre-built schema, a file, itself, and one that is not there", async () => {
	const { page, context, wrong } = await openPage(browser, `${connector.url}#/s/slapd/diff/offline%3ASLAPD_2_5`, {
		viewport: { width: 390, height: 844 },
	});
	await page.locator(".found-row").waitFor();
	await fits(page);
	await accessibleInBoth(page, "the differences on a phone");
	await page.getByRole("button", { name: "Open …" }).click();
	await page.locator("dialog#sources textarea").fill("( 1.9.1 NAME 'mine' )");
	await page.locator("dialog#sources").getByRole("button", { name: "Show" }).click();
	await page.locator("h1").getByText("pasted text → SLAPD_2_5").waitFor();
	await page.locator('.groups > li[data-name="mine"]').waitFor();
	await page.goto(`${connector.url}#/s/slapd/diff/slapd`);
	await page.getByText("The two schemas do not differ.").waitFor();
	await page.goto(`${connector.url}#/s/slapd/diff/nowhere`);
	await page.locator('#error[data-code="unknown-server"]').waitFor();
	await page.locator("#diff-to").selectOption("older");
	await page.locator(".found-row").waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});
