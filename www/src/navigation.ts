import { formatRoute, parseRoute, type Route } from "./route.ts";
import type { Listing, State } from "./state.ts";
import type { Store } from "./store.ts";

/**
 * What an entry of the browser's history keeps beside the address: the query
 * whose results a definition was opened from. The address of a definition stays
 * clean to be shared, and back and reload still show the results.
 */
interface Kept {
	query: string;
}

/** Follows the address, and changes it. */
export class Navigation {
	readonly #store: Store<State>;
	readonly #moved: () => void;
	#last = "";

	/** The function is called after each change of the address. */
	constructor(store: Store<State>, moved: () => void) {
		this.#store = store;
		this.#moved = moved;
	}

	start(): void {
		// Links end in hashchange; back and forward may change the kept query alone, which only popstate tells.
		addEventListener("hashchange", () => this.#sync());
		addEventListener("popstate", () => this.#sync());
		this.#sync();
	}

	/** Changes the address; with replace, without a new entry in the history. */
	go(route: Route, options: { replace?: boolean; query?: string } = {}): void {
		const kept: Kept = { query: options.query ?? "" };
		if (options.replace) history.replaceState(kept, "", formatRoute(route));
		else history.pushState(kept, "", formatRoute(route));
		this.#sync();
	}

	#sync(): void {
		const route = parseRoute(location.hash);
		const { listing, route: before } = this.#store.state;
		// A link from one definition to another keeps the results that the first was opened from.
		const query = route?.source === before?.source ? listing.query : "";
		const next = listingOf(route, listing, (history.state as Kept | null)?.query ?? query);
		if (!history.state) history.replaceState({ query: next.query } satisfies Kept, "");
		const position = `${location.hash} ${next.query}`;
		if (position === this.#last) return;
		this.#last = position;
		this.#store.update({ route, listing: next });
		this.#moved();
	}
}

function listingOf(route: Route | undefined, before: Listing, query: string): Listing {
	switch (route?.view) {
		case "list":
			return { collection: route.collection, query: "" };
		case "search":
			return { collection: before.collection, query: route.query };
		case "definition":
			return { collection: route.collection, query };
		default:
			return before;
	}
}
