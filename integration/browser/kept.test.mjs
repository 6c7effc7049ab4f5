// What a source listed last, which the page shows until its schema is there anew.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, openPage, openSources } from "./browser.mjs";
import { namesOfRows } from "./listing.mjs";
import { startConnectorTo, startServer } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{source: string, url: string, version: string, text: string, used: number}} Row */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	[browser, server] = await Promise.all([launch(), startServer("SLAPD_2_4")]);
	connector = await startConnectorTo({ ldap: server.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await server?.close();
});

/**
 * Does something to the lists that the browser keeps, and returns what it keeps then.
 * @param {Page} page
 * @param {{put?: Row[]}} [change]
 */
const keptLists = (page, { put = [] } = {}) =>
	page.evaluate(async (rows) => {
		/** @type {<T>(request: IDBRequest<T>) => Promise<T>} */
		const done = (request) =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const db = await done(indexedDB.open("ldapedge"));
		const lists = db.transaction("lists", "readwrite").objectStore("lists");
		for (const row of rows) lists.put(row);
		const all = await done(lists.getAll());
		db.close();
		return /** @type {Row[]} */ (all);
	}, put);

/**
 * Waits until the browser keeps the lists of these sources, and of no others.
 * @param {Page} page
 * @param {string[]} sources
 */
async function keeps(page, sources) {
	for (;;) {
		const rows = await keptLists(page);
		if (rows.map(({ source }) => source).join() === sources.join()) return rows;
		await page.waitForTimeout(50);
	}
}

/** Opens the page, without a service worker, which would keep the module too, and waits until its list is kept. */
async function openKept() {
	const opened = await openPage(browser, connector.url, { serviceWorkers: "block" });
	const { page } = opened;
	await page.locator('#status[data-state="live"]').waitFor();
	const [row] = await keeps(page, ["ldap"]);
	assert.ok(row);
	return { ...opened, row };
}

/**
 * Holds the module back from now on, until what is returned is called.
 * @param {Page} page
 */
async function holdModule(page) {
	/** @type {(() => void)[]} */
	const waiting = [];
	let held = true;
	await page.context().route(/\.wasm$/, async (route) => {
		if (held) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
		await route.continue();
	});
	return () => {
		held = false;
		for (const go of waiting) go();
	};
}

/** @param {Page} page */
const counts = (page) =>
	page.locator("[role=tab]").evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute("data-count")));

describe("what was listed last", { timeout: 300_000 }, () => {
	test("is shown, filtered and gone through before the module is there", async () => {
		const { page, context, wrong } = await openKept();
		const [names, numbers] = [await namesOfRows(page), await counts(page)];
		const release = await holdModule(page);
		await page.goto(connector.url);
		await page.locator("#list a.row").first().waitFor();
		assert.equal(await page.locator("#status").getAttribute("data-state"), "loading");
		assert.deepEqual(await namesOfRows(page), names);
		assert.deepEqual(await counts(page), numbers);
		await page.locator('.chip[data-facet="kind"][data-value="AUXILIARY"]').click();
		await page.locator('#list a.row[data-name="posixAccount"]').waitFor();
		assert.equal(await page.locator('#list a.row[data-kind="STRUCTURAL"]').count(), 0);
		await page.locator('[role=tab][data-collection="attributeTypes"]').click();
		await page.locator("#list a.row").first().focus();
		await page.keyboard.press("End");
		await page.locator('#list a.row[data-name="x500UniqueIdentifier"]').waitFor();
		await page.keyboard.press("Enter");
		await page.locator(".detail .loading").waitFor();
		assert.equal(await page.locator("#status").getAttribute("data-state"), "loading");
		release();
		await page.locator('article#definition[data-name="x500UniqueIdentifier"]').waitFor();
		assert.equal(await page.locator("#status").getAttribute("data-state"), "live");
		assert.deepEqual(
			wrong.filter((one) => !one.startsWith("Service Worker registration blocked")),
			[],
		);
		await context.close();
	});

	test("is replaced when the server has another schema by now", async () => {
		const { page, context, row } = await openKept();
		const old = row.text.replaceAll('"account"', '"aardvark"');
		assert.notEqual(old, row.text);
		await keptLists(page, { put: [{ ...row, text: old }] });
		const release = await holdModule(page);
		await page.goto(`${connector.url}#/s/ldap/object-classes`);
		await page.reload();
		await page.locator('#list a.row[data-name="aardvark"]').waitFor();
		release();
		await page.locator('#list a.row[data-name="account"]').waitFor();
		assert.equal(await page.locator('#list a.row[data-name="aardvark"]').count(), 0);
		const search = page.locator("#search");
		await search.fill("aardvark");
		await page.locator('.nothing[data-query="aardvark"]').waitFor();
		while ((await keptLists(page))[0]?.text.includes("aardvark")) await page.waitForTimeout(50);
		await context.close();
	});

	test("of another version of the page, or of another server of the name, is not shown", async () => {
		const { page, context, row } = await openKept();
		for (const other of [{ version: "another" }, { url: "ldap://127.0.0.1:1" }]) {
			await keptLists(page, { put: [{ ...row, ...other }] });
			const release = await holdModule(page);
			await page.goto(connector.url);
			await page.locator(".detail .loading").waitFor();
			await page.waitForFunction(() => document.querySelector(".loading")?.textContent?.includes("ldap"));
			assert.equal(await page.locator("#list").count(), 0);
			release();
			await page.locator('#status[data-state="live"]').waitFor();
		}
		await context.close();
	});

	test("is forgotten with its server, and with its file", async () => {
		const { page, context, row } = await openKept();
		await keptLists(page, { put: [{ ...row, source: "gone" }] });
		await page.reload();
		await keeps(page, ["ldap"]);
		const dialog = await openSources(page);
		const definition = Buffer.from("( 1.1.1 NAME 'colour' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )\n");
		await dialog
			.locator('input[type="file"]')
			.first()
			.setInputFiles({ name: "mine.schema", mimeType: "text/plain", buffer: definition });
		await page.locator('#status[data-state="saved"]').waitFor();
		await keeps(page, ["file:mine.schema", "ldap"]);
		const sources = await openSources(page);
		const close = sources.getByRole("button", { name: "Close mine.schema" });
		await close.click(); // it is among those of late then
		await page.locator('#status[data-state="live"]').waitFor();
		if (!(await sources.isVisible())) await openSources(page);
		await close.click();
		await keeps(page, ["ldap"]);
		await context.close();
	});

	test("is not kept of what a token was needed for", async () => {
		const guarded = await startConnectorTo({ ldap: server.url }, { token: true });
		try {
			const { page, context } = await openPage(browser, guarded.url, { serviceWorkers: "block" });
			const dialog = page.locator("dialog#token");
			await dialog.waitFor();
			// As if it had been read before the connector asked for a token.
			const row = { source: "ldap", url: server.url, version: "before", text: "{}", used: 0 };
			await keptLists(page, { put: [row] });
			await dialog.locator('input[name="token"]').fill(guarded.token);
			await dialog.locator('[type="submit"]').click();
			await page.locator('#status[data-state="live"]').waitFor();
			await keeps(page, []);
			await context.close();
		} finally {
			await guarded.close();
		}
	});
});

describe("what is typed before the module is there", { timeout: 300_000 }, () => {
	test("is answered once it is, and Enter opens the best result", async () => {
		for (const kept of [false, true]) {
			const { page, context } = kept
				? await openKept()
				: await openPage(browser, "about:blank", { serviceWorkers: "block" });
			const release = await holdModule(page);
			await page.goto(connector.url);
			await page.locator("#search").pressSequentially("inetOrg");
			await page.keyboard.press("Enter");
			assert.equal(await page.locator("#status").getAttribute("data-state"), "loading");
			assert.equal(await page.locator("#search").inputValue(), "inetOrg");
			release();
			await page.locator('article#definition[data-name="inetOrgPerson"]').waitFor();
			await page.locator('#list[data-query="inetOrg"]').waitFor();
			await context.close();
		}
	});

	test("is not lost before the servers are known", async () => {
		const { page, context } = await openPage(browser, "about:blank", { serviceWorkers: "block" });
		/** @type {() => void} */
		let go = () => undefined;
		const held = new Promise((resolve) => {
			go = () => resolve(undefined);
		});
		await context.route(/\/v1\/servers$/, async (route) => {
			await held;
			await route.continue();
		});
		await page.goto(connector.url);
		await page.locator("#search").pressSequentially("posix");
		go();
		await page.locator('#list[data-query="posix"] a.row[data-name="posixAccount"]').waitFor();
		assert.equal(await page.locator("#search").inputValue(), "posix");
		await context.close();
	});
});
