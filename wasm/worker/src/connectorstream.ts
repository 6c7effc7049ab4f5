/** Streams through a connector: WebSocket sessions, as docs/protocol.md has them. */
import type { Bytes } from "./bytes.ts";
import type { Connector } from "./configuration.ts";
import type { Event } from "./step.ts";
import { at, Stream } from "./stream.ts";

/** The credit that a session grants the connector, in bytes: what is read ahead is bounded by it. */
const window = 256 << 10;

/** What a client reports in place of a close code when there is none. */
const closeAbnormal = 1006;
const closeProtocol = 4400;

/** Close codes of answers that are no session. */
const closeCodes: Record<number, number> = { 400: 4400, 401: 4401, 403: 4403, 404: 4404, 429: 4429 };

/** Opens a session with a server, or says why there is none. */
export async function openSession(
	connector: Connector,
	server: string,
	deadline: number,
	signal: AbortSignal,
): Promise<Stream | Event> {
	// Not the signal itself, which would cut off the session too, where it is to be closed.
	const opening = new AbortController();
	const giveUp = () => opening.abort();
	const callOff = at(deadline, giveUp);
	signal.addEventListener("abort", giveUp);
	let response: Response;
	try {
		response = await fetch(`${connector.url}/v1/ldap?server=${encodeURIComponent(server)}`, {
			headers: {
				Upgrade: "websocket",
				"Sec-WebSocket-Protocol": "ldapedge.v1",
				...(connector.token && { Authorization: `Bearer ${connector.token}` }),
			},
			redirect: "manual",
			signal: opening.signal,
		});
	} catch {
		if (Date.now() >= deadline) return { kind: "TIMEOUT" };
		return { kind: "CLOSED", code: closeAbnormal, reason: "the connector cannot be reached" };
	} finally {
		callOff();
		signal.removeEventListener("abort", giveUp);
	}
	const socket = response.webSocket;
	if (!socket) {
		await response.body?.cancel();
		const code = closeCodes[response.status] ?? closeAbnormal;
		return { kind: "CLOSED", code, reason: `the connector answers ${response.status}` };
	}
	const session = new Session(socket);
	const close = () => session.close();
	signal.addEventListener("abort", close);
	const fault = await session.opened(deadline);
	signal.removeEventListener("abort", close);
	return fault ?? session;
}

class Session extends Stream {
	readonly #socket: WebSocket;
	/** The largest frame that may be sent, once it is known. */
	#frame = 0;
	/** Bytes received for which no credit has been given back. */
	#read = 0;
	#closed = false;
	#hello: (() => void) | undefined;

	constructor(socket: WebSocket) {
		super();
		this.#socket = socket;
		socket.binaryType = "arraybuffer"; // the default depends on the date of compatibility
		socket.addEventListener("message", ({ data }) => this.#message(data));
		socket.addEventListener("close", ({ code, reason }) => this.#ended(code, reason));
		socket.addEventListener("error", () => this.#ended(closeAbnormal, "the connection to the connector is lost"));
		socket.accept();
		this.#say(JSON.stringify({ credit: window }));
	}

	/** Waits for the session's first frame; why there is none if it does not come. */
	async opened(deadline: number): Promise<Event | undefined> {
		const timely = await new Promise<boolean>((resolve) => {
			const callOff = at(deadline, () => resolve(false));
			this.#hello = () => {
				callOff();
				resolve(true);
			};
			if (this.#frame > 0 || this.#closed) this.#hello();
		});
		if (this.#frame > 0) return undefined;
		this.close();
		const end = await this.receive(0);
		return timely ? end : { kind: "TIMEOUT" };
	}

	#message(data: string | ArrayBuffer): void {
		if (typeof data === "string") {
			this.#text(data);
		} else if (this.#frame === 0) {
			this.#broken("bytes before the session's first frame");
		} else if (data.byteLength === 0) {
			this.end(0, "the server has finished");
		} else {
			this.arrive(new Uint8Array(data));
		}
	}

	/** Takes the session's first frame; there is no other text. */
	#text(text: string): void {
		let frame: unknown;
		try {
			frame = JSON.parse(text).limits.frame;
		} catch {
			// It has none.
		}
		if (this.#frame > 0 || typeof frame !== "number" || !(frame >= 1)) {
			this.#broken("a text that is not the session's first frame");
			return;
		}
		this.#frame = Math.floor(frame);
		this.#hello?.();
	}

	#broken(what: string): void {
		this.#ended(closeProtocol, `the connector sent ${what}`);
	}

	#ended(code: number, reason: string): void {
		this.end(code, reason);
		this.close();
	}

	/** Renews the credit once half of it is used. */
	protected override taken(length: number): void {
		this.#read += length;
		if (this.#read < window / 2) return;
		this.#say(JSON.stringify({ credit: this.#read }));
		this.#read = 0;
	}

	async send(bytes: Bytes): Promise<void> {
		for (let from = 0; from < bytes.length; from += this.#frame) this.#say(bytes.slice(from, from + this.#frame));
	}

	/** A socket that has closed says so by its event. */
	#say(frame: string | Bytes): void {
		if (this.#closed) return;
		try {
			this.#socket.send(frame);
		} catch {
			this.end(closeAbnormal, "the connection to the connector is lost");
		}
	}

	close(): void {
		this.end(closeAbnormal, "the session was closed");
		if (this.#closed) return;
		this.#closed = true;
		this.#hello?.();
		try {
			this.#socket.close(1000);
		} catch {
			// It has closed.
		}
	}
}
