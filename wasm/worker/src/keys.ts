/** Where the keys of an issuer come from. */
import { decode, readAll } from "./bytes.ts";
import type { Context } from "./env.ts";
import { type Algorithm, KeySet } from "./keyset.ts";
import { Refusal } from "./subject.ts";

export interface Keys {
	/** The key for a token's kid and algorithm. It may wait for keys; `context` has what goes on behind the answer. */
	find(id: string, algorithm: Algorithm, context: Context): Promise<CryptoKey>;
}

/** Keys that are in the configuration. */
export const inlineKeys = (set: KeySet): Keys => ({ find: async (id, algorithm) => set.find(id, algorithm) });

/** One fetch's time, in milliseconds. */
const fetchTimeout = 10_000;
/** How often an unknown key may cause a fetch, and how soon one that failed is tried again. */
const forceInterval = 60_000;
/** How old keys become before they are fetched anew. */
const refreshInterval = 15 * 60_000;
/** How often a request looks whether another's fetch is over. */
const lookInterval = 20;

const mostBytes = 1 << 20;

/**
 * Keys at a URL. While they cannot be fetched those of before stay. A request never waits for the promise of another's
 * fetch, which may end with that other request, but looks from time to time.
 */
export class RemoteKeys implements Keys {
	readonly #url: string;
	#keys: KeySet | undefined;
	/** When the latest fetch began; it is over if `#fetching` is false, or after its time. */
	#began = Number.NEGATIVE_INFINITY;
	#fetching = false;
	/** When the keys are to be fetched anew. */
	#due = Number.POSITIVE_INFINITY;
	#forced = Number.NEGATIVE_INFINITY;

	constructor(url: string) {
		this.#url = url;
	}

	async find(id: string, algorithm: Algorithm, context: Context): Promise<CryptoKey> {
		if (this.#keys && Date.now() >= this.#due && !this.#running()) context.waitUntil(this.#fetch());
		try {
			return this.#known(id, algorithm);
		} catch (error) {
			if (!(error instanceof Refusal) || error.reason === "wrong_algorithm") throw error;
		}
		await this.#force(context);
		return this.#known(id, algorithm);
	}

	#known(id: string, algorithm: Algorithm): CryptoKey {
		if (!this.#keys) throw new Refusal("keys_unavailable");
		return this.#keys.find(id, algorithm);
	}

	#running(): boolean {
		return this.#fetching && Date.now() < this.#began + fetchTimeout;
	}

	/** Waits for a fetch that is under way, or begins one, though not often: tokens of unknown keys are made easily. */
	async #force(context: Context): Promise<void> {
		while (this.#running()) {
			await new Promise((resolve) => setTimeout(resolve, lookInterval));
			if (!this.#running()) return;
		}
		if (Date.now() < this.#forced + forceInterval) return;
		this.#forced = Date.now();
		const fetched = this.#fetch();
		context.waitUntil(fetched); // others wait for it too
		await fetched;
	}

	async #fetch(): Promise<void> {
		this.#fetching = true;
		this.#began = Date.now();
		try {
			this.#keys = await fetchKeys(this.#url);
			this.#due = Date.now() + refreshInterval;
		} catch (error) {
			this.#due = Date.now() + forceInterval;
			console.warn(`cannot fetch the issuer's keys; those of before stay: ${this.#url}: ${(error as Error).message}`);
		} finally {
			this.#fetching = false;
		}
	}
}

async function fetchKeys(url: string): Promise<KeySet> {
	const response = await fetch(url, {
		headers: { Accept: "application/jwk-set+json, application/json" },
		redirect: "manual", // one could lead to where the configuration did not
		signal: AbortSignal.timeout(fetchTimeout),
	});
	if (response.status !== 200) throw new Error(`it answers ${response.status}`);
	return KeySet.parse(JSON.parse(decode(await readAll(response.body, mostBytes))));
}
