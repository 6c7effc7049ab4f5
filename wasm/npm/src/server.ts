/** Connectors, and the servers that are reached through them. */
import type { NamedServer, Offer, ServerDefinition } from "./types.js";

/** Where a connector is, and what it asks for. */
export class Connector {
	readonly url: string;
	readonly #token: string;

	/** `token` authenticates; it never is in a URL. Default: none. */
	constructor(url: string | URL, options: { token?: string | undefined } = {}) {
		this.url = String(url);
		this.#token = options.token ?? "";
	}

	/** @internal */
	get address(): { connector: string; token: string } {
		return { connector: this.url, token: this.#token };
	}
}

/** What can be said of a server beside its URL. Its TLS and addresses are the connector's to say. */
export interface ServerOptions {
	/** The servers to which referrals may lead, and whether credentials may go along; "*" is any. Default: any, without credentials. */
	allowedReferralHosts?: readonly (readonly [host: string, withCredentials: boolean])[];
	/** What is read of the server: names are checked, and values typed, by its schema. Default: `"SCHEMA"`. */
	getInfo?: "NO_INFO" | "DSA" | "SCHEMA" | "ALL";
	/** How long opening a session may take, in seconds. Default: 10. */
	connectTimeout?: number;
	/** Its share in a WEIGHTED pool. Default: 1. */
	weight?: number;
	/** How many connections a pool opens to it at most. Default: no limit. */
	maxConnections?: number;
}

/**
 * A server: by its URL, which the connector must offer, or as {@link listServers} has it, by its name, which may be that
 * of a pool of the connector's.
 */
export class Server {
	readonly url: string;
	/** Its name at the connector; undefined where its URL says which it is. */
	readonly name: string | undefined;
	readonly options: ServerOptions;

	constructor(server: string | URL | Pick<Offer, "name" | "url">, options: ServerOptions = {}) {
		const listed = typeof server === "object" && "name" in server;
		this.url = listed ? server.url : String(server);
		this.name = listed ? server.name : undefined;
		this.options = { ...options };
	}

	/** @internal */
	get definition(): ServerDefinition {
		const { allowedReferralHosts, getInfo, connectTimeout } = this.options;
		return {
			host: this.url,
			...(allowedReferralHosts && { allowed_referral_hosts: allowedReferralHosts }),
			...(getInfo && { get_info: getInfo }),
			...(connectTimeout !== undefined && { connect_timeout: connectTimeout }),
		};
	}

	/** @internal */
	get named(): NamedServer[] {
		return this.name === undefined ? [] : [{ url: this.url, name: this.name }];
	}
}
