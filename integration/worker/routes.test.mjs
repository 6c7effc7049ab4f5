// Every route about schemas and values, first and again, equals what the command line says of the same schemas.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../browser/processes.mjs";
import { second, shipped, startWorker } from "./workerd.mjs";

/** @param {string[]} args */
async function said(...args) {
	const { stdout } = await promisify(execFile)(join(root, "dist/ldapedge"), args, { maxBuffer: 1 << 26 });
	return JSON.parse(stdout);
}

const config = {
	schemas: [
		{ name: "old", offline: "SLAPD_2_4" },
		{ name: "new", offline: "SLAPD_2_5" },
		{ name: "ad", offline: "AD_2012_R2" },
	],
	grants: [{ anonymous: true, schemas: ["*"] }],
};

for (const [name, folder] of Object.entries({ "the Worker": shipped, "the one on syumai/workers": second })) {
	describe(name, () => {
		/** @type {Awaited<ReturnType<typeof startWorker>>} */
		let worker;
		before(async () => {
			worker = await startWorker(config, { folder });
		});
		after(() => worker?.close());

		/**
		 * The same answer twice, and once not at all.
		 * @param {string} target
		 */
		async function twice(target) {
			const [first, again] = [await worker.get(target), await worker.get(target)];
			assert.equal(first.status, 200, first.text);
			assert.equal(again.text, first.text);
			const etag = String(first.headers.get("etag"));
			assert.equal(again.headers.get("etag"), etag);
			const same = await worker.get(target, { headers: { "If-None-Match": etag } });
			assert.deepEqual([same.status, same.text], [304, ""]);
			assert.match(String(first.headers.get("cache-control")), /^public, max-age=\d+$/);
			return first.body;
		}

		test("a definition", async () => {
			for (const [kind, name] of [
				["objectClasses", "inetOrgPerson"],
				["attributeTypes", "2.5.4.3"],
				["matchingRules", "caseIgnoreMatch"],
			]) {
				const [found] = await said("schema", "show", "offline:SLAPD_2_5", String(name), "--json");
				assert.deepEqual(await twice(`/schema/new/${kind}/${name}`), found);
			}
		});

		test("a whole schema, a kind of it, and what is found", async () => {
			const whole = await twice("/schema/new");
			assert.deepEqual([whole.type, Array.isArray(whole.raw.attributeTypes)], ["SchemaInfo", true]);
			const list = await twice("/schema/ad/objectClasses");
			assert.equal(list.collection, "objectClasses");
			assert.equal(list.definitions.length, (await said("schema", "dump", "offline:AD_2012_R2")).objectClasses.length);
			const { matches, total } = await twice("/schema/new?find=inetOrg*");
			assert.deepEqual(matches, await said("schema", "find", "offline:SLAPD_2_5", "inetOrg*", "--json"));
			assert.equal(total, matches.length);
		});

		test("what an entry must and may have", async () => {
			const entry = await twice("/effective?source=new&classes=inetOrgPerson,posixAccount");
			assert.equal(entry.structural.name, "inetOrgPerson");
			const must = entry.must.map(
				(/** @type {{name: string, from: {name: string}}} */ a) => `${a.name} ${a.from.name}`,
			);
			assert.ok(must.includes("sn person") && must.includes("uidNumber posixAccount"), String(must));
			assert.deepEqual(entry.problems, []);
		});

		test("what is wrong, and what is different", async () => {
			assert.deepEqual(
				(await twice("/lint?source=ad")).findings,
				await said("schema", "lint", "offline:AD_2012_R2", "--json"),
			);
			const result = await twice("/diff?from=old&to=new");
			const { summary } = await said("schema", "diff", "offline:SLAPD_2_4", "offline:SLAPD_2_5", "--json");
			assert.deepEqual(result.summary, summary);
		});

		test("what a value means", async () => {
			const hex = "010100000000000512000000";
			const body = JSON.stringify({ schema: "ad", attribute: "objectSid", encoding: "hex", values: [hex] });
			const answer = await worker.get("/format", { method: "POST", body });
			const line = await said("format", "--schema", "offline:AD_2012_R2", "objectSid", "--hex", hex);
			assert.deepEqual(answer.body.values, [{ ...line, schema: "ad" }]);
		});

		test("the page and the document for programs", async () => {
			const page = await worker.get("/");
			assert.match(String(page.headers.get("content-security-policy")), /default-src 'none'/);
			assert.match(page.text, /GET \/schema\/\{source\}\/\{kind\}/);
			const { body } = await worker.get("/openapi.json");
			assert.equal(body.openapi, "3.1.0");
			assert.ok(body.paths["/lint"].get);
			assert.equal(body.paths["/servers"], undefined);
		});

		test("what is not there", async () => {
			for (const [target, status, code] of /** @type {const} */ ([
				["/schema/ad/objectClasses/nobody", 404, "unknown-definition"],
				["/schema/none", 404, "unknown-schema"],
				["/nothing", 404, "unknown-route"],
				["/lint", 400, "usage"],
				["/schema/ad?colour=blue", 400, "usage"],
				["/servers", 401, "not-authenticated"],
			])) {
				const answer = await worker.get(target);
				assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
				assert.equal(answer.headers.get("content-type"), "application/problem+json");
			}
			assert.equal((await worker.get("/lint?source=ad", { method: "DELETE" })).status, 405);
		});
	});
}
