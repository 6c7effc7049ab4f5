// A streamed answer goes as fast as its client reads: what it does not take stays with the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { root, start } from "../browser/processes.mjs";
import { configuration, startDirectory, until } from "./directory.mjs";
import { startStalling } from "./stalling.mjs";
import { startWorker } from "./workerd.mjs";

const size = 40_000;
const base = "ou=people,dc=example,dc=com";
const attributes = ["uid", "cn", "mail", "description", "telephoneNumber"];

/** @type {Awaited<ReturnType<typeof startDirectory>>} */
let directory;
/** Between the Worker and the connector, where credit bounds what is on its way. @type {Awaited<ReturnType<typeof startStalling>>} */
let between;
before(async () => {
	directory = await startDirectory({}, size);
	between = await startStalling(directory.connector.url);
});
after(async () => {
	await between?.close();
	await directory?.close();
});

for (const connections of [false, true]) {
	test(`a client that reads slowly${connections ? ", with kept connections" : ""}`, async () => {
		const grant = { pool: "dc1", bases: [base], attributes, sizeLimit: size };
		const config = configuration(between, {
			grants: [{ anonymous: true, search: [grant] }],
			limits: { timeoutSeconds: 60 },
		});
		const worker = await startWorker(config, { secrets: directory.secrets, connections });
		try {
			const before = between.passed();
			const passed = () => between.passed() - before;
			const { hostname, port } = new URL(worker.url);
			const target = `/search/dc1?filter=(uid=*)&limit=${size}`;
			const client = start("/usr/bin/python3", ["integration/worker/slow.py", hostname, port, target], { cwd: root });
			assert.equal(await client.line(), "begun");
			let last = -1;
			await until(async () => {
				const still = passed() === last;
				last = passed();
				await sleep(500);
				return still;
			}, "nothing more comes while nothing is read");
			const waiting = passed();
			client.child.stdin.write("\n");
			assert.equal(Number(await client.line()), size, "a line for each entry");
			// What the client's socket holds is the system's; it is a part of the whole.
			assert.ok(waiting < passed() / 2, `${waiting} of ${passed()} bytes before anything was read`);
			await client.exited;
		} finally {
			await worker.close();
		}
	});
}
