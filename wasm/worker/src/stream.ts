/** A byte stream to an LDAP server, whatever carries it. It belongs to the request, or the object, that has opened it. */
import { type Bytes, concat } from "./bytes.ts";
import type { Event } from "./step.ts";

/** Calls back at a time in milliseconds since 1970, if not called off before by what is returned. */
export function at(deadline: number, callback: () => void): () => void {
	const timer = setTimeout(callback, Math.max(0, deadline - Date.now()));
	return () => clearTimeout(timer);
}

export abstract class Stream {
	#arrived: Bytes[] = [];
	#end: Event | undefined;
	#changed: (() => void) | undefined;

	/** Sends bytes; an end of the stream shows when something is received. */
	abstract send(bytes: Bytes): Promise<void>;
	/** Ends the stream, and a {@link receive} that waits. */
	abstract close(): void;

	/** Is told that there is nothing to receive. */
	protected wanted(): void {}
	/** Is told that bytes have been received. */
	protected taken(_length: number): void {}

	protected arrive(bytes: Bytes): void {
		if (this.#end) return;
		this.#arrived.push(bytes);
		this.#changed?.();
	}

	/** The first end counts; what arrived before it is received still. */
	protected end(code: number, reason: string): void {
		if (this.#end) return;
		this.#end = { kind: "CLOSED", code, reason };
		this.#changed?.();
	}

	/** All that has arrived, once something has: "RECEIVED", "CLOSED" or, at the deadline, "TIMEOUT". */
	async receive(deadline: number): Promise<Event> {
		if (this.#idle()) {
			this.wanted();
			await this.#change(deadline);
		}
		if (this.#arrived.length > 0) {
			const bytes = concat(this.#arrived);
			this.#arrived = [];
			this.taken(bytes.length);
			return { kind: "RECEIVED", bytes };
		}
		return this.#end ?? { kind: "TIMEOUT" };
	}

	/** Calls back once something happens to a stream that is not in use; false if something has already. */
	watch(callback: () => void): boolean {
		if (!this.#idle()) return false;
		this.wanted();
		this.#changed = () => {
			this.#changed = undefined;
			callback();
		};
		return true;
	}

	unwatch(): void {
		this.#changed = undefined;
	}

	#idle(): boolean {
		return this.#arrived.length === 0 && !this.#end;
	}

	#change(deadline: number): Promise<void> {
		return new Promise((resolve) => {
			const callOff = at(deadline, () => this.#changed?.());
			this.#changed = () => {
				this.#changed = undefined;
				callOff();
				resolve();
			};
		});
	}
}
