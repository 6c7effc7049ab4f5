import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Lookups } from "./lookups.ts";
import { Navigation } from "./navigation.ts";
import { collections, type PageRoute } from "./route.ts";
import { Session } from "./session.ts";
import type { OpenedFile } from "./sources.ts";
import type { State } from "./state.ts";
import { remember, remembered } from "./storage.ts";
import { Store } from "./store.ts";
import { applyTheme, rememberedTheme, themeAfter } from "./theme.ts";

const singleKeysKey = "single-keys";

/** The page without its looks: its state, and what the user can do. */
export class Viewer {
	readonly store: Store<State>;
	readonly session: Session;
	readonly #navigation: Navigation;
	readonly #lookups: Lookups;

	constructor(connector: URL) {
		this.store = new Store<State>({
			route: undefined,
			listing: { collection: collections[0], query: "" },
			servers: undefined,
			recent: [],
			loading: undefined,
			opened: new Map(),
			failure: undefined,
			results: undefined,
			detail: undefined,
			dialog: undefined,
			tokenRefused: false,
			theme: rememberedTheme(),
			singleKeys: remembered(() => localStorage, singleKeysKey) !== "off",
		});
		this.#lookups = new Lookups(this.store);
		this.session = new Session(this.store, connector, () => this.#follow());
		this.#navigation = new Navigation(this.store, () => {
			this.#follow();
			this.session.touch();
		});
	}

	start(): void {
		this.session.start();
		this.#navigation.start();
	}

	/** Brings the page to what the address points at, or to the first server's schema. */
	#follow(): void {
		const { route, servers } = this.store.state;
		const first = servers?.[0];
		if (!route && first) {
			const collection = this.store.state.listing.collection;
			this.#navigation.go({ view: "list", source: first.name, collection }, { replace: true });
			return;
		}
		this.session.follow();
		this.#lookups.follow();
	}

	/** Shows the same place in another source. */
	changeSource(source: string): void {
		const { route, listing } = this.store.state;
		// Which of several definitions is meant says nothing about another schema.
		const place = route?.view === "definition" ? { ...route, ordinal: undefined } : route;
		if (place) this.#navigation.go({ ...place, source }, { query: listing.query });
		else this.#navigation.go({ view: "list", source, collection: listing.collection });
	}

	/** Lists what a query finds; an empty one finds nothing and shows the collection. */
	search(query: string): void {
		const { route, listing } = this.store.state;
		if (!route) return;
		if (query !== "")
			this.#navigation.go({ view: "search", source: route.source, query }, { replace: route.view === "search" });
		else if (route.view === "search")
			this.#navigation.go({ view: "list", source: route.source, collection: listing.collection }, { replace: true });
		else this.#navigation.go(route, { replace: true });
	}

	/** Opens the best result of what has been typed. */
	async openFirst(): Promise<void> {
		await this.#lookups.settled();
		const { results, listing, route } = this.store.state;
		const hit = results?.hits[0];
		if (!hit || !route || results.query !== listing.query) return;
		const { collection, name, ordinal } = hit;
		const { source } = route;
		this.#navigation.go({ view: "definition", source, collection, name, ordinal }, { query: listing.query });
	}

	/** Changes what a page shows, which is no step to go back. */
	changePage(route: PageRoute): void {
		this.#navigation.go(route, { replace: true, query: this.store.state.listing.query });
	}

	changeTheme(): void {
		const theme = themeAfter(this.store.state.theme);
		applyTheme(theme);
		this.store.update({ theme });
	}

	/** Opens a file, in place of one of the same name. */
	openFile(file: OpenedFile): void {
		this.setDialog(undefined);
		const { id } = this.session.addFile(file);
		if (this.store.state.route?.source === id) this.session.reload();
		else this.changeSource(id);
	}

	/** Lets go of an open source, and shows another if it is the one on the page. */
	closeSource(id: string): void {
		this.session.close(id);
		const { route, opened, servers } = this.store.state;
		if (route?.source !== id) return;
		const next = [...opened.keys()].at(-1) ?? servers?.[0]?.name;
		if (next !== undefined && next !== id) this.changeSource(next);
		else this.setDialog("sources");
	}

	setDialog(dialog: State["dialog"]): void {
		this.store.update({ dialog });
	}

	setSingleKeys(on: boolean): void {
		remember(() => localStorage, singleKeysKey, on ? "" : "off");
		this.store.update({ singleKeys: on });
	}
}

/** The viewer that a component belongs to. */
export const ViewerContext = createContext<Viewer | undefined>(undefined);

export function useViewer(): Viewer {
	const viewer = useContext(ViewerContext);
	if (!viewer) throw new Error("a component is used outside of ViewerContext");
	return viewer;
}
