/** Keeps streams for the next task that wants one to the same place, where something lives longer than a request. */
import type { Instance } from "./instance.ts";
import { at, type Stream } from "./stream.ts";

interface Kept {
	/** Streams with the same one lead to the same place, and are bound alike. */
	key: string;
	/** The number under which the instance knows it. */
	connection: number;
	instance: Instance;
	stream: Stream;
	callOff: () => void;
}

/** How long one is kept without use, in milliseconds, and how many are. */
const idleTime = 60_000;
const most = 16;

export class Keeper {
	#all: Kept[] = [];

	/** A kept stream; it is the taker's from then on. */
	take(key: string, instance: Instance): { stream: Stream; connection: number } | undefined {
		for (const kept of this.#all.filter((kept) => kept.instance !== instance)) this.#discard(kept);
		const kept = this.#all.findLast((kept) => kept.key === key);
		if (kept) this.#remove(kept);
		return kept;
	}

	/** Whether the stream is kept; otherwise it is the caller's still. */
	keep(key: string, connection: number, stream: Stream, instance: Instance): boolean {
		if (!instance.usable) return false;
		const kept: Kept = { key, connection, instance, stream, callOff: () => {} };
		// Nothing comes unasked that would not be the end.
		if (!stream.watch(() => this.#discard(kept))) return false;
		kept.callOff = at(Date.now() + idleTime, () => this.#discard(kept));
		this.#all.push(kept);
		if (this.#all.length > most && this.#all[0]) this.#discard(this.#all[0]);
		return true;
	}

	#remove(kept: Kept): void {
		kept.callOff();
		kept.stream.unwatch();
		this.#all = this.#all.filter((one) => one !== kept);
	}

	#discard(kept: Kept): void {
		this.#remove(kept);
		kept.stream.close();
		try {
			kept.instance.forget(kept.connection);
		} catch (error) {
			console.error(`forgetting a connection: ${(error as Error).message}`);
		}
	}
}
