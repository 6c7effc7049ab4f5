// The Worker as it is shipped, and one that forces faults, each in a real workerd.
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root, start } from "../browser/processes.mjs";

const require = createRequire(join(root, "integration/browser/"));

/** The Worker as wrangler deploys it. */
export const shipped = join(root, "dist/worker");
/** The second entry point, on syumai/workers. */
export const second = join(root, "dist/worker/second");
/** The first one with forced.ts around it: each file of tests has its own, for they run side by side. */
export const forced = join(root, `.cache/worker-${process.pid}`);

/** @param {unknown} value */
const quoted = (value) => JSON.stringify(String(value));

/**
 * The modules of a Worker's folder, as workerd's configuration has them: worker.mjs is first.
 * @param {string} folder
 */
async function modules(folder) {
	const kinds = { mjs: "esModule", js: "esModule", wasm: "wasm", gz: "data" };
	const files = [
		...(await readdir(folder)),
		...(await readdir(join(folder, "offline"))).map((file) => `offline/${file}`),
	];
	return files
		.sort((a, b) => Number(b === "worker.mjs") - Number(a === "worker.mjs"))
		.map((file) => ({ file, kind: Object.entries(kinds).find(([ending]) => file.endsWith(`.${ending}`))?.[1] }))
		.filter(({ kind }) => kind)
		.map(({ file, kind }) => `(name = "${file}", ${kind} = embed "/${file}")`)
		.join(", ");
}

/**
 * Starts a Worker.
 * @param {object | string | undefined} config the member LDAPEDGE_CONFIG of its environment, if any
 * @param {object} [options]
 * @param {string} [options.folder] the Worker
 * @param {Record<string, string>} [options.secrets]
 * @param {boolean} [options.connections] whether it has the Durable Object
 * @param {string} [options.outbound] the host and port where all that it fetches goes
 * @param {string} [options.ca] certificates that it trusts, as PEM
 */
export async function startWorker(config, options = {}) {
	const { folder = shipped, secrets = {}, connections = false, outbound, ca } = options;
	const dir = await mkdtemp(join(tmpdir(), "ldapedge-worker-"));
	const value = typeof config === "string" ? `text = ${quoted(config)}` : `json = ${quoted(JSON.stringify(config))}`;
	const bindings = [
		...(config === undefined ? [] : [`(name = "LDAPEDGE_CONFIG", ${value})`]),
		...Object.entries(secrets).map(([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`),
		...(connections ? ['(name = "CONNECTIONS", durableObjectNamespace = "Connections")'] : []),
	];
	const trusted = ca ? `, tlsOptions = (trustBrowserCas = false, trustedCertificates = [${quoted(ca)}])` : "";
	const internet = outbound
		? `external = (address = ${quoted(outbound)}, http = ())`
		: `network = (allow = ["private"]${trusted})`;
	const file = join(dir, "config.capnp");
	await writeFile(
		file,
		`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [(name = "main", worker = .worker), (name = "internet", ${internet})],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
	modules = [${await modules(folder)}],
	bindings = [${bindings.join(", ")}],
	durableObjectNamespaces = [(className = "Connections", uniqueKey = "ldapedge")],
	durableObjectStorage = (inMemory = void),
	compatibilityDate = "2026-11-01",
	compatibilityFlags = ["enable_request_signal"],
);
`,
	);
	/** What workerd has written, and what the Worker has. */
	let log = "";
	const program = start(require("workerd").default, ["serve", "--verbose", "--control-fd=1", `-I${folder}`, file], {
		log: (text) => {
			log += text;
		},
	});
	const { port } = JSON.parse(await program.line());
	const url = `http://127.0.0.1:${port}`;
	return {
		url,
		log: () => log,
		/**
		 * An answer, as JSON where it is.
		 * @param {string} path
		 * @param {RequestInit} [init]
		 */
		async get(path, init) {
			const response = await fetch(url + path, { signal: AbortSignal.timeout(30_000), ...init });
			const text = await response.text();
			const isJSON = text !== "" && /^application\/(problem\+)?json$/.test(response.headers.get("content-type") ?? "");
			return { status: response.status, headers: response.headers, text, body: isJSON ? JSON.parse(text) : undefined };
		},
		async close() {
			program.child.kill("SIGTERM");
			await program.exited;
			await rm(dir, { recursive: true });
		},
	};
}

/** Builds the Worker that forces faults, which is removed at the end. */
export async function buildForced() {
	process.on("exit", () => rmSync(forced, { recursive: true, force: true }));
	const script = `set -e; . build/lib.sh; worker_folder ${forced} integration/worker/forced.ts -tags forced`;
	await promisify(execFile)("bash", ["-c", script], { cwd: root });
}
