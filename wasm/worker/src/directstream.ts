/** Streams straight to a public server, with TLS: its certificate is verified as a browser's would be. */
import { connect } from "cloudflare:sockets";
import type { Bytes } from "./bytes.ts";
import type { Event } from "./step.ts";
import { at, Stream } from "./stream.ts";

/** As a connector says that it cannot reach a server. */
const dialFailed = 4502;

/** Opens a connection to host:port, or says why there is none. */
export async function openDirect(address: string, deadline: number, signal: AbortSignal): Promise<Stream | Event> {
	const { hostname, port } = new URL(`https://${address}`);
	const socket = connect({ hostname, port: Number(port || 443) }, { secureTransport: "on", allowHalfOpen: false });
	const stream = new Direct(socket);
	const close = () => stream.close();
	signal.addEventListener("abort", close);
	let late = false;
	const callOff = at(deadline, () => {
		late = true;
		stream.close();
	});
	try {
		await socket.opened;
		return stream;
	} catch {
		return late
			? { kind: "TIMEOUT" }
			: { kind: "CLOSED", code: dialFailed, reason: "the server cannot be reached, or its certificate is not valid" };
	} finally {
		callOff();
		signal.removeEventListener("abort", close);
	}
}

class Direct extends Stream {
	readonly #socket: Socket;
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
	#reading = false;

	constructor(socket: Socket) {
		super();
		this.#socket = socket;
		this.#reader = socket.readable.getReader();
		this.#writer = socket.writable.getWriter();
		const lost = () => this.#lost();
		socket.closed.catch(lost);
		this.#writer.closed.catch(lost);
	}

	/** Reads once at a time, and only what is waited for. */
	protected override wanted(): void {
		if (this.#reading) return;
		this.#reading = true;
		this.#reader
			.read()
			.then(({ value, done }) => {
				this.#reading = false;
				if (done) this.end(0, "the server has finished");
				else this.arrive(value as Bytes);
			})
			.catch(() => this.#lost());
	}

	async send(bytes: Bytes): Promise<void> {
		await this.#writer.write(bytes).catch(() => this.#lost());
	}

	#lost(): void {
		this.end(dialFailed, "the connection to the server is lost");
	}

	close(): void {
		this.#lost();
		this.#socket.close().catch(() => {});
	}
}
