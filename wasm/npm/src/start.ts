/** Starts the compiled module in this thread: in the worker, or in the host's own where there is none. */
import "./wasm_exec.js";

type Frame = Uint8Array<ArrayBuffer>;

/** What the module finds in the global scope when it starts, and adds `call` to. */
interface Host {
	call?: (frame: Uint8Array) => void;
	ready: () => void;
	receive: (frame: Frame) => void;
	/** What there is in place of the system's. */
	webSocket?: typeof WebSocket;
}

/**
 * Starts the module, and returns what takes frames; those given before it is ready wait.
 * `memory` is told what the module uses, for those who measure it.
 */
export function start(
	module: WebAssembly.Module,
	receive: (frame: Frame) => void,
	end: (cause: string) => void,
	options: { webSocket?: typeof WebSocket | undefined; memory?: (memory: WebAssembly.Memory) => void } = {},
): (frame: Uint8Array) => void {
	const waiting: Uint8Array[] = [];
	const host: Host = {
		ready() {
			for (const frame of waiting.splice(0)) host.call?.(frame);
		},
		receive,
		...(options.webSocket && { webSocket: options.webSocket }),
	};
	run(module, host, options.memory).then(
		() => end("the module has ended"),
		(error: unknown) => end(String(error)),
	);
	return (frame) => {
		if (host.call) host.call(frame);
		else waiting.push(frame);
	};
}

async function run(
	module: WebAssembly.Module,
	host: Host,
	memory: ((memory: WebAssembly.Memory) => void) | undefined,
): Promise<void> {
	const go = new Go();
	const instance = await WebAssembly.instantiate(module, go.importObject);
	memory?.(instance.exports.mem as WebAssembly.Memory);
	const scope = globalThis as { ldapedge?: Host };
	scope.ldapedge = host;
	const ended = go.run(instance); // it takes the host at once
	delete scope.ldapedge;
	await ended;
}
