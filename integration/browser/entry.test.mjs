// The page that helps to make entries: what one of some classes must and may have.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibleInBoth, fits, goingOn, launch, openPage } from "./browser.mjs";
import { startConnectorTo, startPublishing, startServer, startSlapd } from "./processes.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let ad;
/** @type {Awaited<ReturnType<typeof startPublishing>>} */
let own;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

const definitions = {
	ldapSyntaxes: ["( 1.4 DESC 'Text' )"],
	attributeTypes: ["( 1.1.1 NAME 'colour' SYNTAX 1.4 SINGLE-VALUE )", "( 1.1.2 NAME 'weight' SYNTAX 1.4 )"],
	objectClasses: [
		"( 1.2.1 NAME 'thing' STRUCTURAL MAY weight )",
		"( 1.2.2 NAME 'loud' AUXILIARY )",
		"( 1.2.3 NAME 'odd' AUXILIARY )",
	],
	dITContentRules: ["( 1.2.1 NAME 'rule' AUX loud MUST colour NOT weight )"],
};

before(async () => {
	browser = await launch();
	slapd = await startSlapd();
	ad = await startServer("AD_2012_R2");
	own = await startPublishing(definitions);
	connector = await startConnectorTo({ slapd: slapd.url, ad: ad.url, own: own.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
	await ad?.close();
	await own?.close();
});

const goOn = goingOn(() => browser);

/**
 * The row of an attribute, as text.
 * @param {import("playwright-core").Page} page
 * @param {string} list
 * @param {string} name
 */
async function row(page, list, name) {
	const cells = page.locator(`#entry-${list} tr[data-name="${name}"] > *`);
	await cells.first().waitFor();
	return (await cells.allTextContents()).map((text) => text.trim());
}

/**
 * The codes of what is wrong.
 * @param {import("playwright-core").Page} page
 */
const problems = (page) => page.locator(".entry-problems li").evaluateAll((all) => all.map((e) => e.dataset.code));

test("classes are found and chosen with the keyboard alone", async () => {
	const { page, context, wrong } = await goOn(`${connector.url}#/s/slapd/entry`);
	const field = page.getByRole("combobox", { name: "Add an object class" });
	await field.focus();
	await page.keyboard.type("orgPers");
	await page.locator('[role="option"]').first().waitFor();
	assert.equal(await field.getAttribute("aria-expanded"), "true");
	await page.keyboard.type("on");
	await page.locator('[role="option"][data-name="inetOrgPerson"]').waitFor();
	for (let i = 0; i < 12; i++) {
		const active = await field.getAttribute("aria-activedescendant");
		if ((await page.locator(`[id="${active}"]`).getAttribute("data-name")) === "inetOrgPerson") break;
		await page.keyboard.press("ArrowDown");
	}
	await accessibleInBoth(page, "the classes that are offered");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => location.hash === "#/s/slapd/entry?classes=inetOrgPerson");
	await page.keyboard.type("1.3.6.1.1.1.2.0");
	await page.locator('[role="option"][data-name="posixAccount"]').waitFor();
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => location.hash === "#/s/slapd/entry?classes=inetOrgPerson,posixAccount");
	assert.deepEqual(await row(page, "must", "sn"), ["sn", "Directory String length up to 32768", "multiple", "person"]);
	assert.deepEqual(await row(page, "must", "uidNumber"), ["uidNumber", "Integer", "single", "posixAccount"]);
	assert.deepEqual(await row(page, "may", "jpegPhoto"), ["jpegPhoto", "JPEG", "multiple", "inetOrgPerson"]);
	const template = (await page.locator("#entry-template pre").textContent()) ?? "";
	assert.match(template, /^dn: \n/);
	for (const line of [
		"objectClass: top",
		"objectClass: posixAccount",
		"# uidNumber: Integer, single",
		"uidNumber: ",
		"# jpegPhoto: ",
	])
		assert.ok(template.split("\n").includes(line), line);
	await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
	await page.getByRole("button", { name: "Copy LDIF" }).click();
	await page.getByText("LDIF is copied.").waitFor();
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), template);
	assert.deepEqual(await problems(page), []);
	await accessibleInBoth(page, "an entry");

	await page.reload();
	await page.locator("#entry-must").waitFor();
	await page.getByRole("button", { name: "Remove inetOrgPerson" }).focus();
	await page.keyboard.press("Enter");
	await page.locator('.entry-problems li[data-code="no-structural-class"]').waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});

test("it says why there can be no such entry", async () => {
	const { page, context } = await goOn(`${connector.url}#/s/slapd/entry?classes=person,device,nobody`);
	await page.locator(".entry-problems li").first().waitFor();
	assert.deepEqual(await problems(page), ["unknown-class", "several-structural"]);
	await page.getByText("the schema does not define nobody.").waitFor();
	await page.goto(`${connector.url}#/s/slapd/entry?classes=top`);
	await page.locator('.entry-problems li[data-code="no-structural-class"]').waitFor();
	assert.equal((await problems(page)).length, 1);
	await context.close();
});

test("content rules apply, and syntaxes go by their registered names, on a phone too", async () => {
	const { page, context, wrong } = await openPage(browser, `${connector.url}#/s/ad/entry?classes=user`, {
		viewport: { width: 390, height: 844 },
	});
	await page.locator(".fields").getByText("Content rule").waitFor({ timeout: 30_000 });
	await page.locator('.fields a[href="#/s/ad/content-rules/user"]').waitFor();
	await fits(page);
	await accessibleInBoth(page, "an entry on a phone");
	while (await page.locator("#entry-may button.more").isVisible()) await page.locator("#entry-may button.more").click();
	const [, words = "", values, from] = await row(page, "may", "uid");
	assert.match(words, /Directory String/);
	assert.deepEqual([values, from], ["multiple", "user"]);
	await page.goto(`${connector.url}#/s/own/entry?classes=thing,loud,odd`);
	await page.locator('.entry-problems li[data-code="auxiliary-not-allowed"]').getByText("odd").waitFor();
	assert.deepEqual(await row(page, "must", "colour"), ["colour", "Text", "single", "rule DIT content rule"]);
	assert.deepEqual(await page.locator("#entry-may tr[data-name]").count(), 0);
	await page.locator(".field").filter({ hasText: "Precluded" }).getByText("weight").waitFor();
	assert.deepEqual(wrong, []);
	await context.close();
});
