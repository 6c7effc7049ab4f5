// Who asks: the Worker accepts and refuses the same tokens as the connector, in Node and in workerd.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { root } from "../browser/processes.mjs";
import { newKey, startKeyServer } from "./issuer.mjs";
import { source } from "./source.mjs";
import { buildForced, forced, startWorker } from "./workerd.mjs";

const vectors = JSON.parse(await readFile(join(root, "native/connector/auth/testdata/tokens.json"), "utf8"));
const issuer = { ...vectors.settings, keys: vectors.jwks };
const context = { waitUntil() {} };

/** @typedef {{name: string, token: string, time: number, refused?: string, accepted?: {subject: string, servers: string | string[]}}} Vector */

/** @param {Vector} vector */
const expected = ({ accepted, refused }) =>
	accepted ? { accepted: { name: accepted.subject, servers: accepted.servers } } : { refused };

before(buildForced);

test("every vector, with Node's WebCrypto", async () => {
	const { Authenticator } = await source("auth.ts");
	const { Members } = await source("check.ts");
	const authenticator = await Authenticator.from(new Members({ jwt: issuer }, "auth"));
	for (const vector of /** @type {Vector[]} */ (vectors.tokens)) {
		const got = await authenticator.bearer(vector.token, context, vector.time * 1000).then(
			(/** @type {object} */ accepted) => ({ accepted }),
			(/** @type {{reason: string}} */ error) => ({ refused: error.reason }),
		);
		assert.deepEqual(got, expected(vector), vector.name);
	}
	assert.ok(vectors.tokens.length > 80, `${vectors.tokens.length} vectors`);
});

test("every vector, in workerd", async () => {
	const worker = await startWorker({ auth: { jwt: issuer } }, { folder: forced });
	try {
		for (const vector of /** @type {Vector[]} */ (vectors.tokens)) {
			const body = JSON.stringify({ token: vector.token, time: vector.time });
			const got = await worker.get("/forced/authenticate", { method: "POST", body });
			assert.deepEqual(got.body, expected(vector), vector.name);
		}
	} finally {
		await worker.close();
	}
});

const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({ iss: "https://issuer.example.com", aud: "edge", sub: "alice", exp: now() + 600 });

/** A configuration where a subject alone may read a schema. */
const onlyFor = (/** @type {string} */ subject, /** @type {object} */ auth) => ({
	schemas: [{ name: "ad", offline: "SLAPD_2_5" }],
	grants: [{ subjects: [subject], schemas: ["ad"] }],
	auth,
});
const path = "/schema/ad/attributeTypes/cn";
/** @param {string} token */
const bearing = (token) => ({ headers: { Authorization: `Bearer ${token}` } });

test("tokens of the configuration, by their hash", async () => {
	/** @param {string} token */
	const sha256 = (token) => createHash("sha256").update(token).digest("hex");
	const tokens = [
		{ subject: "alice", sha256: sha256("alice-own"), servers: "all" },
		{ subject: "bob", sha256: sha256("bob-own"), servers: ["dc1"] },
		{ subject: "alice", sha256: sha256("alice-old"), servers: "all", expires: "2020-01-01T00:00:00Z" },
	];
	const worker = await startWorker(onlyFor("alice", { tokens }));
	try {
		for (const [token, status] of /** @type {const} */ ([
			["alice-own", 200],
			["bob-own", 403],
			["alice-old", 401],
			["nobody-s", 401],
			[tokens[0]?.sha256, 401],
		])) {
			const response = await worker.get(path, bearing(String(token)));
			assert.equal(response.status, status, `${token}: ${response.text}`);
			if (status === 401) assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer/);
			assert.ok(!response.text.includes(String(token)), response.text);
		}
		assert.equal((await worker.get(path)).status, 401);
		const basic = await worker.get(path, { headers: { Authorization: "Basic YWxpY2U6eA==" } });
		assert.equal(basic.status, 401);
		assert.match(basic.body.detail, /malformed/);
	} finally {
		await worker.close();
	}
});

describe("keys at a URL", () => {
	test("are fetched when they are first needed, by one request for all", async () => {
		const [keys, key] = await Promise.all([startKeyServer(), newKey("one")]);
		keys.state.keys = [key.jwk];
		const jwt = { issuer: claims().iss, audience: "edge", keysURL: keys.url };
		const worker = await startWorker(onlyFor("alice", { jwt }));
		try {
			const token = await key.token(claims());
			const all = await Promise.all(Array.from({ length: 20 }, () => worker.get(path, bearing(token))));
			assert.deepEqual(
				all.filter(({ status }) => status !== 200).map(({ text }) => text),
				[],
			);
			assert.equal(keys.state.asked.length, 1, "one fetch");
			// A key that is not known has them fetched, but not with every token: the minute is not over.
			const other = await newKey("two");
			keys.state.keys = [key.jwk, other.jwk];
			assert.equal((await worker.get(path, bearing(await other.token(claims())))).status, 401);
			assert.equal((await worker.get(path, bearing(token))).status, 200);
			assert.equal(keys.state.asked.length, 1, "no fetch within the minute");
			assert.doesNotMatch(worker.log(), /different request|hung/);
		} finally {
			await worker.close();
			await keys.close();
		}
	});

	test("that cannot be fetched are said to be missing", async () => {
		const [keys, key] = await Promise.all([startKeyServer(), newKey("one")]);
		keys.state.status = 500;
		const jwt = { issuer: claims().iss, audience: "edge", keysURL: keys.url };
		const worker = await startWorker(onlyFor("alice", { jwt }));
		try {
			const answer = await worker.get(path, bearing(await key.token(claims())));
			assert.equal(answer.status, 401);
			assert.match(answer.body.detail, /keys of the token's issuer/);
		} finally {
			await worker.close();
			await keys.close();
		}
	});

	test("are refreshed behind an answer, stay while they cannot be, and are fetched for an unknown key once a minute", async (t) => {
		const [keys, old, next] = await Promise.all([startKeyServer(), newKey("old"), newKey("new")]);
		const { RemoteKeys } = await source("keys.ts");
		t.mock.timers.enable({ apis: ["Date"] });
		/** @type {Promise<unknown>[]} */
		const behind = [];
		const waiting = { waitUntil: (/** @type {Promise<unknown>} */ promise) => void behind.push(promise) };
		const remote = new RemoteKeys(keys.url);
		/** @param {string} kid */
		const find = async (kid) => {
			const found = await remote.find(kid, "ES256", waiting).then(
				() => "found",
				(/** @type {{reason: string}} */ error) => error.reason,
			);
			await Promise.all(behind.splice(0));
			return found;
		};
		try {
			keys.state.keys = [old.jwk];
			assert.equal(await find("old"), "found");
			assert.equal(await find("new"), "unknown_key");
			keys.state.keys = [next.jwk];
			t.mock.timers.tick(60_000);
			assert.deepEqual(await Promise.all([find("new"), find("new")]), ["found", "found"]);
			assert.equal(await find("old"), "unknown_key");
			assert.equal(keys.state.asked.length, 2);
			keys.state.status = 503;
			t.mock.timers.tick(15 * 60_000);
			assert.equal(await find("new"), "found", "they are refreshed behind the answer");
			assert.equal(keys.state.asked.length, 3);
			assert.equal(await find("new"), "found", "and stay");
			assert.equal(keys.state.asked.length, 3, "one that failed is not tried again at once");
			keys.state.status = 200;
			keys.state.keys = [old.jwk];
			t.mock.timers.tick(60_000);
			assert.equal(await find("new"), "found");
			assert.equal(await find("old"), "found", "the new ones count");
			assert.equal(keys.state.asked.length, 4);
		} finally {
			await keys.close();
		}
	});
});

test("users that Cloudflare Access has let in", async () => {
	const [keys, key] = await Promise.all([startKeyServer(), newKey("access")]);
	keys.state.keys = [key.jwk];
	const access = { team: "example", audience: "the application's" };
	const worker = await startWorker(onlyFor("alice@example.com", { access }), { outbound: keys.address });
	const good = {
		iss: "https://example.cloudflareaccess.com",
		aud: ["the application's"],
		sub: "7335d417-61da-459d-899c-0a01c76a2f94",
		email: "alice@example.com",
		exp: now() + 600,
	};
	try {
		for (const [changes, status] of /** @type {const} */ ([
			[{}, 200],
			[{ email: "bob@example.com" }, 403],
			[{ iss: "https://evil.cloudflareaccess.com" }, 401],
			[{ aud: ["another's"] }, 401],
			[{ exp: now() - 60 }, 401],
			[{ email: "" }, 401],
		])) {
			const assertion = await key.token({ ...good, ...changes });
			const answer = await worker.get(path, { headers: { "Cf-Access-Jwt-Assertion": assertion } });
			assert.equal(answer.status, status, `${JSON.stringify(changes)}: ${answer.text}`);
		}
		assert.deepEqual([...new Set(keys.state.asked)], ["example.cloudflareaccess.com/cdn-cgi/access/certs"]);
		// Its issuer's tokens are no bearer tokens, and those of others no assertions.
		assert.equal((await worker.get(path, bearing(await key.token(good)))).status, 401);
		const foreign = await (await newKey("access")).token(good);
		assert.equal((await worker.get(path, { headers: { "Cf-Access-Jwt-Assertion": foreign } })).status, 401);
	} finally {
		await worker.close();
		await keys.close();
	}
});
