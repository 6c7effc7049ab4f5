/** The page's state, and what follows from it. */
import type { Collection, Definition, Failure, Hits, Item, Offer, Progress, Schema } from "ldapedge";
import { LDAPEdgeError } from "ldapedge";
import type { Route } from "./route.ts";
import type { Theme } from "./theme.ts";

/** What the list shows: what a query finds or, without one, a collection. */
export interface Listing {
	collection: Collection;
	query: string;
}

/** The schema on the page. */
export interface Shown {
	server: Offer;
	schema: Schema;
	/** The definitions, sorted by name. */
	lists: Record<Collection, Item[]>;
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
	/** What is being waited for; the server is undefined while the connector is asked for its servers. */
	loading: { server: string | undefined; stage: "listing" | Progress["stage"] } | undefined;
	shown: Shown | undefined;
	/** Why a server's schema cannot be shown; the server is undefined if the connector is why. */
	failure: { server: string | undefined; failure: Failure } | undefined;
	/** Why the server of the schema on the page does not answer any more. */
	lost: Failure | undefined;
	results: Results | undefined;
	detail: Detail | undefined;
	dialog: "keys" | "token" | undefined;
	/** Whether the connector has refused the token that it was given. */
	tokenRefused: boolean;
	theme: Theme;
	/** Whether single keys are shortcuts. */
	singleKeys: boolean;
}

export type Status = "loading" | "live" | "lost" | "failed";

export function statusOf(state: State): Status {
	if (state.loading) return "loading";
	if (shownFor(state)) return state.lost ? "lost" : "live";
	return state.failure || state.servers?.length === 0 ? "failed" : "loading";
}

/** The schema on the page, if it is that of the source in the address. */
export function shownFor(state: State): Shown | undefined {
	return state.shown?.server.name === state.route?.source ? state.shown : undefined;
}

/** What an error of the package says; anything else is a fault of this program. */
export function failureOf(error: unknown): Failure {
	if (!(error instanceof LDAPEdgeError)) return { code: "internal", cause: String(error) };
	return { code: error.code, where: error.where, cause: String(error.cause) };
}
