// Schemas with the npm package as it is shipped, in Chromium: what the small module hands over to the toolkit, each in a
// worker of its own. integration/npm tries out the rest.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { servePackage } from "./package-site.mjs";
import { startConnectorTo, startSlapd } from "./processes.mjs";

/** @type {Awaited<ReturnType<typeof servePackage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;
/** @type {string[]} */
const loaded = [];

before(async () => {
	site = await servePackage({
		"formatters.js": "export default { cn: { format: (bytes) => bytes.length, validate: (n) => new Uint8Array(n) } };",
	});
	slapd = await startSlapd();
	connector = await startConnectorTo({ slapd: slapd.url }, { origins: [site.origin] });
	browser = await launch();
	const context = await browser.newContext();
	page = await context.newPage();
	context.on("request", (request) => loaded.push(new URL(request.url()).pathname));
	await page.goto(site.origin);
	await page.evaluate(async () => {
		const path = "/npm/index.js"; // not one that the type check looks for
		Object.assign(globalThis, { ldapedge: await import(path) });
	});
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
	site?.close();
});

/**
 * Opens slapd's schema in the page, does something with it, and closes it.
 * @template T
 * @param {(schema: import("ldapedge").Schema, ldapedge: typeof import("ldapedge")) => Promise<T>} use
 * @returns {Promise<T>}
 */
function withLive(use) {
	return page.evaluate(
		async ({ connector, url, use }) => {
			const { ldapedge } = /** @type {{ldapedge: typeof import("ldapedge")}} */ (/** @type {unknown} */ (globalThis));
			const schema = await ldapedge.openSchema({ connector, server: { name: "slapd", url } });
			try {
				return await new Function(`return ${use}`)()(schema, ldapedge);
			} finally {
				await schema.close();
			}
		},
		{ connector: connector.url, url: slapd.url, use: String(use) },
	);
}

test("a live schema needs the small module alone", async () => {
	const person = await withLive((schema) => schema.definition("objectClasses", "person"));
	assert.equal(person.class?.must[0]?.name, "sn");
	assert.ok(loaded.includes("/npm/ldapedge.wasm"));
	assert.ok(!loaded.includes("/npm/toolkit.wasm"), "the toolkit was loaded");
});

test("a live schema is handed over to the toolkit", async () => {
	const found = await withLive(async (schema, ldapedge) => {
		const other = await ldapedge.openSchema({ offline: "SLAPD_2_5" });
		const [info, effective, findings, difference, converted, values] = await Promise.all([
			schema.info(),
			schema.effective(["inetOrgPerson"]),
			schema.lint({ severity: "error" }),
			schema.diff(other),
			schema.convert("ldif"),
			schema.format("uidNumber", ["1000"]),
		]);
		await other.close();
		return { info, effective, findings, difference, converted, values, origin: schema.summary.origin };
	});
	assert.equal(found.origin.kind, "live");
	assert.ok(!found.origin.saved && found.origin.modified?.startsWith("20"), JSON.stringify(found.origin));
	assert.ok(found.info.controls.some(({ oid, names }) => oid === "1.2.840.113556.1.4.319" && names.length > 0));
	assert.ok(found.info.namingContexts.length > 0);
	assert.deepEqual(found.effective.must.map(({ name }) => name).toSorted(), ["cn", "objectClass", "sn"]);
	assert.ok(found.findings.every(({ severity }) => severity === "error"));
	assert.ok(found.difference.summary.added > 100, "SLAPD_2_5 has more schemas");
	assert.match(found.converted.text, /^dn: cn=Subschema\n/);
	assert.deepEqual(found.values.values, [{ kind: "integer", value: 1000 }]);
	assert.ok(loaded.includes("/npm/toolkit.wasm") && loaded.includes("/npm/oids.txt.gz"));
});

test("formatters of a script run in the worker", async () => {
	const { values, bytes, failure } = await page.evaluate(async () => {
		const { ldapedge } = /** @type {{ldapedge: typeof import("ldapedge")}} */ (/** @type {unknown} */ (globalThis));
		const formatters = new URL("/formatters.js", location.href);
		const schema = await ldapedge.openSchema({ offline: "SLAPD_2_4", formatters });
		const { values } = await schema.format("commonName", ["12345"]);
		const [bytes] = await schema.validate("cn", [3]);
		const gone = await ldapedge.openSchema({ offline: "SLAPD_2_4", formatters: new URL("/gone.js", location.href) });
		const failure = await gone.format("cn", ["x"]).catch((error) => error.code);
		await Promise.all([schema.close(), gone.close()]);
		return { values, bytes: bytes?.length, failure };
	});
	assert.deepEqual(values, [{ kind: "custom", value: 5 }]);
	assert.equal(bytes, 3);
	assert.equal(failure, "unavailable");
});
