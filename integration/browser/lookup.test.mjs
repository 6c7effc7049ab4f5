// The look-up page in Chromium, as it is shipped, against a slapd with people and the demo directory.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { accessible, goingOn, launch, pictures } from "./browser.mjs";
import { connectionsTo, startConnectorTo, startDemo, startRelay, startSlapd } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

const people = 1200;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startRelay>>} */
let relay;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;

before(async () => {
	[browser, slapd, demo] = await Promise.all([launch(), startSlapd({ people }), startDemo()]);
	relay = await startRelay(slapd.url);
	connector = await startConnectorTo({ slapd: slapd.url, slow: relay.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await demo?.close();
	await relay?.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

/**
 * Opens the page, with a search if there are parameters.
 * @param {Record<string, string>} [parameters]
 * @param {{at?: string}} [options]
 */
async function openLookUp(parameters = {}, { at = `${connector.url}#/s/slapd` } = {}) {
	const opened = await goOn(`${at}/lookup?${new URLSearchParams(parameters)}`);
	await opened.page.locator("article.look-up").waitFor();
	return opened;
}

const everyone = { base: "ou=people,dc=example,dc=com", scope: "one", filter: "(objectClass=inetOrgPerson)" };

/**
 * Waits for the end of a search, and returns what the page says of it.
 * @param {Page} page
 */
async function ended(page) {
	await page.locator('.progress[data-running="false"]').waitFor();
	return (await page.locator("#lookup-status").textContent()) ?? "";
}

/** @param {Page} page */
const filterText = (page) => page.locator("#lookup-filter").inputValue();

/**
 * The values of fields or options.
 * @param {import("playwright-core").Locator} fields
 */
const valuesOf = (fields) => fields.evaluateAll((all) => all.map((one) => /** @type {HTMLInputElement} */ (one).value));

describe("the filter builder", () => {
	test("and the text are in step", async () => {
		const { page, context, wrong } = await openLookUp();
		const attributes = page.getByLabel("Attribute", { exact: true });
		const operators = page.getByLabel("Operator");
		const values = page.getByLabel("Value", { exact: true });
		await page.locator("#lookup-filter").fill("(&(cn=*b*)(!(mail=a\\2ab))(|(sn>=m)(uid=*)))");
		await page.waitForFunction(() => document.querySelectorAll(".condition").length === 4);
		assert.deepEqual(await valuesOf(attributes), ["cn", "mail", "sn", "uid"]);
		assert.deepEqual(await valuesOf(operators), ["contains", "equals", "atLeast", "present"]);
		assert.deepEqual(await valuesOf(values), ["b", "a*b", "m"]);
		assert.ok(await page.getByLabel("not").nth(2).isChecked(), "the condition of mail is negated");
		// What is done to the conditions is in the text, and what would be syntax is escaped.
		await values.first().fill("(*)\\");
		await page.getByLabel("Of the conditions").nth(1).selectOption("and");
		await page.getByLabel("Remove the condition").nth(3).click();
		await page.waitForFunction(
			(text) => /** @type {HTMLTextAreaElement} */ (document.querySelector("#lookup-filter")).value === text,
			"(&(cn=*\\28\\2a\\29\\5c*)(!(mail=a\\2ab))(&(sn>=m)))",
		);
		// A text that is none has its place marked, and the conditions stay.
		await page.locator("#lookup-filter").fill("(&(cn=a)(sn)");
		const mark = page.locator("#filter-flaw mark");
		await mark.waitFor();
		assert.match((await page.locator("#filter-flaw").textContent()) ?? "", /This is no filter/);
		assert.equal(await page.locator("#filter-flaw pre").textContent(), "(&(cn=a)(sn)");
		assert.equal(await page.locator(".condition").count(), 3);
		await accessible(page, "a filter with a flaw");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("knows the schema, and goes by keyboard", async () => {
		const { page, context } = await openLookUp();
		await page.locator("#lookup-base").fill(everyone.base);
		const offered = await valuesOf(page.locator("#lookup-attributes option"));
		assert.ok(offered.includes("telephoneNumber") && offered.includes("uidNumber"), `${offered.length} are offered`);
		const contexts = page.locator("#lookup-contexts option");
		await contexts.first().waitFor({ state: "attached" });
		assert.deepEqual(await valuesOf(contexts), ["dc=example,dc=com"]);
		const attribute = page.getByLabel("Attribute", { exact: true });
		await attribute.fill("nonsense");
		await page.getByText("The schema does not define this attribute.").waitFor();
		await attribute.fill("jpegPhoto");
		await page.getByLabel("Operator").selectOption("equals");
		await page.getByText("The schema names no EQUALITY rule for it").waitFor();
		// From the attribute on with keys alone.
		await attribute.focus();
		await page.keyboard.press("ControlOrMeta+a");
		await page.keyboard.type("uid");
		await page.keyboard.press("Tab");
		await page.keyboard.type("begins");
		await page.keyboard.press("Tab");
		await page.keyboard.type("person119");
		await page.keyboard.press("Enter");
		await page.locator(".results tbody a").first().waitFor();
		assert.match(await ended(page), /^11 entries in/);
		await page.locator(".results tbody a").first().focus();
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await page
			.locator('.entry[data-dn="uid=person1190,ou=people,dc=example,dc=com"] [data-attribute="uidNumber"]')
			.waitFor();
		assert.equal(
			await page.evaluate(() => document.activeElement?.textContent),
			"uid=person1190,ou=people,dc=example,dc=com",
		);
		await context.close();
	});
});

test("a definition leads to the entries that have it, and to what they have", async () => {
	const { page, context } = await goOn(`${connector.url}#/s/slapd/object-classes/inetOrgPerson`);
	await page.locator("article#definition").getByText("Look its entries up").click();
	await page.waitForFunction(
		() => /** @type {HTMLInputElement} */ (document.querySelector("#lookup-base"))?.value === "dc=example,dc=com",
	);
	assert.equal(await filterText(page), "(objectClass=inetOrgPerson)");
	await page.locator("#lookup-submit").click();
	assert.match(await ended(page), /^500 entries .*there are more/);
	await page.goto(`${connector.url}#/s/slapd/object-classes/inetOrgPerson`);
	await page.locator("article#definition").getByText("What an entry of it has").click();
	await page.locator('.entry .chosen [data-name="inetOrgPerson"]').waitFor();
	await page.goto(`${connector.url}#/s/slapd/attribute-types/jpegPhoto`);
	await page.locator("article#definition").getByText("Look up entries that have it").click();
	await page.waitForFunction(
		() => /** @type {HTMLInputElement} */ (document.querySelector("#lookup-filter"))?.value === "(jpegPhoto=*)",
	);
	await context.close();
});

describe("results", () => {
	test("come page by page, as rows of which few are in the document", async () => {
		const { page, context, wrong } = await openLookUp({ ...everyone, attributes: "cn,uidNumber,mail" });
		assert.match(await ended(page), /^500 entries .*there are more/);
		assert.deepEqual(await page.locator(".results thead th").allTextContents(), ["DN", "cn", "uidNumber", "mail"]);
		const row = page.locator('tr[data-dn="uid=person4,ou=people,dc=example,dc=com"]');
		assert.match((await row.textContent()) ?? "", /Élodie Schmidt 4.*10004.*person4@example\.com \+1/);
		assert.ok((await page.locator(".results tbody tr").count()) < 150);
		// Scrolling to the end fetches the next page, and so does the button.
		await page.locator(".results").evaluate((panel) => panel.scrollTo(0, panel.scrollHeight));
		await page.waitForFunction(() => document.querySelector("#lookup-status")?.getAttribute("data-found") === "1000");
		await page.locator("#lookup-next").click();
		await page.waitForFunction(
			(all) => document.querySelector("#lookup-status")?.getAttribute("data-found") === all,
			String(people),
		);
		assert.match(await ended(page), /^1,200 entries in [\d.]+ s$/);
		assert.equal(await page.locator("#lookup-next").count(), 0);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("stop at the limit, and when they are cancelled", async () => {
		const { page, context } = await openLookUp({ ...everyone, size: "7" });
		assert.match(await ended(page), /^7 entries .*the size limit is reached/);
		await page.evaluate(() => {
			new MutationObserver((_, observer) => {
				const cancel = document.querySelector("#lookup-cancel");
				if (!cancel) return;
				observer.disconnect();
				/** @type {HTMLElement} */ (cancel).click();
			}).observe(document.body, { childList: true, subtree: true });
		});
		await page.locator("#lookup-size").fill("");
		await page.locator("#lookup-submit").click();
		await page.locator("#lookup-status", { hasText: "cancelled" }).waitFor();
		assert.ok(Number(await page.locator("#lookup-status").getAttribute("data-found")) < 500);
		// The next one is not disturbed by it.
		await page.locator("#lookup-submit").click();
		await page.locator("#lookup-status", { hasText: /^500 entries/ }).waitFor();
		await context.close();
	});

	test("that are on their way say how many there are so far, and stay when they are cancelled", async () => {
		const one = { ...everyone, filter: "(uid=person3)" };
		const { page, context } = await openLookUp(one, { at: `${connector.url}#/s/slow` });
		assert.match(await ended(page), /^1 entry in/);
		relay.hold(40_000);
		await page.locator("#lookup-filter").fill(everyone.filter);
		await page.locator("#lookup-submit").click();
		const status = page.locator("#lookup-status");
		await status.getByText(/^\d+ entries so far, [1-9][\d.]* s …$/).waitFor();
		await page.getByRole("progressbar", { name: "Searching" }).waitFor();
		const found = Number(await status.getAttribute("data-found"));
		assert.ok(found > 10 && found < 500, `${found} entries so far`);
		await page.locator(".results tbody a").first().waitFor();
		await accessible(page, "a search on its way");
		await page.screenshot({ path: `${pictures}lookup-running.png` });
		await page.locator("#lookup-cancel").click();
		assert.match(await ended(page), /; cancelled$/);
		assert.equal(await status.getAttribute("data-found"), String(found));
		relay.release();
		await page.locator("#lookup-submit").click();
		await page.locator("#lookup-status", { hasText: /^500 entries/ }).waitFor();
		await context.close();
	});

	test("are saved as LDIF, JSON and CSV, all of them", async () => {
		const { page, context } = await openLookUp({ ...everyone, attributes: "cn,uidNumber" });
		await ended(page);
		/** @param {string} format */
		const saved = async (format) => {
			const coming = page.waitForEvent("download");
			await page.locator(`.downloads [data-format="${format}"]`).click();
			const download = await coming;
			assert.equal(download.suggestedFilename(), `slapd.${format}`);
			return readFile(await download.path(), "utf8");
		};
		const ldif = await saved("ldif");
		assert.equal(ldif.match(/^dn: uid=person\d+,/gm)?.length, people);
		assert.match(ldif, /^uidNumber: 11199$/m);
		const json = (await saved("json")).trim().split("\n");
		assert.equal(json.length, people);
		assert.equal(JSON.parse(json[7] ?? "").attributes.uidNumber, 10007);
		const [head, ...lines] = (await saved("csv")).trim().split(/\r?\n/);
		assert.match(head ?? "", /^dn,cn,uidNumber$/i);
		assert.equal(lines.length, people);
		await context.close();
	});

	test("say why there are none", async () => {
		const { page, context } = await openLookUp({ ...everyone, base: "ou=nobody,dc=example,dc=com" });
		const alert = page.locator(".outcome [role=alert]");
		await alert.waitFor();
		assert.match((await alert.textContent()) ?? "", /noSuchObject/);
		await context.close();
	});

	test("have an address", async () => {
		const { page, context } = await openLookUp();
		await page.locator("#lookup-base").fill("ou=people,dc=example,dc=com");
		await page.locator("#lookup-scope").selectOption("one");
		await page.locator("#lookup-filter").fill("(uid=person12)");
		const tokens = page.locator("#lookup-attributes-input");
		await tokens.fill("cn");
		await tokens.press("Enter");
		await tokens.fill("sn,");
		assert.deepEqual(await page.locator("[data-token]").evaluateAll((all) => all.map((one) => one.dataset.token)), [
			"cn",
			"sn",
		]);
		await page.locator("#lookup-submit").click();
		await page.locator(".results tbody a").click();
		await page.locator(".entry [data-attribute=uid]").waitFor();
		const { hash } = new URL(page.url());
		const asked = new URLSearchParams(hash.split("?")[1]);
		assert.deepEqual(Object.fromEntries(asked), {
			base: "ou=people,dc=example,dc=com",
			scope: "one",
			filter: "(uid=person12)",
			attributes: "cn,sn",
			entry: "uid=person12,ou=people,dc=example,dc=com",
		});
		await page.reload();
		await page.locator(".entry [data-attribute=uid]").waitFor();
		await page.locator(".results tbody a").waitFor();
		await page.goBack();
		await page.locator(".entry").waitFor({ state: "detached" });
		assert.equal(await filterText(page), "(uid=person12)");
		await context.close();
	});
});

describe("an entry", () => {
	test("has all attributes with types, and its photo", async () => {
		const dn = "uid=ada.moreau,ou=people,dc=example,dc=com";
		const { page, context, wrong } = await openLookUp({ entry: dn }, { at: `${demo.url}#/s/demo` });
		const field = (/** @type {string} */ name) => page.locator(`.entry [data-attribute="${name}"]`);
		const photo = field("jpegPhoto").locator("img");
		await photo.waitFor();
		assert.ok(await photo.evaluate((img) => /** @type {HTMLImageElement} */ (img).naturalWidth > 10));
		assert.match((await photo.getAttribute("src")) ?? "", /^blob:/);
		assert.match((await field("createTimestamp").textContent()) ?? "", /UTC 2024-01-10T09:30:00Z/);
		assert.match((await field("entryUUID").locator('[data-kind="guid"]').textContent()) ?? "", /^[\da-f-]{36}$/);
		await field("jpegPhoto").locator("button.raw").click();
		assert.match((await field("jpegPhoto").locator(".hex").textContent()) ?? "", /^0000 {2}ff d8 ff/);
		// A value that is a DN leads to its entry, a name to its definition.
		await field("creatorsName").locator("dd a").click();
		await page.locator('.entry[data-dn="uid=chidi.okonkwo,ou=people,dc=example,dc=com"] [data-attribute=cn]').waitFor();
		await field("displayName").locator("dt a").click();
		await page.locator('article#definition[data-name="displayName"]').waitFor();
		await page.goBack();
		await field("displayName").waitFor();
		assert.deepEqual(wrong, []);
		await context.close();
	});
});

describe("a bind", () => {
	test("leaves the password nowhere, and a wrong one is told", async () => {
		const { page, context } = await openLookUp({ ...everyone, filter: "(uid=person3)" });
		await page.locator(".results tbody a").waitFor();
		await page.locator("#lookup-bind-button").click();
		const dialog = page.locator("dialog#lookup-bind");
		await dialog.waitFor();
		await accessible(page, "the bind dialog");
		const bind = async (/** @type {string} */ password) => {
			await dialog.locator('input[name="dn"]').fill("cn=admin,dc=example,dc=com");
			await dialog.locator('input[name="password"]').fill(password);
			await dialog.locator('[type="submit"]').click();
		};
		await bind("not-this-1");
		await dialog.locator('[role="alert"]', { hasText: "invalidCredentials" }).waitFor();
		await bind("secret");
		await page.locator("#identity", { hasText: "bound as cn=admin,dc=example,dc=com" }).waitFor();
		await page.locator(".results tbody a").waitFor();
		const kept = await page.evaluate(() =>
			JSON.stringify([
				location.href,
				document.documentElement.outerHTML,
				{ ...localStorage },
				{ ...sessionStorage },
				history.state,
			]),
		);
		assert.ok(!/\bsecret\b|not-this-1/.test(kept), "a password is in the page, its address or its storage");
		assert.equal(await page.locator("input[type=password]").count(), 0);
		// The connector's policy keeps secrets from everybody.
		await page.locator(".results tbody a").click();
		await page.locator(".entry [data-attribute=uid]").waitFor();
		assert.equal(await page.locator(".entry [data-attribute=userPassword]").count(), 0);
		await page.getByRole("button", { name: "Be anonymous" }).click();
		await page.locator("#identity", { hasText: "anonymous" }).waitFor();
		await context.close();
	});
});

test("a session ends with the schema that it was opened for", async () => {
	const { page, context } = await openLookUp({ ...everyone, filter: "(uid=person3)" });
	await page.locator(".results tbody a").waitFor();
	const sessions = await connectionsTo(slapd.url);
	assert.ok(sessions >= 2, `${sessions} sessions: the schema's and the search's`);
	// The look-up on the page is made for the new schema, and has a session of its own: the old ones are gone.
	await page.locator("#reload").click();
	await page.locator('#status[data-state="live"]').waitFor();
	await page.locator(".results tbody a").waitFor();
	const patience = performance.now() + 10_000;
	while ((await connectionsTo(slapd.url)) > sessions && performance.now() < patience) await page.waitForTimeout(100);
	assert.equal(await connectionsTo(slapd.url), sessions);
	await context.close();
});

test("a schema that was saved has no entries, and says who has", async () => {
	const { page, context } = await openLookUp({}, { at: `${connector.url}#/s/offline:SLAPD_2_5` });
	await page.locator("article.look-up a", { hasText: "slapd" }).click();
	await page.locator("#lookup-submit").waitFor();
	await context.close();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
	test(`the look-up page is accessible: ${colorScheme}`, async () => {
		const parameters = { ...everyone, filter: "(&(objectClass=person)(|(sn=Sch*)(!(mail=*))))" };
		const { page, context, wrong } = await openLookUp(parameters);
		await page.emulateMedia({ colorScheme });
		await page.locator(".results tbody a").first().waitFor();
		const sizes = [
			[1440, 900],
			[390, 844],
		];
		const look = async (/** @type {string} */ what) => {
			for (const [width = 0, height = 0] of sizes) {
				await page.setViewportSize({ width, height });
				await accessible(page, what);
				await page.screenshot({ path: `${pictures}lookup-${what}-${colorScheme}-${width}.png` });
				const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				assert.ok(overflow <= 0, `${overflow} pixels too wide`);
			}
		};
		await look("results");
		await page.locator(".results tbody a").first().click();
		await page.locator(".entry [data-attribute=uid]").waitFor();
		await look("entry");
		assert.deepEqual(wrong, []);
		await context.close();
	});
