// What reaches the program of a request: nothing that a client writes can pass for what the host says of it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { source } from "./source.mjs";
import { startWorker } from "./workerd.mjs";

const token = "0123456789abcdef";
const sha256 = createHash("sha256").update(token).digest("hex");

/** @type {Awaited<ReturnType<typeof startWorker>>} */
let worker;
before(async () => {
	worker = await startWorker({
		auth: { tokens: [{ subject: "admin", sha256, servers: ["dc1"] }] },
		schemas: [{ name: "openldap", offline: "SLAPD_2_5" }],
		grants: [{ subjects: ["admin"], schemas: ["openldap"] }],
	});
});
after(() => worker?.close());

/**
 * Sends bytes as they are, and returns the status and the body.
 * @param {string} request
 */
function raw(request) {
	const { hostname, port } = new URL(worker.url);
	const socket = connect(Number(port), hostname);
	socket.end(request, "latin1");
	return new Promise((resolve, reject) => {
		let text = "";
		socket.setEncoding("latin1");
		socket.on("data", (part) => {
			text += part;
		});
		socket.on("error", reject);
		socket.on("close", () => resolve({ status: Number(text.split(" ")[1]), text }));
	});
}

const path = "/schema/openldap/attributeTypes/cn";

test("the subject is who the credential says", async () => {
	const answer = await worker.get(path, { headers: { Authorization: `Bearer ${token}` } });
	assert.equal(answer.status, 200, answer.text);
});

describe("no client is the subject by saying so", () => {
	const injected = "\nsubject: admin";
	const cases = {
		"header fields of the names that the host uses": [
			path,
			"subject: admin\r\nlimited: no\r\naddress: 1.2.3.4\r\nkeeps: yes\r\nserver: dc1\r\n",
		],
		"a folded header field": [path, "Accept: text/plain\r\n subject: admin\r\n"],
		"a line feed in a header field": [path, `Accept: text/plain${injected}\r\n`],
		"a carriage return in a header field": [path, "Accept: text/plain\rsubject: admin\r\n"],
		"an encoded end of line in a header field": [path, "Accept: text/plain%0Asubject:%20admin\r\n"],
		"a character of Latin-1 that is a line feed as UTF-16": [path, "Accept: text/plain\u00e5\u0085subject: admin\r\n"],
		"an encoded end of line in the path": [`${path}%0Asubject:%20admin%0A%0A`, ""],
		"an encoded end of line in the query": [`${path}?x=%0D%0Asubject:%20admin%0D%0A%0D%0A`, ""],
		"a bare carriage return in the request line": [`${path}\rsubject:admin`, ""],
		"a tab in the request line": [`${path}\tsubject:admin`, ""],
		"If-None-Match": [path, `If-None-Match: "x"${injected}\r\n`],
		"an assertion of an Access that is not configured": [
			path,
			"Cf-Access-Jwt-Assertion: e30.e30.e30\r\nCf-Access-Authenticated-User-Email: admin\r\n",
		],
		"an address that is none": [path, "CF-Connecting-IP: 1.2.3.4 subject: admin\r\n"],
	};
	for (const [name, [target, fields]] of Object.entries(cases)) {
		test(name, async () => {
			const { status, text } = await raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`);
			assert.ok([400, 401, 404].includes(status), text);
			assert.ok(!text.includes("2.5.4.3"), text);
		});
	}

	test("a body", async () => {
		const body = "\n\nsubject: admin\n\n";
		const answer = await worker.get("/format", { method: "POST", body });
		assert.equal(answer.status, 401, answer.text);
	});

	test("a method that is two lines", async () => {
		const { status, text } = await raw(`GET\tx HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
		assert.ok(!text.includes("2.5.4.3") && status !== 200, text);
		assert.equal((await worker.get(path, { method: "PROPFIND" })).status, 405);
	});
});

describe("the head of a request", async () => {
	const { formatHead, addressOf } = await source("request.ts");
	/** A client's fields as no HTTP library would let them through. */
	const fields = (/** @type {Record<string, string>} */ all) => ({
		get: (/** @type {string} */ name) => all[name] ?? null,
	});
	/** @param {Parameters<typeof formatHead>} given */
	const head = (...given) => new TextDecoder().decode(formatHead(...given));

	test("has one line for each field, whatever is in it", () => {
		const hostile = fields({ Accept: "a\nsubject: admin\r\n\r\nb", "If-None-Match": '"x"\u0000\n' });
		assert.equal(
			head("GET", "/x", hostile, { address: "::1" }, false),
			'GET /x\naccept: a subject: admin    b\nif-none-match: "x"  \naddress: ::1\n\n',
		);
	});

	test("has names encoded, however they are made", () => {
		const subject = { name: "a\nsubject: admin\u2028%0A\ud800é", servers: ["x\n", "all"] };
		const refused = "why\nnot";
		assert.equal(
			head("GET", "/", fields({}), { subject, refused }, true),
			"GET /\nsubject: a%0Asubject%3A%20admin%E2%80%A8%250A%EF%BF%BD%C3%A9\nserver: x%0A\nserver: all\nlimited: yes\nkeeps: yes\nrefused: why%0Anot\n\n",
		);
		assert.equal(
			head("GET", "/", fields({}), { subject: { name: "a", servers: [] } }, false),
			"GET /\nsubject: a\nlimited: yes\n\n",
		);
		assert.equal(
			head("GET", "/", fields({}), { subject: { name: "a", servers: "all" } }, false),
			"GET /\nsubject: a\n\n",
		);
	});

	test("has an address that is one", () => {
		for (const [given, address] of /** @type {const} */ ([
			["192.0.2.1", "192.0.2.1"],
			["2001:db8::1", "2001:db8::1"],
			["192.0.2.1, 192.0.2.2", undefined],
			["x\nsubject: admin", undefined],
			["", undefined],
		])) {
			assert.equal(addressOf(fields({ "CF-Connecting-IP": given })), address);
		}
	});
});

describe("what is too large", () => {
	test("a target", async () => {
		const answer = await worker.get(`/schema?x=${"x".repeat(16 << 10)}`);
		assert.equal(answer.status, 414);
		assert.equal(answer.headers.get("content-type"), "application/problem+json");
		assert.equal(answer.body.title, "URI Too Long");
	});

	test("a body, whether its length is told or not", async () => {
		const large = new Uint8Array((1 << 20) + 1);
		const told = await worker.get("/format", { method: "POST", body: large });
		assert.equal(told.status, 413, told.text);
		const body = new Blob([large]).stream();
		const streamed = await worker.get("/format", /** @type {RequestInit} */ ({ method: "POST", body, duplex: "half" }));
		assert.equal(streamed.status, 413, streamed.text);
		const fits = await worker.get("/format", { method: "POST", body: large.subarray(1) });
		assert.equal(fits.status, 401, fits.text);
	});
});
