import { type Failure, LDAPEdgeError, listServers, type Offer, openSchema, type Progress, type Schema } from "ldapedge";
import { forgetList, forgetOtherServers, keepList, keptList } from "./kept.ts";
import { sortedLists } from "./lists.ts";
import { Liveness } from "./liveness.ts";
import { forgetFile, recentFile, recentFiles, rememberFile } from "./recent.ts";
import { release } from "./release.ts";
import { sourcesOf } from "./route.ts";
import { fileSource, isLive, type OpenedFile, type Source, sourceOf } from "./sources.ts";
import { failureOf, type State, shownFor } from "./state.ts";
import type { Store } from "./store.ts";
import { nextTask } from "./tasks.ts";
import { TokenKeeper } from "./token.ts";

/** A DN and a password, for one attempt. */
export interface Login {
	dn: string;
	password: string;
}

/** Where the connector is, and the token that it takes; empty if it asks for none. */
export interface Access {
	connector: URL;
	token: string;
}

/** Gets the schema of the source in the address onto the page, keeps those of others, and watches over their servers. */
export class Session {
	readonly #store: Store<State>;
	readonly #connector: URL;
	readonly #opened: () => void;
	readonly #token = new TokenKeeper();
	/** What is being waited for; what belongs to an earlier one is dropped. */
	#waiting: AbortController | undefined;
	#opening: Promise<void> = Promise.resolve();
	#listing: AbortController | undefined;
	readonly #liveness = new Map<string, Liveness>();
	/** The files that were opened since the page was loaded: the browser may not remember them. */
	readonly #files = new Map<string, Uint8Array>();

	/** The function is called whenever the servers are known, and whenever a schema has been opened. */
	constructor(store: Store<State>, connector: URL, opened: () => void) {
		this.#store = store;
		this.#connector = connector;
		this.#opened = opened;
	}

	/** How the connector is reached now. */
	get access(): Access {
		return { connector: this.#connector, token: this.#token.token };
	}

	/** When the source that was last wanted is open, has failed, or is wanted no longer. */
	get settled(): Promise<void> {
		return this.#opening;
	}

	/** Asks the connector for its servers. */
	start(): void {
		void this.#list();
		void this.#recall();
	}

	/** Opens the sources in the address one after the other, unless they are open, on their way or have failed. */
	follow(): void {
		const { servers, route, loading, failure, opened } = this.#store.state;
		if (!route) return;
		const wanted = sourcesOf(route);
		const missing = wanted.find((id) => !opened.has(id));
		if (missing === undefined) {
			if (loading && !wanted.includes(loading.source ?? "")) this.#drop();
			if (failure) this.#store.update({ failure: undefined });
			return;
		}
		if (loading?.source === missing || failure?.source === missing) return;
		if (!servers && isLive(missing)) return;
		this.#openNamed(servers ?? [], missing);
	}

	/** Reads the schema from scratch. What is on the page stays until the new one is there. */
	reload(): void {
		const { servers, route, failure } = this.#store.state;
		// The connector may have been given other servers since.
		if (failure?.failure.code === "unknown-server") {
			this.#store.update({ failure: undefined }); // to be tried again with the new list
			void this.#list();
		} else if (!route || (isLive(route.source) && !servers?.length)) void this.#list();
		else this.#openNamed(servers ?? [], failure?.source ?? route.source);
	}

	/** Stops waiting for whatever is on its way. */
	cancel(): void {
		this.#waiting?.abort();
		this.#listing?.abort();
	}

	/** Tries again with a token. */
	useToken(token: string): void {
		this.#token.token = token;
		this.#store.update({ dialog: undefined });
		if (this.#store.state.servers) this.reload();
		else void this.#list();
	}

	/** Tries the source in the address again, bound. The password is kept by nobody. */
	bind(login: Login): void {
		const { servers = [], route } = this.#store.state;
		this.#store.update({ dialog: undefined });
		const source = route && sourceOf(route.source, servers);
		if (source?.kind === "live") void this.#open(source, login);
	}

	/** Takes a file, whose source can be opened then. One of the same name is replaced. */
	addFile(opened: OpenedFile): Source {
		const source = fileSource(opened.name);
		this.close(source.id);
		void forgetList(source.id);
		this.#files.set(opened.name, opened.bytes);
		void rememberFile(opened).then(() => this.#recall());
		return source;
	}

	/** Forgets a file that was opened of late. */
	forget(name: string): void {
		this.#files.delete(name);
		void forgetList(fileSource(name).id);
		void forgetFile(name).then(() => this.#recall());
	}

	/** Lets go of an open schema. */
	close(id: string): void {
		const before = this.#store.state.opened.get(id);
		if (!before) return;
		this.#liveness.get(id)?.stop();
		this.#liveness.delete(id);
		const opened = new Map(this.#store.state.opened);
		opened.delete(id);
		this.#store.update({ opened });
		release(before.schema);
	}

	/** Sees whether the server is still there. To be called when the user does something. */
	touch(): void {
		const shown = shownFor(this.#store.state);
		if (shown) this.#liveness.get(shown.source.id)?.touch();
	}

	async #recall(): Promise<void> {
		this.#store.update({ recent: await recentFiles() });
	}

	async #list(): Promise<void> {
		this.#listing?.abort();
		const listing = new AbortController();
		this.#listing = listing;
		const { route } = this.#store.state;
		const needed = !route || isLive(route.source);
		if (needed) this.#store.update({ loading: { source: undefined, stage: "listing" } });
		let servers: Offer[] | undefined;
		try {
			servers = await listServers(this.#connector, { token: this.#token.token, signal: listing.signal });
		} catch (error) {
			if (listing === this.#listing) this.#notListed(failureOf(error));
			return;
		}
		if (listing !== this.#listing) return;
		this.#listing = undefined;
		this.#store.update({ servers, ...(this.#waiting ? {} : { loading: undefined }) });
		if (this.#store.state.failure?.source === undefined) this.#store.update({ failure: undefined });
		this.#opened();
	}

	/** What the connector does not tell is a failure only for who wants one of its servers. */
	#notListed(failure: Failure): void {
		this.#listing = undefined;
		const { route } = this.#store.state;
		if (route && !isLive(route.source)) return;
		this.#waiting = undefined;
		this.#failed(undefined, failure);
	}

	#openNamed(servers: Offer[], id: string): void {
		const source = sourceOf(id, servers);
		if (source) {
			this.#opening = this.#open(source);
			return;
		}
		this.#drop();
		this.#store.update({
			failure: { source: id, failure: { code: "unknown-server", where: this.#connector.href, cause: id } },
		});
	}

	async #open(source: Source, login?: Login): Promise<void> {
		const waiting = this.#wait(source);
		void this.#listKept(source, waiting);
		let schema: Schema;
		try {
			schema = await this.#read(source, waiting, login);
			await nextTask(); // having read the answer is enough for one
		} catch (error) {
			if (waiting !== this.#waiting) return;
			this.#waiting = undefined;
			this.#failed(source, failureOf(error));
			return;
		}
		if (waiting !== this.#waiting) {
			release(schema);
			return;
		}
		this.#show(source, schema);
		void this.#keepList(source, schema, login !== undefined || this.#token.token !== "");
	}

	/** Keeps the list for next time, unless it was told to somebody who is known: it is not to stay for others. */
	async #keepList(source: Source, { summary }: Schema, known: boolean): Promise<void> {
		const { servers } = this.#store.state;
		if (servers) await forgetOtherServers(servers.map(({ name }) => name));
		await (known ? forgetList(source.id) : keepList(source, summary));
	}

	/** Shows what a source listed last, until its schema is there. */
	async #listKept(source: Source, waiting: AbortController): Promise<void> {
		if (this.#store.state.opened.has(source.id)) return;
		const summary = await keptList(source);
		await nextTask();
		if (summary && waiting === this.#waiting)
			this.#store.update({ kept: { source, summary, lists: sortedLists(summary) } });
	}

	async #read(source: Source, waiting: AbortController, login?: Login): Promise<Schema> {
		const { signal } = waiting;
		const onProgress = ({ stage }: Progress) => {
			if (waiting === this.#waiting) this.#store.update({ loading: { source: source.id, stage } });
		};
		switch (source.kind) {
			case "live":
				return openSchema({
					connector: this.#connector,
					server: source.server,
					token: this.#token.token,
					...(login && { credentials: login }),
					signal,
					onProgress,
				});
			case "offline":
				return openSchema({ offline: source.name, signal, onProgress });
			case "file":
				return openSchema({ text: await this.#bytes(source.name), name: source.name, signal, onProgress });
		}
	}

	async #bytes(name: string): Promise<Uint8Array> {
		const bytes = this.#files.get(name) ?? (await recentFile(name));
		if (!bytes)
			throw new LDAPEdgeError({ code: "unknown-server", where: name, cause: "this browser does not have the file" });
		return bytes;
	}

	#show(source: Source, schema: Schema): void {
		const { id } = source;
		const before = this.#store.state.opened.get(id);
		this.#waiting = undefined;
		this.#liveness.get(id)?.stop();
		if (source.kind === "live") this.#liveness.set(id, new Liveness(schema, (lost) => this.#mark(schema, id, lost)));
		const opened = new Map(this.#store.state.opened);
		opened.set(id, { source, schema, summary: schema.summary, lists: sortedLists(schema.summary), lost: undefined });
		this.#store.update({ opened, loading: undefined, kept: undefined, failure: undefined });
		if (before) release(before.schema);
		this.#opened();
	}

	/** Notes whether a server is lost. */
	#mark(schema: Schema, id: string, lost: Failure | undefined): void {
		const { opened } = this.#store.state;
		const one = opened.get(id);
		if (one?.schema !== schema || (!lost && !one.lost)) return;
		this.#store.update({ opened: new Map(opened).set(id, { ...one, lost }) });
	}

	/** Starts to wait, and no longer waits for anything else. */
	#wait(source: Source): AbortController {
		this.#waiting?.abort();
		this.#waiting = new AbortController();
		this.#store.update({ loading: { source: source.id, stage: source.kind === "live" ? "connecting" : "reading" } });
		return this.#waiting;
	}

	#drop(): void {
		const waiting = this.#waiting;
		this.#waiting = undefined;
		waiting?.abort();
		this.#store.update({ loading: undefined });
	}

	#failed(source: Source | undefined, failure: Failure): void {
		const { state } = this.#store;
		const shown = source ? state.opened.get(source.id) : shownFor(state);
		this.#store.update({ loading: undefined });
		// A schema that is on the page stays; having stopped to wait for another says nothing about its server.
		if (!shown) this.#store.update({ failure: { source: source?.id, failure } });
		else if (failure.code !== "cancelled") this.#mark(shown.schema, shown.source.id, failure);
		if (failure.code === "not-authenticated") {
			this.#store.update({ dialog: "token", tokenRefused: this.#token.token !== "" });
			this.#token.token = "";
		}
	}
}
