// The examples of the npm package's README, type-checked against the package as it is shipped.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./processes.mjs";

test("the README's examples type-check", async () => {
	const text = await readFile(join(root, "wasm/npm/README.md"), "utf8");
	const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? "");
	if (blocks.length < 2) throw new Error(`there are ${blocks.length} examples`);
	// Within the workspace, where the name of the package leads to it.
	const dir = await mkdtemp(join(root, "integration/browser/.readme-"));
	try {
		const compilerOptions = {
			target: "ES2022",
			module: "NodeNext",
			lib: ["ES2023", "ESNext.Disposable", "DOM"],
			types: [],
			noEmit: true,
			strict: true,
		};
		await writeFile(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
		await writeFile(join(dir, "package.json"), '{"type": "module"}');
		await Promise.all(blocks.map((code, i) => writeFile(join(dir, `example${i}.ts`), code)));
		await promisify(execFile)("npx", ["tsc", "-p", dir], { cwd: root }).catch(({ stdout }) => {
			throw new Error(stdout);
		});
	} finally {
		await rm(dir, { recursive: true });
	}
});
