import { errorOf, LDAPEdgeError } from "./error.js";
import { InlineWorker, type WebSocketClass } from "./inline.js";
import type { Calls, Progress, Request, Response } from "./types.js";

/** How to find the module. */
export interface InitializeOptions {
	/** Where the module is. Default: beside this script. */
	wasmURL?: string | URL;
	/** The compiled module, for whoever has it already. */
	wasmModule?: WebAssembly.Module;
	/**
	 * The class of WebSockets, where the system has none: Node 20 with the package `ws`. It cannot be handed to a worker,
	 * so the module then runs in the caller's own thread. Default: the system's.
	 */
	webSocket?: WebSocketClass;
}

interface Pending {
	resolve: (result: never) => void;
	reject: (error: LDAPEdgeError) => void;
	progress: ((progress: Progress) => void) | undefined;
	/** Lets go of what the call holds. */
	release: () => void;
}

/** What a call may be given beside its parameters. */
export interface CallOptions {
	/** Called while the call is in progress. */
	onProgress?: (progress: Progress) => void;
	/** Ends the call early, with the code "cancelled". */
	signal?: AbortSignal;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A running module: calls in, answers out, as frames of JSON. */
export class Module {
	readonly #worker: Worker | InlineWorker;
	readonly #pending = new Map<number, Pending>();
	#last = 0;
	/** Why the module has ended, once it has. */
	ended: LDAPEdgeError | undefined;

	constructor(module: Promise<WebAssembly.Module>, { webSocket }: Pick<InitializeOptions, "webSocket"> = {}) {
		this.#worker =
			webSocket || typeof Worker === "undefined"
				? new InlineWorker(webSocket)
				: new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ldapedge" });
		this.#worker.addEventListener("message", ({ data }: Pick<MessageEvent<Uint8Array | string>, "data">) => {
			if (typeof data === "string") this.end(data);
			else this.#answer(JSON.parse(decoder.decode(data)) as Response);
		});
		this.#worker.addEventListener("error", (event: Pick<ErrorEvent, "message">) =>
			this.end(event.message || "the worker could not be loaded"),
		);
		module.then(
			(compiled) => this.#worker.postMessage(compiled),
			(error: unknown) => this.end(String(error)),
		);
	}

	call<C extends keyof Calls>(
		call: C,
		params: Calls[C]["params"],
		options: CallOptions = {},
	): Promise<Calls[C]["result"]> {
		const { signal, onProgress } = options;
		if (this.ended) return Promise.reject(this.ended);
		if (signal?.aborted)
			return Promise.reject(new LDAPEdgeError({ code: "cancelled", cause: "the call was cancelled" }));
		const id = ++this.#last;
		return new Promise((resolve, reject) => {
			const cancel = () => this.#send({ cancel: id });
			const release = () => signal?.removeEventListener("abort", cancel);
			this.#pending.set(id, { resolve, reject, progress: onProgress, release });
			signal?.addEventListener("abort", cancel);
			this.#send({ id, call, params });
		});
	}

	/** Ends the module and whatever is in progress. */
	end(cause: string): void {
		this.ended ??= new LDAPEdgeError({ code: "module", cause });
		this.#worker.terminate();
		for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(this.ended);
	}

	#send(request: Request): void {
		const frame = encoder.encode(JSON.stringify(request));
		this.#worker.postMessage(frame, [frame.buffer]);
	}

	#answer(response: Response): void {
		if ("progress" in response) this.#pending.get(response.id)?.progress?.(response.progress);
		else if ("error" in response) this.#take(response.id)?.reject(errorOf(response.error));
		else this.#take(response.id)?.resolve(response.result as never);
	}

	#take(id: number): Pending | undefined {
		const pending = this.#pending.get(id);
		this.#pending.delete(id);
		pending?.release();
		return pending;
	}
}

/** Fetches and compiles the module. */
export async function compile(options: InitializeOptions): Promise<WebAssembly.Module> {
	if (options.wasmModule) return options.wasmModule;
	const url = options.wasmURL ?? new URL("./ldapedge.wasm", import.meta.url);
	const response = await fetch(url);
	if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
	return WebAssembly.compileStreaming(response);
}
