/** Connections to LDAP servers, through a connector. */
import { EntrySearch, type SearchOptions, type SearchRequest, TextSearch } from "./entries.js";
import { frameBytes } from "./filter.js";
import { Handle } from "./handle.js";
import type { CallOptions } from "./module.js";
import { ServerPool } from "./pool.js";
import { toolkit } from "./running.js";
import { Connector, Server } from "./server.js";
import type { FrameSearch, Session } from "./types.js";
import { type JSONForms, type RawValue, toBase64, type ValueForms } from "./values.js";

/** Who binds: with a name and a password, or nobody. */
export type Credentials = { dn: string; password: string } | { anonymous: true };

/** What can be said of a connection; times are in seconds. */
export interface ConnectionOptions {
	/** Through which the servers are reached. */
	connector: Connector | string | URL;
	/** Those of {@link Connection.bind}. The module has them until the connection is closed, this object does not. Default: anonymous. */
	credentials?: Credentials;
	/** The longest wait for each response; less than 0 is for ever. Default: 30. */
	timeout?: number;
	/** Which referrals are followed: those that are a result, all, or none. Default: `"RESULT"`. */
	referrals?: "RESULT" | "ALL" | "OFF";
	/** Whether names are checked by the server's schema, and values have its types. Default: true. */
	checkNames?: boolean;
	/** Whether attributes that were asked for and are not there appear without values. Default: true. */
	emptyAttributes?: boolean;
	/** Whether values that come in parts are put together, as Active Directory's. Default: true. */
	autoRange?: boolean;
	/** How often an operation may open a lost connection anew. Default: 0. */
	reconnect?: number;
	/** Before each opening but an operation's first. Default: 2. */
	reconnectDelay?: number;
}

function frameCredentials(given: Credentials) {
	return "anonymous" in given ? { dn: "", password: "" } : { dn: given.dn, password: given.password };
}

/** What a connection is made with, as the module reads it. */
function frameOptions(options: ConnectionOptions): Record<string, unknown> {
	return {
		timeoutSeconds: options.timeout ?? 0,
		referrals: options.referrals === "RESULT" ? "" : (options.referrals ?? ""),
		noCheckNames: options.checkNames === false,
		noEmptyAttributes: options.emptyAttributes === false,
		noAutoRange: options.autoRange === false,
		reconnect: options.reconnect ?? 0,
		reconnectDelaySeconds: options.reconnectDelay ?? 0,
	};
}

function frameSearch(request: SearchRequest): FrameSearch {
	const { page, base = "", scope = base === "" ? "base" : "sub", ...rest } = request;
	const one = page && { size: page.size, cookie: page.cookie ? toBase64(page.cookie) : "" };
	return { ...rest, base, scope, ...(one && { page: one }) };
}

/** A connection to a server, or to one of a pool. Several operations may be in progress at a time, but a bind must be alone. */
export class Connection {
	readonly #handle: Handle<{ connection: number }>;

	constructor(source: Server | ServerPool | string | URL, options: ConnectionOptions) {
		const { connector } = options;
		const at = connector instanceof Connector ? connector : new Connector(connector);
		const from = typeof source === "string" || source instanceof URL ? new Server(source) : source;
		const module = from instanceof ServerPool ? from.handle.module : toolkit();
		const made = async () =>
			module.call("newConnection", {
				...at.address,
				...(from instanceof ServerPool ? await from.handle.params : { server: from.definition }),
				named: from.named,
				...(credentials && { credentials }),
				options: given,
			});
		const given = frameOptions(options);
		const credentials = options.credentials && frameCredentials(options.credentials);
		this.#handle = new Handle(this, module, "closeConnection", made(), from);
	}

	/** Opens a session with a server, and tells which one it is. It does not bind. */
	open(options?: CallOptions): Promise<Session> {
		return this.#handle.call("openConnection", {}, options);
	}

	/** Binds with the connection's credentials. */
	async bind(options?: CallOptions): Promise<void> {
		await this.#handle.call("bind", {}, options);
	}

	/** Binds with others. After a bind that fails the client is anonymous. */
	async rebind(credentials: Credentials, options?: CallOptions): Promise<void> {
		await this.#handle.call("bind", { credentials: frameCredentials(credentials) }, options);
	}

	/** Searches for entries, in a loop or one by one. The search begins at once. */
	search<const F extends ValueForms = JSONForms>(request: SearchRequest, options?: F & SearchOptions): EntrySearch<F> {
		return new EntrySearch<F>((owner) => this.#search(owner, { request: frameSearch(request) }), options ?? {});
	}

	/** Searches for entries, as the lines that `ldapedge search --format` prints. CSV needs attributes by name. */
	searchText(
		request: SearchRequest,
		format: "json" | "ldif" | "csv",
		options: Pick<SearchOptions, "signal"> = {},
	): TextSearch {
		return new TextSearch((owner) => this.#search(owner, { request: frameSearch(request), format }), options.signal);
	}

	#search(owner: object, params: { request: FrameSearch; format?: string }): Handle<{ search: number }> {
		return new Handle(owner, this.#handle.module, "endSearch", this.#handle.call("searchEntries", params), this);
	}

	/** Whether an entry has a value. */
	async compare(dn: string, attribute: string, value: RawValue, options?: CallOptions): Promise<boolean> {
		return (await this.#handle.call("compare", { dn, attribute, value: frameBytes(value) }, options)).matches;
	}

	/** Whom the server takes the client for (RFC 4532); `""` is nobody. */
	async whoAmI(options?: CallOptions): Promise<string> {
		return (await this.#handle.call("whoAmI", {}, options)).identity;
	}

	/** Waits until the connection is lost, and fails with the reason; after {@link Connection.close} it succeeds. */
	async watch(options?: CallOptions): Promise<void> {
		await this.#handle.call("watchConnection", {}, options);
	}

	/** Unbinds, ends what is in progress, and lets go of the credentials. It cannot be opened again. */
	close(): Promise<void> {
		return this.#handle.close();
	}

	/** Closes it at the end of an `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}
