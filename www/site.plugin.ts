import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";
import type { Site } from "./src/site.ts";

const workerName = "service-worker.js";

const hash = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Lists the files of the finished site in its service worker, and puts their version into the page. */
export const site: Plugin = {
	name: "site",
	apply: "build",
	writeBundle({ dir = "" }) {
		const files: Record<string, string> = {};
		for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
			const file = relative(dir, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
			if (entry.isFile() && file !== workerName)
				files[file] = isPacked(file) ? "" : hash(readFileSync(join(dir, file)));
		}
		const page = join(dir, "index.html");
		const version = hash(JSON.stringify(files)).slice(0, 16);
		replaceIn(page, "%version%", version);
		files["index.html"] = hash(readFileSync(page));
		const made: Site = { version, files, shell: Object.keys(files).filter(isShell) };
		replaceIn(join(dir, workerName), "__SITE__", JSON.stringify(made));
	},
};

/** Whether a server may unpack a file on its way, so that nobody knows the bytes that arrive. */
const isPacked = (file: string): boolean => file.endsWith(".gz");

/** Pre-built schemas and tables, which are packed, are kept once they have been used. */
const isShell = (file: string): boolean => !isPacked(file);

function replaceIn(file: string, word: string, by: string): void {
	const text = readFileSync(file, "utf8");
	if (!text.includes(word)) throw new Error(`${file} has no ${word}`);
	writeFileSync(
		file,
		text.replaceAll(word, () => by),
	);
}
