import type { Application, Applied, Outcome } from "./apply.js";
import { cancelled, LDAPEdgeError } from "./error.js";
import { location } from "./load.js";
import { hasWorkers, inThread, inWorker, type Runner } from "./runner.js";
import type { Calls, Progress, Request, Response } from "./types.js";

/** How to find and run the module. */
export interface InitializeOptions {
	/**
	 * Where the module is, if not beside this script. It is the only one then: `toolkit.wasm` can do everything,
	 * `ldapedge.wasm` what a page needs first.
	 */
	wasmURL?: string | URL;
	/** The compiled module, for whoever has it already, such as a Worker at the edge; likewise the only one. */
	wasmModule?: WebAssembly.Module;
	/** What speaks to connectors in place of the host's WebSocket, which Node 20 does not have; not in a worker. */
	webSocket?: typeof WebSocket;
	/** Whether it runs in a Web Worker of its own. Default: where the host has them. */
	worker?: boolean;
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
	readonly #runner: Runner;
	readonly #pending = new Map<number, Pending>();
	readonly #applications = new Map<number, (answer: Applied) => void>();
	#last = 0;
	/** Why the module has ended, once it has. */
	ended: LDAPEdgeError | undefined;

	/** Runs the module that is beside this script, unless the options have another: where it is, is asked only then. */
	constructor(beside: () => URL, options: InitializeOptions) {
		const { wasmModule, wasmURL, worker = hasWorkers, webSocket } = options;
		const module = wasmModule ?? new URL(wasmURL ?? beside(), location()).href;
		this.#runner = (worker ? inWorker : inThread)(module, webSocket, {
			receive: (frame) => this.#answer(JSON.parse(decoder.decode(frame)) as Response),
			applied: (answer) => this.#applications.get(answer.application)?.(answer),
			end: (cause) => this.end(cause),
		});
	}

	/** Calls the module; `file` is what the call is about, beside its parameters. */
	call<C extends keyof Calls>(
		call: C,
		params: Calls[C]["params"],
		options: CallOptions = {},
		file?: Uint8Array,
	): Promise<Calls[C]["result"]> {
		const { signal, onProgress } = options;
		if (this.ended) return Promise.reject(this.ended);
		if (signal?.aborted) return Promise.reject(cancelled());
		const id = ++this.#last;
		return new Promise((resolve, reject) => {
			const cancel = () => {
				this.#send({ cancel: id });
				this.#abandon(id);
			};
			const release = () => signal?.removeEventListener("abort", cancel);
			this.#pending.set(id, { resolve, reject, progress: onProgress, release });
			signal?.addEventListener("abort", cancel);
			this.#send({ id, call, params }, file);
		});
	}

	/** Applies formatters that are a script, in the module's thread. */
	apply(request: Omit<Application, "application">): Promise<Outcome[] | undefined> {
		if (this.ended) return Promise.reject(this.ended);
		const application = ++this.#last;
		return new Promise((resolve, reject) => {
			this.#applications.set(application, (answer) => {
				this.#applications.delete(application);
				if ("outcomes" in answer) resolve(answer.outcomes);
				else
					reject(this.ended ?? LDAPEdgeError.of({ code: "unavailable", where: request.script, cause: answer.error }));
			});
			this.#runner.apply({ application, ...request });
		});
	}

	/** Ends the module and whatever is in progress. */
	end(cause: string): void {
		this.ended ??= LDAPEdgeError.of({ code: "module", cause });
		this.#runner.close();
		for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(this.ended);
		for (const [application, answer] of [...this.#applications]) answer({ application, error: cause });
	}

	#send(request: Request, file?: Uint8Array): void {
		const text = encoder.encode(JSON.stringify(request));
		this.#runner.post(file ? joined(text, file) : text);
	}

	/** The host does not wait for a call any more; what the answer may have opened is closed. */
	#abandon(id: number): void {
		const pending = this.#take(id);
		if (!pending) return;
		pending.reject(cancelled());
		const drop = () => this.#pending.delete(id);
		const resolve = ({ source }: { source?: number }) => {
			if (source !== undefined) this.call("close", { source }).catch(() => {});
		};
		this.#pending.set(id, { resolve, reject: drop, progress: undefined, release() {} });
	}

	#answer(response: Response): void {
		if ("progress" in response) this.#pending.get(response.id)?.progress?.(response.progress);
		else if ("error" in response) this.#take(response.id)?.reject(LDAPEdgeError.of(response.error));
		else this.#take(response.id)?.resolve(response.result as never);
	}

	#take(id: number): Pending | undefined {
		const pending = this.#pending.get(id);
		this.#pending.delete(id);
		pending?.release();
		return pending;
	}
}

/** A frame with a file: a zero byte is between them. */
function joined(text: Uint8Array, file: Uint8Array): Uint8Array<ArrayBuffer> {
	const frame = new Uint8Array(text.length + 1 + file.length);
	frame.set(text);
	frame.set(file, text.length + 1);
	return frame;
}
