// The page without its connector, and how it comes by a newer version of itself.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, launch, openPage, pictures } from "./browser.mjs";
import { root, serveFolder, startConnectorTo, startSlapd } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
	browser = await launch();
});

after(async () => {
	await browser?.close();
});

/**
 * Waits until the browser keeps the page.
 * @param {Page} page
 */
const kept = (page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

/**
 * All that the browser keeps of the site: addresses, without the origin, and contents.
 * @param {Page} page
 */
const caches = (page) =>
	page.evaluate(async () => {
		/** @type {Record<string, string>} */
		const all = {};
		for (const name of await globalThis.caches.keys()) {
			const cache = await globalThis.caches.open(name);
			for (const request of await cache.keys())
				all[request.url.replace(location.origin, "")] = await ((await cache.match(request))?.text() ?? "");
		}
		return all;
	});

test("works without its connector, and keeps nothing of what that has said", async () => {
	const slapd = await startSlapd();
	const connector = await startConnectorTo({ slapd: slapd.url }, { token: true });
	try {
		const { page, context } = await openPage(browser, connector.url);
		const dialog = page.locator("dialog#token");
		await dialog.locator('input[name="token"]').fill(connector.token);
		await dialog.locator('[type="submit"]').click();
		await page.locator('#status[data-state="live"]').waitFor();
		await kept(page);
		await page.reload();
		await page.locator('#status[data-state="live"]').waitFor();
		const all = await caches(page);
		const files = Object.keys(all).map((file) => file.replace(/-[\w-]{8}\./, "-*."));
		for (const file of [
			"/index.html",
			"/theme.js",
			"/assets/index-*.js",
			"/assets/worker-*.js",
			"/assets/ldapedge-*.wasm",
		])
			assert.ok(files.includes(file), `${file} is not among ${files}`);
		assert.ok(!files.some((file) => file.includes("v1")), files.join());
		for (const [file, text] of Object.entries(all))
			assert.ok(!text.includes(connector.token), `the token is in ${file}`);
		await connector.close();
		await page.reload();
		await page.locator('#error[data-code="connector-unreachable"]').waitFor();
		await accessible(page, "the page without its connector");
		await context.close();
	} finally {
		await connector.close().catch(() => undefined);
		await slapd.close();
	}
});

/**
 * Makes a site another version of itself, as a build does that changes its page.
 * @param {string} dir
 */
async function renew(dir) {
	const page = join(dir, "index.html");
	const worker = join(dir, "service-worker.js");
	const text = await readFile(page, "utf8");
	const version = /name="version" content="(\w+)"/.exec(text)?.[1] ?? "";
	const next = text.replace(version, "another").replace("<div id", '<div data-new="yes" id');
	const hash = (/** @type {string} */ of) => createHash("sha256").update(of).digest("hex");
	const script = await readFile(worker, "utf8");
	await writeFile(worker, script.replace(version, "another").replace(hash(text), hash(next)));
	await writeFile(page, next);
}

test("says that there is a newer version, and takes it when it is loaded anew", async () => {
	const dir = await mkdtemp(join(tmpdir(), "ldapedge-site-"));
	await cp(`${root}dist/www`, dir, { recursive: true });
	const server = await serveFolder(dir);
	try {
		const { url } = server;
		const { page, context } = await openPage(browser, url);
		const other = await context.newPage();
		await other.goto(url);
		await kept(page);
		await kept(other);
		await page.reload();
		await page.locator("#error").waitFor();
		await renew(dir);
		await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
		for (const open of [page, other]) await open.locator("#newer").getByText("There is a newer version").waitFor();
		await accessible(page, "the page with a newer version");
		await page.screenshot({ path: `${pictures}newer.png` });
		assert.equal(await page.locator("#app").getAttribute("data-new"), null, "the open page is what it was");
		await page.locator("#newer button.main").click();
		await page.locator('#app[data-new="yes"]').waitFor();
		await page.locator("#error").waitFor();
		assert.equal(await page.locator("#newer p").count(), 0);
		// The old version's files are there as long as one of its pages is.
		assert.equal(await other.evaluate(async () => (await globalThis.caches.keys()).length), 2);
		await other.close();
		await page.close();
		const last = await context.newPage();
		await last.goto(url);
		await last.waitForFunction(async () => (await globalThis.caches.keys()).length === 1);
		assert.deepEqual(await last.evaluate(() => globalThis.caches.keys()), ["viewer another"]);
		await context.close();
	} finally {
		await server.close();
		await rm(dir, { recursive: true });
	}
});
