// Puts a brotli-compressed copy beside each file of a folder that is smaller so:
//
//	node build/compress.mjs FOLDER
//
// Compressing the module takes seconds, so copies are kept in .cache/brotli by content.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const worthIt = /\.(html|js|css|svg|wasm|json|webmanifest|txt)$/;
const cache = ".cache/brotli";

function compressed(plain) {
	const kept = join(cache, createHash("sha256").update(plain).digest("hex"));
	if (existsSync(kept)) return readFileSync(kept);
	const small = brotliCompressSync(plain, {
		params: {
			[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
			[constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
			[constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
		},
	});
	mkdirSync(cache, { recursive: true });
	writeFileSync(kept, small);
	return small;
}

const [folder] = process.argv.slice(2);
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
	if (!entry.isFile() || !worthIt.test(entry.name)) continue;
	const file = join(entry.parentPath, entry.name);
	const plain = readFileSync(file);
	const small = compressed(plain);
	if (small.length < plain.length) writeFileSync(`${file}.br`, small);
}
