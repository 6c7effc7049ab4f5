/** Searches on a server: the connection, what has been found, and what is on its way. */
import {
	Connection,
	Connector,
	type Entry,
	type EntrySearch,
	type Failure,
	LDAPResultError,
	type Offer,
	type Reference,
	type Schema,
	type SearchRequest,
	Server,
} from "ldapedge";
import { closeWith } from "../../release.ts";
import type { Access, Login } from "../../session.ts";
import { failureOf } from "../../state.ts";
import { Store } from "../../store.ts";
import type { Query } from "./query.ts";

/** How many entries are asked for at a time. */
const pageSize = 500;

/** How often what has been found is shown, in milliseconds. */
const showEvery = 100;

/** The control of RFC 2696. */
const pagedResults = "1.2.840.113556.1.4.319";

export type Format = "ldif" | "json" | "csv";

export interface LookUpState {
	/** Who has bound; undefined is nobody. */
	identity: string | undefined;
	/** Why the last bind has failed. */
	refused: Failure | undefined;
	/** What the entries are of. */
	query: Query | undefined;
	entries: readonly Entry[];
	references: readonly Reference[];
	/** How many entries the server thinks there are. */
	estimate: number | undefined;
	/** Whether there is another page. */
	more: boolean;
	/** When the search that is in progress began. */
	since: number | undefined;
	/** How long the last one took, in milliseconds. */
	took: number;
	failure: Failure | undefined;
	/** A limit has ended the search: what was found is right, and not all. */
	limited: "size" | "time" | undefined;
	/** A download in progress. */
	download: { format: Format; found: number } | undefined;
	downloadFailure: Failure | undefined;
}

const nothing = {
	query: undefined,
	entries: [],
	references: [],
	estimate: undefined,
	more: false,
	since: undefined,
	took: 0,
	failure: undefined,
	limited: undefined,
} satisfies Partial<LookUpState>;

/** Looks entries up on one server. It has one connection, which is opened when it is first needed, and again when it is lost. */
export class LookUp {
	readonly store = new Store<LookUpState>({
		...nothing,
		identity: undefined,
		refused: undefined,
		download: undefined,
		downloadFailure: undefined,
	});
	readonly #offer: Offer;
	readonly #access: () => Access;
	readonly #schema: Schema;
	#connection: Promise<Connection> | undefined;
	#paged: Promise<boolean> | undefined;
	#searching: AbortController | undefined;
	#downloading: AbortController | undefined;
	/** Without paged results: the search whose next entries are the next page. */
	#held: EntrySearch | undefined;
	#cookie: Uint8Array | undefined;

	constructor(offer: Offer, schema: Schema, access: () => Access) {
		this.#offer = offer;
		this.#schema = schema;
		this.#access = access;
	}

	/** Binds, and searches again. The password is in nobody's hands afterwards. An empty DN is anonymous again. */
	async bind({ dn, password }: Login): Promise<boolean> {
		const { query } = this.store.state;
		this.cancel();
		this.store.update({ refused: undefined });
		try {
			const connection = await this.#open();
			await connection.rebind(dn === "" ? { anonymous: true } : { dn, password });
		} catch (error) {
			this.store.update({ identity: undefined, refused: failureOf(error) });
			return false;
		}
		this.store.update({ identity: dn === "" ? undefined : dn });
		if (query) void this.search(query);
		return true;
	}

	/** Begins a search, in place of any other. */
	async search(query: Query): Promise<void> {
		this.cancel();
		void this.#held?.return();
		this.#held = undefined;
		this.#cookie = undefined;
		this.store.update({ ...nothing, query });
		await this.#page(query);
	}

	/** Fetches the next page. */
	async next(): Promise<void> {
		const { query, more, since } = this.store.state;
		if (query && more && since === undefined) await this.#page(query);
	}

	/** Ends the search in progress; what it has found stays. */
	cancel(): void {
		this.#searching?.abort();
	}

	cancelDownload(): void {
		this.#downloading?.abort();
	}

	/** Everything of an entry. */
	async entry(dn: string, signal: AbortSignal): Promise<Entry | undefined> {
		const connection = await this.#open();
		const search = connection.search({ base: dn, scope: "base", attributes: ["*", "+"] }, { signal });
		for await (const entry of search) return entry;
		return undefined;
	}

	/** Searches once more, for all, and returns what is found as a file. */
	async file(query: Query, format: Format, columns: readonly string[]): Promise<Blob | undefined> {
		this.#downloading?.abort();
		const downloading = new AbortController();
		this.#downloading = downloading;
		this.store.update({ download: { format, found: 0 }, downloadFailure: undefined });
		try {
			return await this.#text(query, format, columns, downloading.signal);
		} catch (error) {
			const failure = failureOf(error);
			if (failure.code !== "cancelled") this.store.update({ downloadFailure: failure });
			return undefined;
		} finally {
			this.store.update({ download: undefined });
		}
	}

	async #text(query: Query, format: Format, columns: readonly string[], signal: AbortSignal): Promise<Blob> {
		const connection = await this.#open();
		const request = requestOf(query);
		if (format === "csv") request.attributes = columns;
		if ((await this.#pages()) && query.sizeLimit === 0) request.pageSize = pageSize;
		const pieces: string[] = [];
		const search = connection.searchText({ ...request, sizeLimit: query.sizeLimit }, format, { signal });
		try {
			for await (const piece of search) {
				pieces.push(piece);
				this.store.update({ download: { format, found: search.found } });
			}
		} catch (error) {
			if (!limitOf(error)) throw error; // up to the limit is what was asked for
		}
		return new Blob(pieces, { type: "text/plain;charset=utf-8" });
	}

	/** One page, or as many entries of a search that has none. */
	async #page(query: Query): Promise<void> {
		const searching = new AbortController();
		this.#searching = searching;
		const since = performance.now();
		this.store.update({ since, failure: undefined, limited: undefined, more: false });
		let failure: Failure | undefined;
		let limited: LookUpState["limited"];
		try {
			await this.#take(query, searching.signal);
		} catch (error) {
			limited = limitOf(error);
			if (!limited) failure = failureOf(error);
		}
		if (searching.signal.aborted) failure = { code: "cancelled", cause: "the search was cancelled" };
		if (this.#searching !== searching) return;
		this.#searching = undefined;
		const more = !failure && !limited && (this.#cookie !== undefined || this.#held !== undefined);
		this.store.update({ since: undefined, took: performance.now() - since, failure, limited, more });
	}

	async #take(query: Query, signal: AbortSignal): Promise<void> {
		const paged = await this.#pages();
		const before = this.store.state.entries;
		const room = query.sizeLimit > 0 ? query.sizeLimit - before.length : Number.POSITIVE_INFINITY;
		const most = Math.min(pageSize, room);
		const search = this.#held ?? (await this.#begin(query, paged ? most : 0));
		this.#held = undefined;
		const stop = () => void search.return();
		signal.addEventListener("abort", stop);
		if (signal.aborted) stop();
		const found: Entry[] = [];
		const show = () => {
			if (this.#searching?.signal === signal) this.store.update({ entries: [...before, ...found] });
		};
		let due: ReturnType<typeof setTimeout> | undefined;
		try {
			while (found.length < most || paged) {
				const one = await search.next();
				if (one.done) break;
				found.push(one.value);
				due ??= setTimeout(() => {
					due = undefined;
					show();
				}, showEvery);
			}
		} finally {
			signal.removeEventListener("abort", stop);
			clearTimeout(due);
			show();
		}
		if (signal.aborted) return;
		this.#cookie = search.cookie;
		if (!paged && found.length === most && most < room) this.#held = search;
		else if (!paged) void search.return();
		const { references, estimate } = search;
		this.store.update({ references: [...this.store.state.references, ...references], estimate });
		if (found.length >= room && (this.#cookie || !paged)) {
			this.#cookie = undefined;
			throw new LimitReached();
		}
	}

	async #begin(query: Query, page: number): Promise<EntrySearch> {
		const connection = await this.#open();
		const request = requestOf(query);
		if (page > 0) request.page = { size: page, cookie: this.#cookie };
		else if (query.sizeLimit > 0) request.sizeLimit = query.sizeLimit;
		return connection.search(request);
	}

	/** Whether the server has pages. */
	#pages(): Promise<boolean> {
		this.#paged ??= this.#schema.info().then(
			({ controls }) => controls.some(({ oid }) => oid === pagedResults),
			() => false,
		);
		return this.#paged;
	}

	#open(): Promise<Connection> {
		this.#connection ??= this.#opened();
		return this.#connection;
	}

	async #opened(): Promise<Connection> {
		const { connector, token } = this.#access();
		const connection = new Connection(new Server(this.#offer), {
			connector: new Connector(connector, { token }),
			emptyAttributes: false,
		});
		try {
			await connection.open();
		} catch (error) {
			this.#connection = undefined;
			void connection.close().catch(() => undefined);
			throw error;
		}
		connection.watch().catch(() => this.#lost());
		return connection;
	}

	/** Ends what is in progress, and the connection. */
	close(): void {
		this.cancel();
		this.cancelDownload();
		void this.#connection?.then((connection) => connection.close()).catch(() => undefined);
		this.#connection = undefined;
	}

	/** The next search opens a new connection, on which nobody has bound. */
	#lost(): void {
		this.#connection = undefined;
		this.#held = undefined;
		this.#cookie = undefined;
		this.store.update({ identity: undefined, more: false });
	}
}

/** As many entries as were wanted have come. */
class LimitReached extends Error {}

function requestOf(query: Query): SearchRequest {
	const { base, scope, filter, attributes, timeLimit } = query;
	return { base, scope, filter, timeLimit, ...(attributes.length > 0 && { attributes }) };
}

/** Which limit an error is about: timeLimitExceeded and sizeLimitExceeded of RFC 4511. */
function limitOf(error: unknown): LookUpState["limited"] {
	if (error instanceof LimitReached) return "size";
	if (!(error instanceof LDAPResultError)) return undefined;
	return ({ 3: "time", 4: "size" } as const)[error.resultCode];
}

const lookUps = new WeakMap<Schema, LookUp>();

/** The look-ups of a server whose schema is open: they stay as long as that, so that back is where one was. */
export function lookUpFor(offer: Offer, schema: Schema, access: () => Access): LookUp {
	let one = lookUps.get(schema);
	if (!one) {
		const made = new LookUp(offer, schema, access);
		one = made;
		lookUps.set(schema, made);
		closeWith(schema, () => made.close());
	}
	return one;
}
