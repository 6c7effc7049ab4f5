// The package as it is published in the hosts that are no browser: Deno, Workers, and Node without a WebSocket of its own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { root, start, startDemo } from "../browser/processes.mjs";
import { install } from "./package.mjs";

const run = promisify(execFile);
const require = createRequire(join(root, "integration/browser/"));

/** @type {Awaited<ReturnType<typeof install>>} */
let installed;
/** @type {Awaited<ReturnType<typeof startDemo>>} */
let demo;

before(async () => {
	[installed, demo] = await Promise.all([install(), startDemo()]);
	await copyFile(join(root, "integration/npm/anyhost.mjs"), join(installed.folder, "anyhost.mjs"));
	await write("package.json", JSON.stringify({ dependencies: { ldapedge: "*" } }));
});

after(async () => {
	await demo?.close();
	await installed?.remove();
});

/** What every host is to find. */
const found = {
	desc: "written",
	first: "inetOrgPerson",
	people: [["uid=ada.moreau,ou=people,dc=example,dc=com", "Ada Moreau"]],
};

/**
 * Writes a script beside the package.
 * @param {string} name
 * @param {string} script
 */
async function write(name, script) {
	const file = join(installed.folder, name);
	await writeFile(file, script);
	return file;
}

const imports = `import * as ldapedge from "ldapedge";\nimport { check } from "./anyhost.mjs";\n`;

test("Deno, where it runs in a worker", async () => {
	const script = await write(
		"deno.mjs",
		`${imports}console.log(JSON.stringify(await check(ldapedge, Deno.args[0])));\nDeno.exit();`,
	);
	const may = [`--allow-read=${installed.folder}`, `--allow-net=${new URL(demo.url).host}`];
	const { stdout } = await run(
		join(root, "node_modules/.bin/deno"),
		["run", "--no-prompt", "--no-lock", "--node-modules-dir=manual", ...may, script, demo.url],
		{
			cwd: installed.folder,
			env: { ...process.env, DENO_DIR: join(installed.folder, "deno") },
			timeout: 60_000,
		},
	);
	assert.deepEqual(JSON.parse(stdout), found);
});

test("Node without a WebSocket, which is passed in", async () => {
	const ws = require.resolve("ws");
	const script = await write(
		"node.mjs",
		`${imports}import WebSocket from ${JSON.stringify(`file://${ws}`)};
delete globalThis.WebSocket;
ldapedge.initialize({ webSocket: WebSocket });
console.log(JSON.stringify(await check(ldapedge, process.argv[2])));
process.exit();`,
	);
	const { stdout } = await run(process.execPath, [script, demo.url], { timeout: 60_000 });
	assert.deepEqual(JSON.parse(stdout), found);
});

test("Workers, which have the module compiled", async () => {
	const folder = join(installed.folder, "worker");
	await mkdir(folder);
	await cp(join(installed.folder, "node_modules/ldapedge/dist"), join(folder, "ldapedge"), { recursive: true });
	await copyFile(join(installed.folder, "anyhost.mjs"), join(folder, "anyhost.mjs"));
	const main = `import * as ldapedge from "ldapedge/index.js";
import { check } from "anyhost.mjs";
import wasmModule from "ldapedge/toolkit.wasm";
export default {
	async fetch(request, { CONNECTOR }) {
		ldapedge.initialize({ wasmModule });
		return Response.json(await check(ldapedge, CONNECTOR));
	},
};`;
	await writeFile(join(folder, "main.mjs"), main);
	const scripts = (await readdir(join(folder, "ldapedge"))).filter((file) => file.endsWith(".js"));
	const modules = ["main.mjs", "anyhost.mjs", ...scripts.map((file) => `ldapedge/${file}`)]
		.map((file) => `(name = "${file}", esModule = embed "${file}")`)
		.concat('(name = "ldapedge/toolkit.wasm", wasm = embed "ldapedge/toolkit.wasm")');
	await writeFile(
		join(folder, "config.capnp"),
		`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
	modules = [${modules.join(", ")}],
	bindings = [(name = "CONNECTOR", text = ${JSON.stringify(demo.url)})],
	compatibilityDate = "2026-11-01",
);
`,
	);
	const workerd = start(require("workerd").default, ["serve", "--control-fd=1", join(folder, "config.capnp")]);
	try {
		const { port } = JSON.parse(await workerd.line());
		const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(60_000) });
		const text = await response.text();
		assert.equal(response.status, 200, text);
		assert.deepEqual(JSON.parse(text), found);
	} finally {
		workerd.child.kill("SIGTERM");
		await workerd.exited;
	}
});
