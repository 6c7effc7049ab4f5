// The examples of the npm package's README.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./processes.mjs";

/**
 * Each with what it prints, as far as the README says so; those that run need no connector.
 * @returns {Promise<{code: string, runs: boolean, output: string | undefined}[]>}
 */
export async function examples() {
	const text = await readFile(join(root, "wasm/npm/README.md"), "utf8");
	const blocks = text.matchAll(/^```ts( run)?\n(.*?)^```$(?:\n\n```output\n(.*?)^```$)?/gms);
	return [...blocks].map(([, run, code = "", output]) => ({ code, runs: run !== undefined, output }));
}
