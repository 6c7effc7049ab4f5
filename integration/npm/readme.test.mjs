// The examples of the npm package's README that need no connector, run in Node with the package as it is published.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "../browser/processes.mjs";
import { examples } from "../browser/readme.mjs";
import { install } from "./package.mjs";

const run = promisify(execFile);

test("the README's examples print what it says", async () => {
	const all = (await examples()).filter(({ runs }) => runs);
	assert.ok(all.length >= 5, `there are ${all.length} examples`);
	const installed = await install();
	try {
		const source = join(installed.folder, "source");
		await mkdir(source);
		await Promise.all(all.map(({ code }, i) => writeFile(join(source, `example${i}.mts`), code)));
		const options = ["--target", "ES2022", "--module", "NodeNext", "--lib", "ES2023,DOM,ESNext.Disposable", "--strict"];
		const files = all.map((_, i) => join(source, `example${i}.mts`));
		await run("npx", ["tsc", ...options, "--types", "", "--outDir", installed.folder, ...files], { cwd: root });
		for (const [i, { output, code }] of all.entries()) {
			const { stdout } = await run(process.execPath, [join(installed.folder, `example${i}.mjs`)]);
			if (output !== undefined) assert.equal(stdout, output, code);
			else assert.match(stdout, /\S/, code);
		}
	} finally {
		await installed.remove();
	}
});
