/** The module in the caller's own thread, with the face of a worker: where there are none, or for a WebSocket of the caller's. */
import { type Host, start } from "./host.js";

/** A class of WebSockets, as far as it is used: that of browsers, and of the package `ws`. */
export type WebSocketClass = new (
	url: string,
	protocols: string[],
) => {
	binaryType: string;
	send(data: string | Uint8Array<ArrayBuffer>): void;
	close(code?: number): void;
};

type Message = { data: Uint8Array<ArrayBuffer> | string };

export class InlineWorker {
	readonly #webSocket: WebSocketClass | undefined;
	#listener: (message: Message) => void = () => {};
	#host: Host | undefined;
	#waiting: Uint8Array[] = [];

	constructor(webSocket: WebSocketClass | undefined) {
		this.#webSocket = webSocket;
	}

	addEventListener(event: "message" | "error", listener: (message: Message & { message: string }) => void): void {
		if (event === "message") this.#listener = listener as (message: Message) => void;
	}

	postMessage(data: WebAssembly.Module | Uint8Array, _transfer?: Transferable[]): void {
		if (data instanceof WebAssembly.Module) void this.#start(data);
		else if (this.#host?.call) this.#host.call(data);
		else this.#waiting.push(data);
	}

	/** Nothing can end a module in this thread: what it still says is not heard. */
	terminate(): void {
		this.#listener = () => {};
		this.#waiting = [];
		this.#host = undefined;
	}

	async #start(module: WebAssembly.Module): Promise<void> {
		const host: Host = {
			ready: () => {
				this.#host = host;
				for (const frame of this.#waiting.splice(0)) host.call?.(frame);
			},
			// Not within the module's own call, as from a worker.
			receive: (frame) => queueMicrotask(() => this.#listener({ data: frame })),
			...(this.#webSocket && { webSocket: this.#webSocket }),
		};
		this.#listener({ data: await start(module, host) });
	}
}
