// The viewer with the directories that administrators have: a Samba domain, which tells nobody of its schema before a bind,
// and a 389 Directory Server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, fact, goingOn, launch, openPage, pictures } from "./browser.mjs";
import { ldapsearch, startConnectorTo, startServer } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

const domain = "DC=ad,DC=example,DC=com";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let samba;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let ds389;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	[browser, samba, ds389] = await Promise.all([launch(), startServer("samba"), startServer("389")]);
	connector = await startConnectorTo({ samba: samba.url, ds389: ds389.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await samba?.close();
	await ds389?.close();
});

const goOn = goingOn(() => browser);

/**
 * Fills in the dialog that asks for a DN and a password.
 * @param {Page} page
 * @param {string} id
 * @param {{dn: string, password: string}} login
 */
async function bind(page, id, { dn, password }) {
	const dialog = page.locator(`dialog#${id}`);
	await dialog.locator('input[name="dn"]').fill(dn);
	await dialog.locator('input[name="password"]').fill(password);
	await dialog.locator('[type="submit"]').click();
}

describe("Samba", () => {
	test("tells its schema to who is bound, and shows accounts with types", async () => {
		const { page, context } = await openPage(browser, `${connector.url}#/s/samba/object-classes/user`);
		context.setDefaultTimeout(30_000);
		await page.locator("#error").getByRole("button", { name: "Bind" }).click();
		await bind(page, "bind", samba.login);
		await page.locator('article#definition[data-name="user"]').waitFor();
		const may = page.locator('[data-list="may"] [data-attribute="userAccountControl"]');
		await may.waitFor();
		assert.ok(
			(await page.locator('[role=tab][data-collection="attributeTypes"]').getAttribute("data-count")) ?? "" > "1000",
		);

		await page.goto(
			`${connector.url}#/s/samba/lookup?${new URLSearchParams({ base: domain, scope: "sub", filter: "(sAMAccountName=Administrator)" })}`,
		);
		await page.locator("#lookup-bind-button").click();
		await bind(page, "lookup-bind", samba.login);
		await page.locator(".results tbody a").click();
		const field = (/** @type {string} */ name) => page.locator(`.entry [data-attribute="${name}"]`);
		assert.match(
			(await field("objectSid").locator('[data-kind="sid"]').textContent()) ?? "",
			/^S-1-5-21-\d+-\d+-\d+-500$/,
		);
		assert.match((await field("objectGUID").locator('[data-kind="guid"]').textContent()) ?? "", /^\{?[\da-f-]{36}\}?$/);
		assert.match((await field("userAccountControl").textContent()) ?? "", /NORMAL_ACCOUNT/);
		assert.match((await field("sAMAccountType").textContent()) ?? "", /USER_OBJECT/);
		assert.match((await field("whenCreated").textContent()) ?? "", /20\d\d-/);
		assert.match((await field("accountExpires").textContent()) ?? "", /never/);
		await accessible(page, "an account");
		await page.screenshot({ path: `${pictures}samba-account.png` });
		await context.close();
	});

	test("has its features by name on the server page", async () => {
		const { page, context } = await openPage(browser, `${connector.url}#/s/samba/list/object-classes`);
		context.setDefaultTimeout(30_000);
		await page.locator("#error").getByRole("button", { name: "Bind" }).click();
		await bind(page, "bind", samba.login);
		await page.locator('#status[data-state="live"]').waitFor();
		await page.goto(`${connector.url}#/s/samba/server`);
		const feature = page.locator('[data-part="features"] tr[data-oid="1.2.840.113556.1.4.800"]');
		assert.match((await feature.textContent()) ?? "", /Active Directory/i);
		const control = page.locator('[data-part="controls"] tr[data-oid="1.2.840.113556.1.4.319"]');
		assert.match((await control.textContent()) ?? "", /paged/i);
		assert.match((await page.locator('[data-part="rootDSE"]').textContent()) ?? "", new RegExp(domain, "i"));
		await context.close();
	});
});

describe("389", () => {
	test("has all definitions that its own schema entry has, and its entries' operational attributes", async () => {
		const { page, context, wrong } = await goOn(`${connector.url}#/s/ds389/attribute-types`);
		page.context().setDefaultTimeout(30_000);
		await page.locator('#status[data-state="live"]').waitFor();
		for (const collection of ["attributeTypes", "objectClasses", "matchingRules", "ldapSyntaxes"]) {
			const published = await ldapsearch(ds389.url, collection, "cn=schema");
			const tab = page.locator(`[role=tab][data-collection="${collection}"]`);
			assert.equal(await tab.getAttribute("data-count"), String(published.length), collection);
		}
		await page.locator("#search").fill("nsUniqueId");
		await page.locator('#list a.row[data-name="nsUniqueId"]').click();
		await page.locator('article#definition[data-name="nsUniqueId"]').waitFor();
		await page.goto(
			`${connector.url}#/s/ds389/lookup?${new URLSearchParams({ base: "dc=example,dc=com", scope: "base", filter: "(objectClass=*)", attributes: "*,nsUniqueId" })}`,
		);
		await page.locator("#lookup-bind-button").click();
		await bind(page, "lookup-bind", ds389.login);
		await page.locator(".results tbody a").click();
		await page.locator('.entry [data-attribute="dc"]').waitFor();
		// What the server has made itself has been created by nobody.
		assert.match((await page.locator('.entry [data-attribute="creatorsName"] dd').textContent()) ?? "", /\(empty\)/);
		await accessible(page, "an entry of 389");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("says who made it, and with which mechanisms one may bind", async () => {
		const { page, context, wrong } = await goOn(`${connector.url}#/s/ds389/server`);
		for (const [name, attribute] of [
			["Vendor", "vendorName"],
			["Version", "vendorVersion"],
			["SASL mechanisms", "supportedSASLMechanisms"],
		]) {
			const values = await ldapsearch(ds389.url, attribute ?? "", "");
			assert.ok(values.length > 0, `389 has no ${attribute}`);
			const shown = fact(page, "facts", name ?? "").locator("span");
			await shown.first().waitFor();
			assert.deepEqual(await shown.allTextContents(), [...new Set(values)]);
		}
		assert.match((await fact(page, "facts", "Vendor").textContent()) ?? "", /389 Project/);
		assert.match((await fact(page, "facts", "SASL mechanisms").textContent()) ?? "", /EXTERNAL/);
		assert.deepEqual(wrong, []);
		await context.close();
	});
});
