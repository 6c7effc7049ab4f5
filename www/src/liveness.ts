import type { ErrorCode, Failure, Schema } from "ldapedge";
import { failureOf } from "./state.ts";

/** How long a server that has answered is taken to be there, in milliseconds. */
const fresh = 5000;

/** A session that ends sooner is not watched again at once: a server that keeps dropping us is not to keep us busy. */
const brief = 1000;

/** Ends of a session that say nothing about the server: the next action checks. */
const harmless: ErrorCode[] = ["cancelled", "idle"];

/** Notices when the server of an open schema goes, and when it is back. */
export class Liveness {
	readonly #schema: Schema;
	readonly #report: (failure: Failure | undefined) => void;
	readonly #stopped = new AbortController();
	#answered = Date.now();
	#lost = false;
	#checking = false;
	#watching = false;

	/** The function is told why the server does not answer, and undefined when it does. */
	constructor(schema: Schema, report: (failure: Failure | undefined) => void) {
		this.#schema = schema;
		this.#report = report;
		void this.#watch();
	}

	/** Checks, unless the server has answered just now. To be called when the user does something. */
	touch(): void {
		if (this.#lost || Date.now() - this.#answered > fresh) void this.#check();
	}

	/** Ends it; nothing is reported any more. */
	stop(): void {
		this.#stopped.abort();
	}

	async #watch(): Promise<void> {
		const { signal } = this.#stopped;
		if (this.#watching || signal.aborted) return;
		this.#watching = true;
		const began = Date.now();
		let end: ErrorCode = "cancelled";
		try {
			await this.#schema.watch({ signal });
		} catch (error) {
			end = failureOf(error).code;
		}
		this.#watching = false;
		if (harmless.includes(end)) return;
		await this.#check(Date.now() - began < brief ? brief : 0);
	}

	/** Checks, and watches again after a pause if the server is there. */
	async #check(pause = 0): Promise<void> {
		const { signal } = this.#stopped;
		if (this.#checking || signal.aborted) return;
		this.#checking = true;
		let failure: Failure | undefined;
		try {
			await this.#schema.check({ signal });
		} catch (error) {
			failure = failureOf(error);
		}
		this.#checking = false;
		if (signal.aborted) return;
		this.#lost = failure !== undefined;
		this.#report(failure);
		if (failure) return;
		this.#answered = Date.now();
		setTimeout(() => void this.#watch(), pause);
	}
}
