import type { Definition } from "ldapedge";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Choice, type Filters, noFilters, toggled } from "./filters.ts";
import { currentLine, forestFor, type Line, linesOf } from "./lines.ts";
import { Lookups } from "./lookups.ts";
import { type Merging, merge } from "./merging.ts";
import { Navigation } from "./navigation.ts";
import { collections, isPage, type ListRoute, type PageRoute, type Route } from "./route.ts";
import { Session } from "./session.ts";
import { fileSource, labelOf, type OpenedFile } from "./sources.ts";
import { failureOf, type State, shownFor } from "./state.ts";
import { remember, remembered } from "./storage.ts";
import { Store } from "./store.ts";
import { text } from "./text.ts";
import { applyTheme, rememberedTheme, themeAfter } from "./theme.ts";
import { pathsTo } from "./tree.ts";

const singleKeysKey = "single-keys";
const treeKey = "tree";

/** The page without its looks: its state, and what the user can do. */
export class Viewer {
	readonly store: Store<State>;
	readonly session: Session;
	readonly #navigation: Navigation;
	readonly #lookups: Lookups;
	/** The query of which the best result is to be opened once there is a schema. */
	#first: string | undefined;

	constructor(connector: URL) {
		this.store = new Store<State>({
			route: undefined,
			listing: {
				collection: collections[0],
				query: "",
				filters: noFilters,
				tree: remembered(() => localStorage, treeKey) !== "",
			},
			servers: undefined,
			recent: [],
			loading: undefined,
			kept: undefined,
			opened: new Map(),
			failure: undefined,
			results: undefined,
			detail: undefined,
			unfolded: new Map(),
			merging: undefined,
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
		const { route, servers, listing } = this.store.state;
		const first = servers?.[0];
		if (!route && first) {
			const { query, collection } = listing;
			const source = first.name;
			const start: Route = query === "" ? { view: "list", source, collection } : { view: "search", source, query };
			this.#navigation.go(start, { replace: true });
			return;
		}
		this.session.follow();
		this.#lookups.follow();
		const still = route?.view === "search" && listing.query === this.#first;
		if (still && !shownFor(this.store.state)) return;
		this.#first = undefined;
		if (still) void this.openFirst();
	}

	/** Shows the same place in another source. */
	changeSource(source: string): void {
		const { route, listing } = this.store.state;
		// Which of several definitions is meant says nothing about another schema.
		const place = route?.view === "definition" ? { ...route, ordinal: undefined } : route;
		if (place) this.#navigation.go({ ...place, source }, { keep: { query: listing.query, filters: noFilters } });
		else this.#navigation.go({ view: "list", source, collection: listing.collection });
	}

	/** Lists what a query finds; an empty one finds nothing and shows the collection. */
	search(query: string): void {
		const { route, listing } = this.store.state;
		if (!route) {
			this.store.update({ listing: { ...listing, query } }); // for the first server's schema
			return;
		}
		const { source } = route;
		if (query !== "") {
			const filters = listing.query === "" ? noFilters : listing.filters;
			this.#navigation.go({ view: "search", source, query, filters }, { replace: route.view === "search" });
		} else if (route.view === "search")
			this.#navigation.go({ view: "list", source, collection: listing.collection }, { replace: true });
		else this.#navigation.go(route, { replace: true });
	}

	/** Opens the best result of what has been typed; without a schema, once that is there. */
	async openFirst(): Promise<void> {
		if (!shownFor(this.store.state)) {
			this.#first = this.store.state.listing.query;
			return;
		}
		await this.#lookups.settled();
		const { results, listing } = this.store.state;
		const line = linesOf(this.store.state).lines[0];
		if (line && results?.query === listing.query) this.#open(line);
	}

	/** Opens the next definition of the list, or the one before. */
	step(by: 1 | -1): void {
		if (isPage(this.store.state.route)) return; // which has no list
		const { lines } = linesOf(this.store.state);
		const at = currentLine(this.store.state);
		const line = at >= 0 ? lines[at + by] : lines.at(by > 0 ? 0 : -1);
		if (line) this.#open(line);
	}

	#open({ collection, item: { name, ordinal } }: Line): void {
		const { route, listing } = this.store.state;
		if (route)
			this.#navigation.go({ view: "definition", source: route.source, collection, name, ordinal }, { keep: listing });
	}

	/** Filters the list by a value, or no longer. */
	filter(choice: Pick<Choice, "facet" | "value">): void {
		this.#setFilters(toggled(this.store.state.listing.filters, choice));
	}

	clearFilters(): void {
		this.#setFilters(noFilters);
	}

	/** Filters the list. A definition stays open; otherwise the filters are part of the address. */
	#setFilters(filters: Filters): void {
		const { route, listing } = this.store.state;
		if (!route) return;
		const { source } = route;
		if (route.view === "definition" || route.view === "problems")
			this.#navigation.go(route, { replace: true, keep: { ...listing, filters } });
		else if (listing.query !== "") this.#navigation.go({ view: "search", source, query: listing.query, filters });
		else this.#navigation.go({ ...listRoute(source, listing), filters });
	}

	/** Shows collections as trees, or as lists, from now on. */
	setTree(tree: boolean): void {
		const { route, listing } = this.store.state;
		remember(() => localStorage, treeKey, tree ? "on" : "");
		if (route?.view === "list") this.#navigation.go({ ...listRoute(route.source, listing), tree });
		else this.store.update({ listing: { ...listing, tree } });
	}

	/** Opens or closes a place of the tree. */
	setOpen(path: string, open: boolean): void {
		this.store.update({ unfolded: new Map(this.store.state.unfolded).set(path, open) });
	}

	/** Opens what is above the definition on the page. */
	reveal({ collection, name, ordinal }: Pick<Definition, "collection" | "name" | "ordinal">): void {
		const shown = shownFor(this.store.state);
		const item = shown?.lists[collection].find((i) => i.name === name && i.ordinal === ordinal);
		if (!shown || !item) return;
		const unfolded = new Map(this.store.state.unfolded);
		for (const path of pathsTo(forestFor(shown, collection), item)) unfolded.set(path, true);
		this.store.update({ unfolded });
	}

	/** Changes what a page shows, which is no step to go back. */
	changePage(route: PageRoute): void {
		this.#navigation.go(route, { replace: true, keep: this.store.state.listing });
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

	/**
	 * Opens files one after the other. At the end one that could not be opened is on the page, with the reason. Whoever
	 * goes elsewhere meanwhile stays there.
	 */
	async openFiles(files: readonly OpenedFile[]): Promise<void> {
		let failed: string | undefined;
		for (const file of files) {
			this.openFile(file);
			await this.session.settled;
			const { id } = fileSource(file.name);
			const { route, failure } = this.store.state;
			if (route?.source !== id) return;
			if (failure?.source === id) failed ??= id;
		}
		if (failed !== undefined) this.changeSource(failed);
	}

	/** Adds files one after the other, until one cannot be added. */
	async addFiles(files: readonly OpenedFile[]): Promise<void> {
		for (const file of files) {
			await this.addFile(file);
			await this.session.settled;
			if (this.store.state.merging?.stage === "failed") return;
		}
	}

	/** Adds a file's definitions to the schema on the page, and opens the two together as a file. */
	async addFile(file: OpenedFile): Promise<void> {
		const shown = shownFor(this.store.state);
		if (!shown) return;
		const about = { file: file.name, base: labelOf(shown.source) };
		const adding: Merging = { ...about, stage: "adding" };
		this.store.update({ merging: adding });
		const both = await merge(shown.schema, file, text.merge.both(about.base, about.file)).catch(failureOf);
		if (this.store.state.merging !== adding) return; // another one is on its way
		if ("code" in both) {
			this.store.update({ merging: { ...about, stage: "failed", failure: both }, dialog: "sources" });
			return;
		}
		const { merged, problems } = both;
		if (merged.length === 0) {
			this.store.update({ merging: { ...about, stage: "nothing new" }, dialog: undefined });
			return;
		}
		this.openFile(both.file);
		const { id } = fileSource(both.file.name);
		this.store.update({ merging: { ...about, stage: "added", from: shown.source.id, source: id, merged, problems } });
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
		const { merging } = this.store.state;
		this.store.update({ dialog, merging: merging?.stage === "failed" ? undefined : merging });
	}

	setSingleKeys(on: boolean): void {
		remember(() => localStorage, singleKeysKey, on ? "" : "off");
		this.store.update({ singleKeys: on });
	}
}

/** The address of the list as it is. */
function listRoute(source: string, { collection, filters, tree }: State["listing"]): ListRoute {
	return { view: "list", source, collection, filters, tree };
}

/** The viewer that a component belongs to. */
export const ViewerContext = createContext<Viewer | undefined>(undefined);

export function useViewer(): Viewer {
	const viewer = useContext(ViewerContext);
	if (!viewer) throw new Error("a component is used outside of ViewerContext");
	return viewer;
}
