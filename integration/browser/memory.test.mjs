// Schemas that have been closed leave nothing behind. WebAssembly memory never shrinks: what it has grown by stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { servePackage } from "./package-site.mjs";
import { startConnectorTo, startServer } from "./processes.mjs";

/** How many schemas are opened and closed; ./build.sh soak has a thousand. */
const loads = Number(process.env.LOADS ?? 30);

const script = `import { initialize, listServers, openSchema } from "/npm/index.js";
initialize();
globalThis.load = async (connector, times) => {
	const [server] = await listServers(connector);
	for (let i = 0; i < times; i++) {
		const schema = await openSchema({ connector, server });
		await schema.definition("objectClasses", "user");
		await schema.search("user*");
		await schema.close();
	}
};`;

test("a module that has opened and closed many schemas is no larger", { timeout: 900_000 }, async () => {
	const browser = await launch();
	const server = await startServer("AD_2012_R2");
	const site = await servePackage({ "load.js": script });
	const connector = await startConnectorTo({ ad: server.url }, { origins: [site.origin] });
	try {
		const { page } = await openPage(browser, site.origin);
		await page.addScriptTag({ url: "/load.js", type: "module" });
		await page.waitForFunction(() => "load" in globalThis);
		/** @param {number} times */
		async function memoryAfter(times) {
			await page.evaluate(
				([url, n]) => /** @type {any} */ (globalThis).load(url, n),
				/** @type {const} */ ([connector.url, times]),
			);
			const size = await page
				.workers()[0]
				?.evaluate(() => /** @type {any} */ (globalThis).ldapedgeMemory.buffer.byteLength);
			return Number(size);
		}
		const before = await memoryAfter(10);
		const after = await memoryAfter(loads - 10);
		console.log(
			`memory after 10 schemas ${before / 1e6} MB, after ${loads} ${after / 1e6} MB: ${(after / before).toFixed(2)}`,
		);
		assert.ok(before > 1e6, `${before} bytes cannot be all`);
		assert.ok(after <= 1.1 * before, `it has grown from ${before} to ${after} bytes`);
	} finally {
		await browser.close();
		await connector.close();
		await site.close();
		await server.close();
	}
});
