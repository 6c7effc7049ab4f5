// Puts copies compressed with brotli and gzip beside each file of a folder that is smaller so:
//
//	node build/compress.mjs FOLDER
//
// Browsers take brotli of secure contexts alone. Compressing the module takes seconds, so copies are kept in
// .cache/compressed by content.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const worthIt = /\.(html|js|css|svg|wasm|json|webmanifest|txt)$/;
const cache = ".cache/compressed";

const ways = {
	br: (plain) =>
		brotliCompressSync(plain, {
			params: {
				[constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
				[constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
				[constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
			},
		}),
	gz: (plain) => gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }),
};

function compressed(plain, way) {
	const kept = join(cache, `${createHash("sha256").update(plain).digest("hex")}.${way}`);
	if (existsSync(kept)) return readFileSync(kept);
	const small = ways[way](plain);
	mkdirSync(cache, { recursive: true });
	writeFileSync(kept, small);
	return small;
}

const [folder] = process.argv.slice(2);
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
	if (!entry.isFile() || !worthIt.test(entry.name)) continue;
	const file = join(entry.parentPath, entry.name);
	const plain = readFileSync(file);
	for (const way of Object.keys(ways)) {
		const small = compressed(plain, way);
		if (small.length < plain.length) writeFileSync(`${file}.${way}`, small);
	}
}
