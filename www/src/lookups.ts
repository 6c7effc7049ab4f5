import { failureOf, type State, shownFor } from "./state.ts";
import type { Store } from "./store.ts";

/** Asks the schema for the definition in the address and for what the query finds. */
export class Lookups {
	readonly #store: Store<State>;
	/** What the state has, or is about to have: answers to anything else are stale. */
	#definition: unknown[] = [];
	#query: unknown[] = [];
	#searching: Promise<void> = Promise.resolve();

	constructor(store: Store<State>) {
		this.#store = store;
	}

	/** To be called when the address or the schema has changed. */
	follow(): void {
		void this.#define();
		this.#searching = this.#search();
	}

	/** Waits for the results of what has been typed. */
	async settled(): Promise<void> {
		await this.#searching;
	}

	async #define(): Promise<void> {
		const { route } = this.#store.state;
		const schema = shownFor(this.#store.state)?.schema;
		if (route?.view !== "definition" || !schema) {
			this.#definition = [];
			if (this.#store.state.detail) this.#store.update({ detail: undefined });
			return;
		}
		const { collection, name, ordinal } = route;
		const wanted = [schema, collection, name, ordinal];
		if (same(wanted, this.#definition)) return;
		this.#definition = wanted;
		try {
			const definition = await schema.definition(collection, name, { ordinal });
			if (wanted === this.#definition) this.#store.update({ detail: { collection, name, ordinal, definition } });
		} catch (error) {
			const failure = failureOf(error);
			if (wanted === this.#definition) this.#store.update({ detail: { collection, name, ordinal, failure } });
		}
	}

	async #search(): Promise<void> {
		const { query } = this.#store.state.listing;
		const schema = shownFor(this.#store.state)?.schema;
		if (query === "" || !schema) {
			this.#query = [];
			if (this.#store.state.results) this.#store.update({ results: undefined });
			return;
		}
		const wanted = [schema, query];
		if (same(wanted, this.#query)) return this.#searching;
		this.#query = wanted;
		try {
			const found = await schema.search(query);
			if (wanted === this.#query) this.#store.update({ results: { query, ...found } });
		} catch (error) {
			if (wanted === this.#query)
				this.#store.update({ results: { query, hits: [], total: 0, marks: [], failure: failureOf(error) } });
		}
	}
}

function same(a: unknown[], b: unknown[]): boolean {
	return a.length === b.length && a.every((value, i) => value === b[i]);
}
