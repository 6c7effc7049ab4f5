// Live answers of the Worker, through a connector and straight, equal what the command line finds in the same servers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { root, startServer, startSlapd } from "../browser/processes.mjs";
import { configuration, startDirectory, until } from "./directory.mjs";
import { second, shipped, startWorker } from "./workerd.mjs";

/** @typedef {{dn: string, attributes: object, raw_attributes: object}} Entry */

const base = "ou=people,dc=example,dc=com";

/** @type {Awaited<ReturnType<typeof startDirectory>>} */
let directory;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let ds389;
before(async () => {
	ds389 = await startServer("389");
	directory = await startDirectory({ ds389: ds389.url, dead: "ldap://127.0.0.1:1" });
});
after(async () => {
	await directory?.close();
	await ds389?.close();
});

/**
 * What `ldapedge search` finds.
 * @param {string} url
 * @param {string[]} args
 * @returns {Promise<Entry[]>}
 */
async function searched(url, ...args) {
	const { stdout } = await promisify(execFile)(
		join(root, "dist/ldapedge"),
		["search", url, "--format", "json", ...args],
		{ maxBuffer: 1 << 26 },
	);
	return lines(stdout);
}

/** @param {string} text */
const lines = (text) =>
	text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));

/** @param {Entry[]} entries */
const sorted = (entries) => entries.toSorted((a, b) => a.dn.localeCompare(b.dn));

const attributes = ["uid", "cn", "mail", "description"];

/** @param {{folder: string, connections?: boolean}} how */
async function start(how) {
	const [plain] = configuration(directory.connector).lookups;
	return startWorker(
		configuration(directory.connector, {
			servers: [
				{ name: "dc1", connector: "lan", schema: "live" },
				{ name: "dead", connector: "lan" },
				{ name: "ds389", connector: "lan", bind: { dn: ds389.login.dn, password: "PASSWORD" } },
			],
			pools: [{ name: "people", servers: ["dead", "dc1"], strategy: "FIRST" }],
			schemas: [{ name: "live", server: "dc1" }],
			lookups: [
				plain,
				{ ...plain, name: "cached", cache: { seconds: 600 } },
				{ ...plain, name: "pooled", pool: "people" },
			],
			grants: [
				{
					anonymous: true,
					schemas: ["*"],
					lookups: ["*"],
					servers: true,
					search: [
						{ pool: "dc1", bases: [base], attributes, sizeLimit: 1000 },
						{ pool: "ds389", bases: ["cn=config"], attributes: ["passwordMinLength"] },
					],
				},
			],
		}),
		{ secrets: { ...directory.secrets, PASSWORD: ds389.login.password }, ...how },
	);
}

const entryPoints = {
	"with a connection for each request": { folder: shipped },
	"with kept connections": { folder: shipped, connections: true },
	"on syumai/workers": { folder: second },
};

for (const [name, how] of Object.entries(entryPoints)) {
	describe(name, () => {
		/** @type {Awaited<ReturnType<typeof startWorker>>} */
		let worker;
		before(async () => {
			worker = await start(how);
		});
		after(async () => {
			assert.doesNotMatch(worker.log(), /different request|hung|never generate|Error/);
			await worker.close();
		});

		test("a look-up", async () => {
			for (const uid of ["person4", "person100", "nobody", "*", "person1)(uid=*"]) {
				const answer = await worker.get(`/lookup/person?uid=${encodeURIComponent(uid)}`);
				assert.equal(answer.status, 200, answer.text);
				const escaped = uid.replace(/[*()\\]/g, (c) => `\\${c.charCodeAt(0).toString(16)}`);
				const found = await searched(directory.slapd.url, "-b", base, `(uid=${escaped})`, "uid", "cn", "mail");
				assert.deepEqual(answer.body.entries, found, uid);
				assert.equal(found.length, /^person\d+$/.test(uid) ? 1 : 0);
			}
		});

		test("an entry", async () => {
			const dn = `uid=person7,${base}`;
			const answer = await worker.get(`/entry/dc1/${encodeURIComponent(dn)}?attrs=cn,mail`);
			const [found] = await searched(directory.slapd.url, "-b", dn, "-s", "base", "(objectClass=*)", "cn", "mail");
			assert.deepEqual(answer.body, found, answer.text);
			assert.equal((await worker.get(`/entry/dc1/${encodeURIComponent(`uid=nobody,${base}`)}`)).status, 404);
		});

		test("a search, as a document and as a stream of lines", async () => {
			const target = "/search/dc1?filter=(uid=person1*)&attrs=uid,cn,mail,description";
			const found = sorted(
				await searched(directory.slapd.url, "-b", base, "(uid=person1*)", "uid", "cn", "mail", "description"),
			);
			assert.equal(found.length, 111);
			const document = await worker.get(target);
			assert.deepEqual(sorted(document.body.entries), found);
			assert.equal(document.body.complete, true);
			const stream = await worker.get(target, { headers: { Accept: "application/x-ndjson" } });
			assert.match(stream.headers.get("content-type") ?? "", /^application\/x-ndjson/);
			assert.deepEqual(sorted(lines(stream.text).filter(({ dn }) => dn)), found);
		});

		test("what is not granted", async () => {
			for (const target of [
				"/search/dc1?base=dc%3Dexample,dc%3Dcom&filter=(uid=person1)",
				"/search/dc1?filter=(uidNumber=10001)",
				"/search/dc1?filter=(uid=person1)&attrs=homeDirectory",
				"/search/dead?filter=(uid=person1)",
				`/entry/dc1/${encodeURIComponent("dc=example,dc=com")}`,
			]) {
				const answer = await worker.get(target);
				// Whoever has not said who it is may do so, where another could be granted something.
				assert.equal(answer.status, target.includes("dead") ? 401 : 403, `${target}: ${answer.text}`);
			}
		});

		test("a pool with a member that is down", async () => {
			const answer = await worker.get("/lookup/pooled?uid=person9");
			assert.deepEqual(
				answer.body.entries,
				await searched(directory.slapd.url, "-b", base, "(uid=person9)", "uid", "cn", "mail"),
				answer.text,
			);
			const { body } = await worker.get("/servers");
			const { servers } = body.servers.find((/** @type {{name: string}} */ { name }) => name === "people");
			const states = servers.map((/** @type {{name: string, state: string}} */ { name, state }) => `${name} ${state}`);
			// An instance for each request remembers nothing of the one before.
			assert.deepEqual(states, [how.folder === second ? "dead up" : "dead quarantined", "dc1 up"]);
		});

		test("a server of another maker, with a bind whose password is a secret", async () => {
			const answer = await worker.get("/entry/ds389/cn=config?attrs=passwordMinLength");
			assert.equal(answer.status, 200, answer.text);
			assert.deepEqual(Object.keys(answer.body.attributes), ["passwordMinLength"]);
		});

		test("a kept answer needs no server", async () => {
			const first = await worker.get("/lookup/cached?uid=person5");
			assert.equal(first.body.entries.length, 1, first.text);
			directory.between.stall();
			try {
				const again = await worker.get("/lookup/cached?uid=person5");
				assert.equal(again.text, first.text);
			} finally {
				directory.between.go();
			}
		});

		test("a schema of the connector's, which is not sent again while it is the same", async () => {
			const first = await worker.get("/schema/live/attributeTypes/mail");
			assert.equal(first.status, 200, first.text);
			assert.equal(first.body.oid, "0.9.2342.19200300.100.1.3");
			const etag = first.headers.get("etag") ?? "";
			const again = await worker.get("/schema/live/attributeTypes/mail", { headers: { "If-None-Match": etag } });
			assert.equal(again.status, 304, etag);
			assert.equal(again.text, "");
			const head = await worker.get("/schema/live/attributeTypes/mail", { method: "HEAD" });
			assert.equal(head.status, 200);
			assert.equal(head.text, "");
		});
	});
}

describe("straight to a server with TLS", () => {
	/** @type {Awaited<ReturnType<typeof startSlapd>>} */
	let slapd;
	before(async () => {
		slapd = await startSlapd({ people: 20, tls: true });
	});
	after(() => slapd?.close());

	/** @param {object} [more] */
	const direct = (more) =>
		configuration(directory.connector, {
			connectors: [],
			servers: [{ name: "dc1", url: slapd.url.replace("127.0.0.1", "localhost"), ...more }],
			limits: { timeoutSeconds: 5 },
		});

	test("whose certificate is trusted", async () => {
		const worker = await startWorker(direct(), { ca: await readFile(String(slapd.ca), "utf8") });
		try {
			for (let i = 0; i < 3; i++) {
				const answer = await worker.get(`/lookup/person?uid=person${i}`);
				assert.equal(answer.status, 200, answer.text + worker.log());
				assert.equal(answer.body.entries[0]?.dn, `uid=person${i},${base}`);
			}
			const all = await worker.get("/search/dc1?filter=(uid=*)", { headers: { Accept: "application/x-ndjson" } });
			assert.equal(lines(all.text).filter(({ dn }) => dn).length, 20);
			await slapd.kill();
			assert.equal((await worker.get("/lookup/person?uid=person1")).status, 503);
			await slapd.start();
		} finally {
			await worker.close();
		}
	});

	test("whose certificate is not", async () => {
		const another = await startSlapd({ tls: true });
		const worker = await startWorker(direct(), {
			ca: await readFile(String(another.ca), "utf8"),
		});
		try {
			const answer = await worker.get("/lookup/person?uid=person1");
			assert.equal(answer.status, 503, answer.text);
			assert.ok(Number(answer.headers.get("retry-after")) > 0);
		} finally {
			await worker.close();
			await another.close();
		}
	});

	test("with a wish for TLS that it cannot honour", async () => {
		const worker = await startWorker(direct({ tls: { validate: "required", valid_names: ["ldap.example.com"] } }));
		try {
			assert.equal((await worker.get("/")).status, 500);
			await until(
				() => worker.log().includes("tls.valid_names: the edge's TLS cannot honour this"),
				`the log says where: ${worker.log()}`,
			);
		} finally {
			await worker.close();
		}
	});
});
