/** Runs the module in this thread. */
import type { WebSocketClass } from "./inline.js";

/** What the module finds of its host, and adds to it. */
export interface Host {
	call?: (frame: Uint8Array) => void;
	ready: () => void;
	receive: (frame: Uint8Array<ArrayBuffer>) => void;
	webSocket?: WebSocketClass;
}

/** Runs the module to its end, and says why it has ended. */
export async function start(module: WebAssembly.Module, host: Host): Promise<string> {
	try {
		// It puts Go into the global scope: only where a module runs.
		await import("./wasm_exec.js");
		const go = new Go();
		const instance = await WebAssembly.instantiate(module, go.importObject);
		(globalThis as unknown as { ldapedge?: Host }).ldapedge = host; // the module looks for it once, at its start
		await go.run(instance);
		return "the module has ended";
	} catch (error) {
		return String(error);
	}
}
