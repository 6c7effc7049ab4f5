/**
 * The worker that holds the module. Its messages are frames of the module, but
 * for the first one from the page, which is the module or its URL, and the last
 * one to it, a string that says why the module has ended.
 */
import "./wasm_exec.js";

interface Host {
	call?: (frame: Uint8Array) => void;
	ready: () => void;
	receive: (frame: Uint8Array<ArrayBuffer>) => void;
	/** What the module uses, for those who measure it. */
	memory?: WebAssembly.Memory;
}

/** The scope of a dedicated worker, as far as it is used. */
interface Scope {
	ldapedge?: Host;
	postMessage(message: Uint8Array | string, transfer?: Transferable[]): void;
	addEventListener(
		type: "message",
		listener: (event: MessageEvent<WebAssembly.Module | string | Uint8Array>) => void,
	): void;
}

const scope = globalThis as unknown as Scope;

const waiting: Uint8Array[] = [];

const host: Host = {
	ready() {
		for (const frame of waiting.splice(0)) host.call?.(frame);
	},
	receive(frame) {
		scope.postMessage(frame, [frame.buffer]);
	},
};
scope.ldapedge = host;

async function start(module: WebAssembly.Module | string): Promise<void> {
	try {
		const go = new Go();
		const compiled = typeof module === "string" ? await compile(module) : module;
		const instance = await WebAssembly.instantiate(compiled, go.importObject);
		host.memory = instance.exports.mem as WebAssembly.Memory;
		await go.run(instance);
		scope.postMessage("the module has ended");
	} catch (error) {
		scope.postMessage(String(error));
	}
}

async function compile(url: string): Promise<WebAssembly.Module> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
	return WebAssembly.compileStreaming(response);
}

scope.addEventListener("message", ({ data }) => {
	if (!(data instanceof Uint8Array)) void start(data);
	else if (host.call) host.call(data);
	else waiting.push(data);
});
