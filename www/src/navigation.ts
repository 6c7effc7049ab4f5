import { noFilters } from "./filters.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";
import type { Listing, State } from "./state.ts";
import type { Store } from "./store.ts";

/**
 * What an entry of the browser's history keeps beside the address: the query or
 * the filters of the list that a definition was opened from. The address of a
 * definition stays clean to be shared, and back and reload still show the list.
 */
type Kept = Pick<Listing, "query" | "filters">;

const nothing: Kept = { query: "", filters: noFilters };

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
	go(route: Route, options: { replace?: boolean; keep?: Kept } = {}): void {
		const { query, filters } = options.keep ?? nothing;
		const kept: Kept = { query, filters };
		if (options.replace) history.replaceState(kept, "", formatRoute(route));
		else history.pushState(kept, "", formatRoute(route));
		this.#sync();
	}

	#sync(): void {
		const route = parseRoute(location.hash);
		const { listing, route: before } = this.#store.state;
		const kept =
			(history.state as Kept | null) ?? (route?.source === before?.source ? keptOf(route, listing) : nothing);
		const next = listingOf(route, listing, kept);
		if (!history.state) history.replaceState({ query: next.query, filters: next.filters } satisfies Kept, "");
		const position = `${location.hash} ${next.query} ${JSON.stringify(next.filters)}`;
		if (position === this.#last) return;
		this.#last = position;
		this.#store.update({ route, listing: next });
		this.#moved();
	}
}

/** What a link to a definition keeps: the results that the one before was opened from, and the filters of its collection. */
function keptOf(route: Route | undefined, { query, collection, filters }: Listing): Kept {
	const stays = query !== "" || (route?.view === "definition" && route.collection === collection);
	return { query, filters: stays ? filters : noFilters };
}

function listingOf(route: Route | undefined, before: Listing, kept: Kept): Listing {
	const { tree } = before;
	switch (route?.view) {
		case "list":
			return { collection: route.collection, query: "", filters: route.filters ?? noFilters, tree: route.tree ?? tree };
		case "search":
			return { collection: before.collection, query: route.query, filters: route.filters ?? noFilters, tree };
		case "definition":
			return { collection: route.collection, query: kept.query, filters: kept.filters, tree };
		default:
			return before;
	}
}
