// The server page in Chromium, as it is shipped, against real servers.
import assert from "node:assert/strict";

import { createHash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { accessible, fact, goingOn, launch, openPage, pictures } from "./browser.mjs";
import { ldapsearch, startConnectorTo, startServer, startSlapd } from "./processes.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let secure;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let second;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let ad;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	[browser, secure, second, ad] = await Promise.all([
		launch(),
		startSlapd({ tls: true }),
		startSlapd(),
		startServer("AD_2012_R2"),
	]);
	const servers = { secure: { url: secure.url, tls: { ca_file: secure.ca } }, second: second.url, ad: ad.url };
	const pools = [{ name: "both", strategy: "FIRST", servers: ["secure", "second"] }];
	connector = await startConnectorTo(servers, { pools });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	for (const server of [secure, second, ad]) await server?.close();
});

const goOn = goingOn(() => browser);

/**
 * Opens the server page of a source.
 * @param {string} source
 */
async function openServer(source) {
	const opened = await goOn(`${connector.url}#/s/${source}/server`);
	await opened.page.locator(`[data-source="${source}"] [data-part="rootDSE"]`).waitFor();
	return opened;
}

describe("the server page", () => {
	test("says what the server's root DSE says, by name", async () => {
		const { page, context, wrong } = await openServer("second");
		const oids = await ldapsearch(second.url, "supportedControl", "");
		assert.ok(oids.length > 5, `slapd has ${oids.length} controls`);
		const shown = await page
			.locator('[data-part="controls"] tr[data-oid]')
			.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-oid") ?? ""));
		assert.deepEqual(shown.toSorted(), oids.toSorted());
		const paged = page.locator('[data-part="controls"] tr[data-oid="1.2.840.113556.1.4.319"]');
		assert.match((await paged.textContent()) ?? "", /paged|simple/i);
		assert.match((await paged.textContent()) ?? "", /RFC/);
		const whoAmI = page.locator('[data-part="extensions"] tr[data-oid="1.3.6.1.4.1.4203.1.11.3"]');
		assert.match((await whoAmI.textContent()) ?? "", /who am i/i);
		assert.match((await fact(page, "facts", "Naming contexts").textContent()) ?? "", /dc=example,dc=com/);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("has the facts of TLS", async () => {
		const { page, context } = await openServer("secure");
		await fact(page, "session", "TLS").waitFor();
		assert.match((await fact(page, "session", "TLS").textContent()) ?? "", /^TLS 1\.3/);
		assert.equal(await fact(page, "session", "Certificate").textContent(), "verified");
		const certificate = new X509Certificate(await readFile(secure.ca ?? ""));
		const fingerprint = createHash("sha256").update(certificate.raw).digest("hex");
		assert.equal(await fact(page, "session", "SHA-256 fingerprint").textContent(), fingerprint);
		await context.close();
	});

	test("follows the members of a pool, and says what has failed", async () => {
		const { page, context } = await openServer("both");
		const member = (/** @type {string} */ url) => page.locator(`#health tbody[data-url="${url}"]`);
		await member(secure.url).locator('tr[data-answered="true"]').waitFor();
		await member(second.url).locator('tr[data-answered="true"]').waitFor();
		assert.equal(await member(second.url).getAttribute("data-state"), "up");
		await second.kill();
		try {
			await page.locator("#check").click();
			const dead = member(second.url).locator('tr[data-answered="false"]');
			await dead.waitFor();
			assert.match((await dead.textContent()) ?? "", /fails.*connecting: .*refused/);
			await accessible(page, "a pool with a dead member");
			await page.screenshot({ path: `${pictures}server-pool.png` });
		} finally {
			await second.start();
		}
		await context.close();
	});

	test("asks nobody while it is out of sight", async () => {
		// With a clock of its own nobody goes on with the page.
		const { page, context } = await openPage(browser, `${connector.url}#/s/both/server`);
		await page.locator("#health tr[data-answered]").first().waitFor();
		await page.clock.install();
		await page.evaluate(() => {
			Object.defineProperty(document, "hidden", { value: true, configurable: true });
			document.dispatchEvent(new Event("visibilitychange"));
		});
		/** @type {string[]} */
		const asked = [];
		page.on("request", (request) => asked.push(request.url()));
		await page.clock.runFor(60_000);
		assert.deepEqual(asked, []);
		await page.evaluate(() => {
			Object.defineProperty(document, "hidden", { value: false, configurable: true });
			document.dispatchEvent(new Event("visibilitychange"));
		});
		const next = Promise.all([page.waitForRequest(/v1\/servers$/), page.waitForRequest(/both\/check$/)]);
		await page.clock.runFor(16_000);
		await next;
		await context.close();
	});

	test("of Active Directory has its features by name and its values with types", async () => {
		const { page, context } = await openServer("ad");
		const features = page.locator('[data-part="features"] tr[data-oid="1.2.840.113556.1.4.800"]');
		assert.match((await features.textContent()) ?? "", /^Active directory/);
		const time = page.locator('[data-attribute="currentTime"] time');
		assert.match((await time.textContent()) ?? "", /UTC.*\d{4}-\d\d-\d\dT[\d:]+Z/);
		await page.locator('[data-attribute="currentTime"] button.raw').click();
		assert.match((await page.locator('[data-attribute="currentTime"] .hex').textContent()) ?? "", /^0000 {2}3[0-9]/);
		await context.close();
	});

	test("of what was saved has the root DSE that was saved with it", async () => {
		const { page, context } = await openServer("offline:AD_2012_R2");
		assert.match((await fact(page, "facts", "Naming contexts").textContent()) ?? "", /DC=/);
		assert.equal(await page.locator("#check").count(), 0);
		await context.close();
	});

	for (const colorScheme of /** @type {const} */ (["light", "dark"]))
		test(`is accessible: ${colorScheme}`, async () => {
			const { page, context, wrong } = await openServer("ad");
			await page.emulateMedia({ colorScheme });
			await page.locator("#health tr[data-answered]").waitFor();
			for (const [width = 0, height = 0] of [
				[1440, 900],
				[390, 844],
			]) {
				await page.setViewportSize({ width, height });
				await accessible(page, "the server page");
				await page.screenshot({ path: `${pictures}server-${colorScheme}-${width}.png` });
				const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				assert.ok(overflow <= 0, `${overflow} pixels too wide`);
			}
			assert.deepEqual(wrong, []);
			await context.close();
		});
});
