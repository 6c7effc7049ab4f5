// A configuration at fault answers nothing but that; the log says what is wrong, and no secret.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root } from "../browser/processes.mjs";
import { until } from "./directory.mjs";
import { source } from "./source.mjs";
import { startWorker } from "./workerd.mjs";

const connectors = [{ name: "lan", url: "https://connector.example.com", token: "CONNECTOR" }];
const servers = [{ name: "dc1", connector: "lan", bind: { dn: "cn=reader", password: "PASSWORD" } }];
const secrets = { CONNECTOR: "the connector's secret", PASSWORD: "the reader's secret" };
const hash = "0".repeat(64);

/** @param {object} auth */
const withAuth = (auth) => ({ auth });

const faults =
	/** @type {Record<string, [config: object | string, said: RegExp, secrets?: Record<string, string>]>} */ ({
		"no JSON": ["{", /LDAPEDGE_CONFIG: no JSON/],
		"a list": [[], /a JSON object is expected/],
		"an unknown key of a connector": [
			{ connectors: [{ ...connectors[0], tokn: "x" }] },
			/connectors\[0\]\.tokn: it is not known/,
		],
		"a connector without TLS": [
			{ connectors: [{ name: "lan", url: "http://connector.example.com" }] },
			/connectors\[0\]\.url: an https URL/,
		],
		"a secret that is missing": [
			{ connectors, servers },
			/servers\[0\]\.bind\.password: there is no secret PASSWORD/,
			{ CONNECTOR: "x" },
		],
		"a secret that is part of every object": [
			{ connectors: [{ ...connectors[0], token: "constructor" }] },
			/connectors\[0\]\.token: there is no secret constructor/,
		],
		"an unknown key of auth": [withAuth({ token: [] }), /auth\.token: it is not known/],
		"a token without subject": [
			withAuth({ tokens: [{ sha256: hash, servers: "all" }] }),
			/auth\.tokens\[0\]\.subject: it is missing/,
		],
		"a token in place of its hash": [
			withAuth({ tokens: [{ subject: "a", sha256: "hunter2hunter2", servers: "all" }] }),
			/auth\.tokens\[0\]\.sha256: 64 hexadecimal digits/,
		],
		"a token that is there twice": [
			withAuth({ tokens: ["a", "b"].map((subject) => ({ subject, sha256: hash, servers: "all" })) }),
			/auth\.tokens\[1\]\.sha256: it is that of an earlier token/,
		],
		"a token without servers": [withAuth({ tokens: [{ subject: "a", sha256: hash }] }), /auth\.tokens\[0\]\.servers/],
		"a token whose end is no time": [
			withAuth({ tokens: [{ subject: "a", sha256: hash, servers: "all", expires: "soon" }] }),
			/auth\.tokens\[0\]\.expires/,
		],
		"an issuer without audience": [
			withAuth({ jwt: { issuer: "x", keysURL: "https://x.example" } }),
			/auth\.jwt\.audience: it is missing/,
		],
		"an issuer without keys": [
			withAuth({ jwt: { issuer: "x", audience: "y" } }),
			/auth\.jwt\.keys: one of keys and keysURL/,
		],
		"keys that are none": [
			withAuth({ jwt: { issuer: "x", audience: "y", keys: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } } }),
			/auth\.jwt\.keys: no key of it can be used/,
		],
		"keys over http": [
			withAuth({ jwt: { issuer: "x", audience: "y", keysURL: "http://x.example" } }),
			/auth\.jwt\.keysURL: an https URL/,
		],
		"a team that is a URL": [
			withAuth({ access: { team: "https://evil.example/", audience: "y" } }),
			/auth\.access\.team: the team's name/,
		],
	});

const { readConfiguration } = await source("configuration.ts");
const { Authenticator } = await source("auth.ts");

describe("the log says what is wrong, and no secret", () => {
	for (const [name, [config, said, its = secrets]] of Object.entries(faults)) {
		test(name, async () => {
			const read = async () => Authenticator.from(readConfiguration({ LDAPEDGE_CONFIG: config, ...its }).auth);
			await assert.rejects(read, (/** @type {Error} */ error) => {
				assert.match(error.message, said);
				for (const secret of [...Object.values(its), "hunter2", "c2VjcmV0"]) assert.ok(!error.message.includes(secret));
				return true;
			});
		});
	}
});

/** Those that are found by the text, by the host, and by the program. */
const answered = /** @type {Record<string, [config: object | string | undefined, said: RegExp]>} */ ({
	"no configuration": [undefined, /LDAPEDGE_CONFIG: the variable is missing/],
	"a text that is no JSON": ["{", /LDAPEDGE_CONFIG: no JSON/],
	"a secret that is missing": [{ connectors }, /connectors\[0\]\.token: there is no secret CONNECTOR/],
	"what the program refuses": [
		{ schemas: [{ name: "ad", offline: "AD_2016", kv: "ad" }] },
		/schemas\[0\]: one of offline, kv and server/,
	],
});

describe("every request is answered with 500", () => {
	for (const [name, [config, said]] of Object.entries(answered)) {
		test(name, async () => {
			const worker = await startWorker(config);
			try {
				for (const path of ["/", "/schema/ad"]) {
					const answer = await worker.get(path);
					assert.equal(answer.status, 500, answer.text);
					assert.equal(answer.headers.get("content-type"), "application/problem+json");
					assert.deepEqual(answer.body, {
						title: "Internal Server Error",
						status: 500,
						detail: "the Worker's configuration is at fault; its log says where",
						code: "configuration",
					});
				}
				await until(() => said.test(worker.log()), `the log says ${said}: ${worker.log()}`);
			} finally {
				await worker.close();
			}
		});
	}
});

test("the README's example", async () => {
	const readme = await readFile(join(root, "wasm/worker/README.md"), "utf8");
	const text = /```json\n([^`]*)```/
		.exec(readme)?.[1]
		?.replace("THE TOKEN'S SHA-256", createHash("sha256").update("token").digest("hex"));
	const worker = await startWorker(String(text), { secrets: { CONNECTOR_TOKEN: "x", READER_PASSWORD: "y" } });
	try {
		const headers = { Authorization: "Bearer token" };
		const answer = await worker.get("/openapi.json", { headers });
		assert.equal(answer.status, 200, answer.text + worker.log());
		assert.ok(answer.body.paths["/lookup/person"], answer.text);
	} finally {
		await worker.close();
	}
});
