// The programs that the browser tests run: real ones, on loopback, on ports of their own.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { preview } from "vite";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Starts a program and hands out its lines of output one by one.
 * @param {string} file as it is called from the repository's root
 * @param {string[]} args
 * @param {{log?: (text: string) => void, cwd?: string, env?: NodeJS.ProcessEnv}} [options] log: takes what it writes to
 *   standard error
 */
export function start(file, args, { log, ...options } = {}) {
	const child = spawn(resolve(root, file), args, { stdio: "pipe", ...options });
	child.stderr.setEncoding("utf8").on("data", log ?? ((text) => process.stderr.write(text)));
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const exited = new Promise((resolve) => child.once("exit", resolve));
	return {
		child,
		exited,
		async line() {
			const { value, done } = await lines.next();
			if (done) throw new Error(`${file} has ended`);
			return /** @type {string} */ (value);
		},
	};
}

/**
 * A real slapd, which can be killed and started again.
 * @param {{people?: number, tls?: boolean}} [options] how many people it has, and whether it speaks ldaps
 */
export async function startSlapd({ people = 0, tls = false } = {}) {
	const program = start(".cache/bin/testserver", [`-people=${people}`, `-tls=${tls}`]);
	const { url, ca } = JSON.parse(await program.line());
	/** @param {string} command */
	async function tell(command) {
		program.child.stdin.write(`${command}\n`);
		const answer = await program.line();
		if (answer !== "ok") throw new Error(answer);
	}
	return {
		url: /** @type {string} */ (url),
		/** The file of the certificate to trust. */
		ca: /** @type {string | undefined} */ (ca),
		kill: () => tell("kill"),
		start: () => tell("start"),
		async close() {
			program.child.stdin.end();
			await program.exited;
		},
	};
}

/**
 * A server that publishes a pre-built schema, for what slapd's does not have, or a real one: "samba" or "389".
 * @param {string} name
 */
export async function startServer(name) {
	const program = start(".cache/bin/testserver", [name]);
	const { url, dn = "", password = "" } = JSON.parse(await program.line());
	return {
		url: /** @type {string} */ (url),
		/** The administrator of a real one. */
		login: { dn: /** @type {string} */ (dn), password: /** @type {string} */ (password) },
		async close() {
			program.child.stdin.end();
			await program.exited;
		},
	};
}

/**
 * A server that publishes definitions of the test's.
 * @param {Record<string, string[]>} definitions by the attribute of the subschema entry
 */
export async function startPublishing(definitions) {
	const dir = await mkdtemp(join(tmpdir(), "ldapedge-"));
	const file = join(dir, "subschema.ldif");
	const lines = Object.entries(definitions).flatMap(([attribute, values]) =>
		values.map((value) => `${attribute}:: ${Buffer.from(value).toString("base64")}\n`),
	);
	await writeFile(file, `dn: cn=Subschema\nobjectClass: subschema\n${lines.join("")}`);
	const server = await startServer(file);
	return {
		...server,
		async close() {
			await server.close();
			await rm(dir, { recursive: true });
		},
	};
}

/**
 * The connector as it is shipped, with the viewer in it.
 * @param {string[]} args
 * @param {{token?: boolean}} [options] whether it asks for a token, and prints it
 */
async function startConnector(args, { token = false } = {}) {
	const program = start("dist/ldapedge", ["serve", ...args]);
	const url = (await program.line()).replace("listening ", "");
	return {
		url,
		token: token ? (await program.line()).replace("token ", "") : "",
		async close() {
			program.child.kill("SIGTERM");
			await program.exited;
		},
	};
}

export const startDemo = (listen = "127.0.0.1:0") => startConnector(["--demo", "--listen", listen]);

/**
 * A connector to servers of the test's.
 * @param {Record<string, string | object>} servers name and URL, or what else the configuration has of one
 * @param {{token?: boolean, origins?: string[], pools?: object[]}} [options] origins: whose pages may use it
 */
export async function startConnectorTo(servers, options = {}) {
	const dir = await mkdtemp(join(tmpdir(), "ldapedge-"));
	const config = {
		listen: "127.0.0.1:0",
		...(options.token ? {} : { auth: "none" }),
		...(options.origins ? { origins: options.origins } : {}),
		...(options.pools ? { pools: options.pools } : {}),
		servers: Object.entries(servers).map(([name, one]) => ({
			name,
			...(typeof one === "string" ? { url: one } : one),
		})),
	};
	const file = join(dir, "ldapedge.yaml");
	await writeFile(file, JSON.stringify(config)); // YAML is a superset
	const connector = await startConnector(["--config", file], options);
	return {
		...connector,
		async close() {
			await connector.close();
			await rm(dir, { recursive: true });
		},
	};
}

/**
 * The values of an attribute of the subschema entry, as OpenLDAP's own client reads them.
 * @param {string} url
 * @param {string} attribute
 * @param {string} [entry]
 */
export async function ldapsearch(url, attribute, entry = "cn=Subschema") {
	const { stdout } = await promisify(execFile)(
		"ldapsearch",
		["-x", "-LLL", "-o", "ldif-wrap=no", "-H", url, "-b", entry, "-s", "base", attribute],
		{ maxBuffer: 1 << 26 },
	);
	return stdout
		.split("\n")
		.filter((line) => line.startsWith(`${attribute}:`))
		.map((line) =>
			line.startsWith(`${attribute}:: `)
				? Buffer.from(line.slice(attribute.length + 3), "base64").toString()
				: line.slice(attribute.length + 2),
		);
}

/**
 * Passes connections on to a server, and holds back what that sends when it is told to.
 * @param {string} url
 */
export async function startRelay(url) {
	const { hostname, port } = new URL(url);
	/** @type {Set<import("node:net").Socket>} */
	const targets = new Set();
	let room = Number.POSITIVE_INFINITY;
	const server = createServer((client) => {
		const target = connect(Number(port), hostname);
		targets.add(target);
		client.pipe(target);
		target.on("data", (chunk) => {
			client.write(chunk);
			room -= chunk.length;
			if (room <= 0) target.pause();
		});
		target.on("close", () => {
			targets.delete(target);
			client.destroy();
		});
		client.on("error", () => target.destroy());
		target.on("error", () => client.destroy());
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port: own } = /** @type {import("node:net").AddressInfo} */ (server.address());
	return {
		url: `ldap://127.0.0.1:${own}`,
		/** Passes on about as many bytes, and no more until release. @param {number} bytes */
		hold(bytes) {
			room = bytes;
		},
		release() {
			room = Number.POSITIVE_INFINITY;
			for (const target of targets) target.resume();
		},
		async close() {
			for (const target of targets) target.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/**
 * How many connections there are to a server on loopback.
 * @param {string} url
 */
export async function connectionsTo(url) {
	const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
	const lines = (await readFile("/proc/net/tcp", "utf8")).split("\n").map((line) => line.trim().split(/\s+/));
	return lines.filter(([, , remote, state]) => remote === `0100007F:${port}` && state === "01").length;
}

/**
 * Serves the files of a folder.
 * @param {string} folder
 */
export async function serveFolder(folder) {
	const server = await preview({
		configFile: false,
		root: folder,
		build: { outDir: "." },
		preview: { port: 0, host: "127.0.0.1", headers: { "Cache-Control": "no-cache" } },
		logLevel: "error",
	});
	return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}
