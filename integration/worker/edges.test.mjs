// The sharp edges of one warm instance for many requests, each in a real workerd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { configuration, people, startDirectory, startLeaving, until } from "./directory.mjs";
import { buildForced, forced, startWorker } from "./workerd.mjs";

/** @type {Awaited<ReturnType<typeof startDirectory>>} */
let directory;

before(async () => {
	[directory] = await Promise.all([startDirectory(), buildForced()]);
});
after(() => directory?.close());

/** @typedef {Awaited<ReturnType<typeof startWorker>>} Worker */

/**
 * Runs with a Worker of its own, whose log must not tell of requests that were mixed up or hung.
 * @param {(worker: Worker) => Promise<void>} run
 * @param {{more?: object, connections?: boolean}} [options]
 */
async function withWorker(run, { more, connections = false } = {}) {
	const config = configuration(directory.connector, more);
	const worker = await startWorker(config, { folder: forced, secrets: directory.secrets, connections });
	try {
		await run(worker);
		assert.doesNotMatch(worker.log(), /different request|never generate|hung|cross-request/i);
		await until(async () => (await instances(worker)).tasks === 0, "every task ends");
	} finally {
		directory.between.go();
		await worker.close();
	}
	await until(() => directory.between.connections() === 0, "every session ends");
}

const schema = "/schema/openldap/attributeTypes/cn";
/** @param {number} i */
const lookup = (i) => `/lookup/person?uid=person${i}`;

/**
 * @param {Worker} worker
 * @param {number} i
 */
async function looksUp(worker, i) {
	const answer = await worker.get(lookup(i));
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(
		answer.body.entries.map((/** @type {{dn: string}} */ entry) => entry.dn),
		[`uid=person${i},ou=people,dc=example,dc=com`],
	);
}

/** @param {Worker} worker */
async function answersSchema(worker) {
	const answer = await worker.get(schema);
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.body.oid, "2.5.4.3");
}

/**
 * How many instances have been started, and the current one's memory.
 * @param {Worker} worker
 */
const instances = async (worker) => (await worker.get("/forced/none")).body;

/**
 * Asks for a person while the server is silent, and returns once it has been asked.
 * @param {Worker} worker
 * @param {number} i
 */
async function stalled(worker, i) {
	await until(() => directory.between.connections() === 0, "the sessions of before end");
	directory.between.stall();
	const answer = worker.get(lookup(i));
	await until(() => directory.between.connections() === 1, "the server is asked");
	return { answer };
}

test("a panic is an answer of 500, and the instance lives", () =>
	withWorker(async (worker) => {
		await looksUp(worker, 1);
		const panicked = await worker.get("/forced/panic");
		assert.equal(panicked.status, 500);
		assert.deepEqual(panicked.body, {
			title: "Internal Server Error",
			status: 500,
			detail: "the request could not be answered",
			code: "internal",
		});
		await until(() => /panic: forced/.test(worker.log()), "the log says what it was");
		await looksUp(worker, 2);
		assert.equal((await instances(worker)).started, 1);
	}));

for (const [fault, what] of /** @type {const} */ ([
	["exit", "an exit"],
	["overflow", "a stack that is too small"],
])) {
	test(`after ${what} the next request has a new instance, and the tasks of the old one are told`, () =>
		withWorker(async (worker) => {
			await looksUp(worker, 1);
			const { answer } = await stalled(worker, 2);
			assert.equal((await worker.get(`/forced/${fault}`)).status, 500);
			await answersSchema(worker);
			directory.between.go();
			assert.equal((await answer).status, 500);
			await looksUp(worker, 3);
			assert.equal((await instances(worker)).started, 2);
		}));
}

test("an instance whose memory has grown past 48 MB gets no new tasks, and finishes those that it has", () =>
	withWorker(async (worker) => {
		await looksUp(worker, 1);
		const { answer } = await stalled(worker, 2);
		await worker.get("/forced/growth");
		await answersSchema(worker);
		const { started, memory } = await instances(worker);
		assert.equal(started, 2);
		assert.ok(memory < 48 << 20, `${memory} bytes`);
		directory.between.go();
		const { status, text, body } = await answer;
		assert.equal(status, 200, text);
		assert.equal(body.entries[0].dn, "uid=person2,ou=people,dc=example,dc=com");
	}));

for (const connections of [false, true]) {
	const kind = connections ? ", with kept connections" : "";

	test(`a client that goes away ends its session and its task${kind}`, () =>
		withWorker(
			async (worker) => {
				await looksUp(worker, 1);
				directory.between.stall();
				const clients = Array.from({ length: 5 }, (_, i) => startLeaving(worker.url, lookup(i)));
				await until(() => directory.between.connections() >= 5, "five sessions");
				for (const client of clients) client.leave();
				await until(() => directory.between.connections() === 0, "the sessions end");
				directory.between.go();
				await looksUp(worker, 2);
			},
			{ connections },
		));

	test(`a client that goes away in the midst of a streamed answer ends its session${kind}`, () =>
		withWorker(
			async (worker) => {
				const target = "/search/dc1?filter=(uid=*)&limit=1000";
				const client = startLeaving(worker.url, target, { Accept: "application/x-ndjson" });
				assert.match(String(await client.begun()), /^HTTP\/1.1 200 /);
				client.leave();
				await until(() => directory.between.connections() <= (connections ? 1 : 0), "the session ends");
				await looksUp(worker, 2);
			},
			{ connections },
		));

	test(`the deadline of a request is its own, whoever started the instance${kind}`, () =>
		withWorker(
			async (worker) => {
				await answersSchema(worker);
				const { answer } = await stalled(worker, 1);
				const { status, text } = await answer;
				assert.equal(status, 504, text);
				directory.between.go();
				await looksUp(worker, 2);
			},
			{ more: { limits: { timeoutSeconds: 1 } }, connections },
		));

	test(`twenty clients at a time have each their own answers${kind}`, () =>
		withWorker(
			async (worker) => {
				await Promise.all(
					Array.from({ length: 20 }, async (_, client) => {
						for (let n = 0; n < 15; n++) {
							if ((client + n) % 5 === 0) {
								const leaving = startLeaving(worker.url, lookup(n));
								await sleep(n);
								leaving.leave();
							} else if ((client + n) % 3 === 0) await answersSchema(worker);
							else await looksUp(worker, (client * 15 + n) % people);
							if (client === 0 && n === 7) await worker.get("/forced/panic");
						}
					}),
				);
				assert.equal((await instances(worker)).started, 1);
			},
			{ connections },
		));
}

test("a connection is kept from one request to the next, and a lost one is not used again", async () => {
	const config = configuration(directory.connector);
	const worker = await startWorker(config, { folder: forced, secrets: directory.secrets, connections: true });
	try {
		for (let i = 0; i < 10; i++) await looksUp(worker, i);
		assert.equal(directory.between.connections(), 1);
		await directory.slapd.kill();
		await until(() => directory.between.connections() === 0, "the connection is lost");
		const down = await worker.get(lookup(1));
		assert.equal(down.status, 503, down.text);
		assert.ok(Number(down.headers.get("retry-after")) > 0);
		await directory.slapd.start();
		await until(async () => (await worker.get(lookup(1))).status === 200, "it is found again");
		await looksUp(worker, 2);
		assert.equal(directory.between.connections(), 1);
	} finally {
		await worker.close();
	}
});
