/** The files of the package, wherever it runs. */

interface FileSystem {
	readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}

interface Process {
	getBuiltinModule?: (name: "node:fs/promises") => FileSystem | undefined;
}

/** Fetches a file, or reads it where the package is on a disk and fetch does not read from there, as in Node. */
export async function load(url: string | URL, signal?: AbortSignal): Promise<Response> {
	const { process } = globalThis as { process?: Process };
	const files = String(url).startsWith("file:") ? process?.getBuiltinModule?.("node:fs/promises") : undefined;
	if (files) return new Response(await files.readFile(new URL(url)));
	const response = await fetch(url, { signal: signal ?? null });
	if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
	return response;
}

/** Loads a file that gzip has compressed. */
export async function loadPacked(url: string | URL, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
	const packed = await (await load(url, signal)).blob();
	const [first, second] = new Uint8Array(await packed.slice(0, 2).arrayBuffer());
	// A server that says "Content-Encoding: gzip" has it unpacked on the way.
	const plain =
		first === 0x1f && second === 0x8b ? packed.stream().pipeThrough(new DecompressionStream("gzip")) : packed;
	return new Uint8Array(await new Response(plain).arrayBuffer());
}

/** A module, or where it is. */
export type Given = WebAssembly.Module | string;

/** Fetches and compiles a module, unless it is given compiled. */
export async function compiled(module: Given): Promise<WebAssembly.Module> {
	if (typeof module !== "string") return module;
	const response = await load(module);
	const streams = response.headers.get("content-type") === "application/wasm";
	return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** What relative addresses refer to: the page, or the package where there is none. */
export function location(): string {
	return (globalThis as { location?: { href: string } }).location?.href ?? import.meta.url;
}
