import { LDAPEdgeError } from "./error.js";
import type { Calls, Progress, Request, Response } from "./types.js";

/** How to find the module. */
export interface InitializeOptions {
	/** Where the module is. Default: beside this script. */
	wasmURL?: string | URL;
	/** The compiled module, for whoever has it already. */
	wasmModule?: WebAssembly.Module;
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

/** Where the module is unless the options say so. */
const moduleURL = new URL("./ldapedge.wasm", import.meta.url);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A running module: calls in, answers out, as frames of JSON. */
export class Module {
	readonly #worker: Worker;
	readonly #pending = new Map<number, Pending>();
	#last = 0;
	/** Why the module has ended, once it has. */
	ended: LDAPEdgeError | undefined;

	constructor(options: InitializeOptions) {
		this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ldapedge" });
		this.#worker.addEventListener("message", ({ data }: MessageEvent<Uint8Array | string>) => {
			if (typeof data === "string") this.end(data);
			else this.#answer(JSON.parse(decoder.decode(data)) as Response);
		});
		this.#worker.addEventListener("error", (event) => this.end(event.message || "the worker could not be loaded"));
		// The worker compiles it: that would hold up the page.
		this.#worker.postMessage(options.wasmModule ?? absolute(options.wasmURL ?? moduleURL));
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
		else if ("error" in response) this.#take(response.id)?.reject(new LDAPEdgeError(response.error));
		else this.#take(response.id)?.resolve(response.result as never);
	}

	#take(id: number): Pending | undefined {
		const pending = this.#pending.get(id);
		this.#pending.delete(id);
		pending?.release();
		return pending;
	}
}

/** A URL for the worker, which is at another place than the page. */
const absolute = (url: string | URL): string => new URL(url, globalThis.location?.href).href;
