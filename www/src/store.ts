import { useLayoutEffect, useState } from "preact/hooks";

/** A state that is replaced bit by bit, and those who are told of it. */
export class Store<S extends object> {
	#state: S;
	readonly #listeners = new Set<(state: S) => void>();

	constructor(initial: S) {
		this.#state = initial;
	}

	get state(): S {
		return this.#state;
	}

	update(change: Partial<S>): void {
		this.#state = { ...this.#state, ...change };
		for (const listener of this.#listeners) listener(this.#state);
	}

	/** Returns how to end it. */
	subscribe(listener: (state: S) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}
}

/** The state of a store, for a component that is to be drawn anew with it. */
export function useStore<S extends object>(store: Store<S>): S {
	const [state, setState] = useState(store.state);
	useLayoutEffect(() => store.subscribe(setState), [store]);
	return state;
}
