// A part of the Worker that needs no Worker around it, as a module of Node's.
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../browser/processes.mjs";

/**
 * Imports a source file of the Worker's.
 * @param {string} file
 */
export async function source(file) {
	const { outputFiles } = await build({
		entryPoints: [join(root, "wasm/worker/src", file)],
		bundle: true,
		format: "esm",
		target: "es2022",
		write: false,
	});
	return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? "").toString("base64")}`);
}
