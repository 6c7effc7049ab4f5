// Twenty clients at a time for a while, with whom everything happens at once: look-ups in the directory and in schemas,
// clients that go away, and panics. SECONDS is how long, 5 unless it says otherwise.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { root } from "../browser/processes.mjs";
import { configuration, people, startDirectory, until } from "./directory.mjs";
import { buildForced, forced, startWorker } from "./workerd.mjs";

const seconds = Number(process.env.SECONDS ?? 5);
const clients = 20;

/** @type {Awaited<ReturnType<typeof startDirectory>>} */
let directory;
before(async () => {
	await buildForced();
	directory = await startDirectory();
});
after(() => directory?.close());

/** What `ldapedge search` finds, by uid. */
async function searched() {
	const { stdout } = await promisify(execFile)(
		join(root, "dist/ldapedge"),
		["search", directory.slapd.url, "-b", "ou=people,dc=example,dc=com", "(uid=*)", "uid", "cn", "mail"],
		{ maxBuffer: 1 << 26 },
	);
	const entries = stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line));
	return new Map(entries.map((entry) => [entry.attributes.uid[0], entry]));
}

const names = ["cn", "sn", "uid", "mail", "member", "objectClass", "description", "telephoneNumber"];

for (const connections of [false, true]) {
	test(`everything at once${connections ? ", with kept connections" : ""}`, async () => {
		const worker = await startWorker(configuration(directory.connector), {
			folder: forced,
			secrets: directory.secrets,
			connections,
		});
		try {
			const wanted = await searched();
			assert.equal(wanted.size, people);
			/** @type {Map<string, string>} */
			const definitions = new Map();
			for (const name of names) {
				const { status, text } = await worker.get(`/schema/openldap/attributeTypes/${name}`);
				assert.equal(status, 200, text);
				definitions.set(name, text);
			}
			const counts = { live: 0, schema: 0, gone: 0, panic: 0 };
			const end = Date.now() + seconds * 1000;
			/** @param {number} client */
			const ask = async (client) => {
				for (let n = client; Date.now() < end; n += clients) {
					const uid = `person${n % people}`;
					const name = names[n % names.length] ?? "cn";
					const draw = Math.random();
					if (draw < 0.45) {
						const { status, body, text } = await worker.get(`/lookup/person?uid=${uid}`);
						assert.equal(status, 200, text);
						assert.deepEqual(body, { entries: [wanted.get(uid)], complete: true });
						counts.live++;
					} else if (draw < 0.9) {
						const { status, text } = await worker.get(`/schema/openldap/attributeTypes/${name}`);
						assert.equal(status, 200, text);
						assert.equal(text, definitions.get(name));
						counts.schema++;
					} else if (draw < 0.99) {
						const away = new AbortController();
						const going = sleep(Math.random() * 10).then(() => away.abort());
						const target =
							draw < 0.95 ? `/lookup/person?uid=${uid}` : "/search/dc1?filter=(uid=*)&attrs=uid,cn,mail,description";
						await worker
							.get(target, { signal: away.signal, headers: { Accept: "application/x-ndjson" } })
							.catch((error) => assert.equal(error.name, "AbortError"));
						await going;
						counts.gone++;
					} else {
						assert.equal((await worker.get("/forced/panic")).status, 500);
						counts.panic++;
					}
				}
			};
			await Promise.all(Array.from({ length: clients }, (_, client) => ask(client)));
			console.log(`in ${seconds} s: ${JSON.stringify(counts)}`);
			for (const [what, count] of Object.entries(counts)) assert.ok(count > 0, `no ${what} in ${seconds} s`);
			const { body } = await worker.get("/forced/none");
			assert.equal(body.started, 1, "instances started");
			assert.ok(body.memory < 32 << 20, `${body.memory} bytes of memory`);
			// Nothing is left over of those that went away.
			await until(async () => {
				const { body } = await worker.get("/servers");
				return body.servers[0].servers[0].connections <= (connections ? 16 : 0);
			}, "the sessions end");
			assert.doesNotMatch(worker.log(), /different request|hung|never generate|is not the owner/);
		} finally {
			await worker.close();
		}
	});
}
