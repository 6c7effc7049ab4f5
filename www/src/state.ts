/** The page's state, and what follows from it. */
import type { Collection, Definition, Failure, Hits, Offer, Progress, Schema, Summary } from "ldapedge";
import { LDAPEdgeError } from "ldapedge";
import type { Filters } from "./filters.ts";
import type { Lists } from "./lists.ts";
import type { Merging } from "./merging.ts";
import type { RecentFile } from "./recent.ts";
import type { Route } from "./route.ts";
import type { Source } from "./sources.ts";
import type { Theme } from "./theme.ts";

/** What the list shows: what a query finds or, without one, a collection. */
export interface Listing {
	collection: Collection;
	query: string;
	filters: Filters;
	/** Whether a collection that inherits is shown as a tree. */
	tree: boolean;
}

/** A schema as far as it can be listed. */
export interface Listed {
	source: Source;
	summary: Summary;
	/** The definitions, sorted by name. */
	lists: Lists;
}

/** A schema that is open. */
export interface Opened extends Listed {
	schema: Schema;
	/** Why its server does not answer any more. */
	lost: Failure | undefined;
}

/** What a search has found, or why it has not. */
export interface Results extends Hits {
	query: string;
	failure?: Failure;
}

/** A definition, or why there is none. */
export interface Detail {
	collection: Collection;
	/** The name that was asked for. */
	name: string;
	/** Which of the definitions with the name; undefined is the first. */
	ordinal: number | undefined;
	definition?: Definition;
	failure?: Failure;
}

export interface State {
	/** Where the address points, undefined if it does not say. */
	route: Route | undefined;
	listing: Listing;
	/** What the connector offers, once it has said so. */
	servers: Offer[] | undefined;
	/** The files that were opened of late. */
	recent: readonly RecentFile[];
	/** What is being waited for, by its source's ID, which is undefined while the connector is asked for its servers. */
	loading: { source: string | undefined; stage: "listing" | Progress["stage"] } | undefined;
	/** What the source that is being waited for listed last. */
	kept: Listed | undefined;
	/** The schemas that are open, by their source's ID. */
	opened: ReadonlyMap<string, Opened>;
	/** Why a source's schema cannot be shown; the ID is undefined if the connector is why. */
	failure: { source: string | undefined; failure: Failure } | undefined;
	results: Results | undefined;
	detail: Detail | undefined;
	/** What the user has unfolded or folded of trees, by path. */
	unfolded: ReadonlyMap<string, boolean>;
	/** The file that was last added to a schema. */
	merging: Merging | undefined;
	dialog: "keys" | "token" | "bind" | "sources" | undefined;
	/** Whether the connector has refused the token that it was given. */
	tokenRefused: boolean;
	theme: Theme;
	/** Whether single keys are shortcuts. */
	singleKeys: boolean;
}

export type Status = "loading" | "live" | "saved" | "offline" | "lost" | "failed";

export function statusOf(state: State): Status {
	if (state.loading) return "loading";
	const shown = shownFor(state);
	if (shown?.lost) return "lost";
	if (shown) return shown.source.kind === "file" ? "saved" : shown.source.kind;
	return state.failure || state.servers?.length === 0 ? "failed" : "loading";
}

/** The open schema of the source in the address. */
export function shownFor(state: State): Opened | undefined {
	return state.route && state.opened.get(state.route.source);
}

/** What can be listed of the source in the address: what it listed last, until its schema is open. */
export function listedFor(state: State): Listed | undefined {
	const { route, loading, kept } = state;
	return (
		shownFor(state) ??
		(loading && loading.source === route?.source && kept?.source.id === route?.source ? kept : undefined)
	);
}

/** What an error of the package says; anything else is a fault of this program. */
export function failureOf(error: unknown): Failure {
	if (!(error instanceof LDAPEdgeError)) return { code: "internal", cause: String(error) };
	return { code: error.code, where: error.where, cause: String(error.cause) };
}
