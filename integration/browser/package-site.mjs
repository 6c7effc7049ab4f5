// A page of somebody else's that has the npm package beside it, as it is shipped.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "./processes.mjs";

/** @type {Record<string, string>} */
const types = { js: "text/javascript", wasm: "application/wasm", gz: "application/octet-stream" };

/**
 * Serves the package under /npm/, these scripts, and an empty page.
 * @param {Record<string, string>} [scripts] by name
 */
export async function servePackage(scripts = {}) {
	const site = createServer((request, response) => {
		const path = request.url ?? "";
		const [, file, extension] = /^\/npm\/((?:offline\/)?[\w.]+\.(js|wasm|gz))$/.exec(path) ?? [];
		const script = scripts[path.slice(1)];
		if (file && extension) {
			response.setHeader("Content-Type", types[extension] ?? "");
			createReadStream(join(root, "dist/npm/dist", file)).pipe(response);
		} else if (script) response.setHeader("Content-Type", "text/javascript").end(script);
		else response.setHeader("Content-Type", "text/html").end("<!doctype html><title>package</title>");
	});
	await new Promise((resolve) => site.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (site.address());
	return { origin: `http://127.0.0.1:${port}`, close: () => site.close() };
}
