import { type Failure, initialize, listServers, type Offer, openSchema, type Schema } from "ldapedge";
import { sortedLists } from "./lists.ts";
import { Liveness } from "./liveness.ts";
import { failureOf, type State, shownFor } from "./state.ts";
import type { Store } from "./store.ts";
import { TokenKeeper } from "./token.ts";

/** Gets the schema of the source in the address onto the page, and watches over its server. */
export class Session {
	readonly #store: Store<State>;
	readonly #connector: URL;
	readonly #opened: () => void;
	readonly #token = new TokenKeeper();
	/** What is being waited for; what belongs to an earlier one is dropped. */
	#waiting: AbortController | undefined;
	#liveness: Liveness | undefined;

	/** The function is called whenever the servers are known, and whenever a schema has been opened. */
	constructor(store: Store<State>, connector: URL, opened: () => void) {
		this.#store = store;
		this.#connector = connector;
		this.#opened = opened;
	}

	/** Loads the module and asks the connector for its servers, both at once. */
	start(): void {
		initialize();
		void this.#list();
	}

	/** Opens the source in the address, unless it is on the page, on its way or has failed. */
	follow(): void {
		const { servers, route, loading, failure } = this.#store.state;
		if (!servers || !route) return;
		if (shownFor(this.#store.state)) {
			if (loading && loading.server !== route.source) this.#drop();
			if (failure) this.#store.update({ failure: undefined });
			return;
		}
		if (loading?.server === route.source || failure?.server === route.source) return;
		this.#openNamed(servers, route.source);
	}

	/** Reads the schema from scratch. What is on the page stays until the new one is there. */
	reload(): void {
		const { servers, route, failure } = this.#store.state;
		// The connector may have been given other servers since.
		if (!servers?.length || !route || failure?.failure.code === "unknown-server") void this.#list();
		else this.#openNamed(servers, route.source);
	}

	/** Stops waiting for whatever is on its way. */
	cancel(): void {
		this.#waiting?.abort();
	}

	/** Tries again with a token. */
	useToken(token: string): void {
		this.#token.token = token;
		this.#store.update({ dialog: undefined });
		this.reload();
	}

	/** Sees whether the server is still there. To be called when the user does something. */
	touch(): void {
		if (shownFor(this.#store.state)) this.#liveness?.touch();
	}

	async #list(): Promise<void> {
		const waiting = this.#wait(undefined);
		try {
			const servers = await listServers(this.#connector, { token: this.#token.token, signal: waiting.signal });
			if (waiting !== this.#waiting) return;
			this.#store.update({ servers, loading: undefined, failure: undefined });
		} catch (error) {
			this.#failed(waiting, undefined, failureOf(error));
			return;
		}
		this.#opened();
	}

	#openNamed(servers: Offer[], name: string): void {
		const server = servers.find((s) => s.name === name);
		if (server) {
			void this.#open(server);
			return;
		}
		this.#drop();
		const failure: Failure = { code: "unknown-server", where: this.#connector.href, cause: name };
		this.#store.update({ failure: { server: name, failure } });
	}

	async #open(server: Offer): Promise<void> {
		const waiting = this.#wait(server.name);
		let schema: Schema;
		try {
			schema = await openSchema({
				connector: this.#connector,
				server,
				token: this.#token.token,
				signal: waiting.signal,
				onProgress: ({ stage }) => {
					if (waiting === this.#waiting) this.#store.update({ loading: { server: server.name, stage } });
				},
			});
		} catch (error) {
			this.#failed(waiting, server.name, failureOf(error));
			return;
		}
		if (waiting === this.#waiting) this.#show(server, schema);
		else close(schema);
	}

	#show(server: Offer, schema: Schema): void {
		const before = this.#store.state.shown?.schema;
		this.#waiting = undefined;
		this.#liveness?.stop();
		this.#liveness = new Liveness(schema, (lost) => {
			if (lost || this.#store.state.lost) this.#store.update({ lost });
		});
		this.#store.update({
			shown: { server, schema, lists: sortedLists(schema.summary) },
			loading: undefined,
			failure: undefined,
			lost: undefined,
		});
		if (before) close(before);
		this.#opened();
	}

	/** Starts to wait, and no longer waits for anything else. */
	#wait(server: string | undefined): AbortController {
		this.#waiting?.abort();
		this.#waiting = new AbortController();
		this.#store.update({ loading: { server, stage: server === undefined ? "listing" : "connecting" } });
		return this.#waiting;
	}

	#drop(): void {
		const waiting = this.#waiting;
		this.#waiting = undefined;
		waiting?.abort();
		this.#store.update({ loading: undefined });
	}

	#failed(waiting: AbortController, server: string | undefined, failure: Failure): void {
		if (waiting !== this.#waiting) return;
		this.#waiting = undefined;
		const { state } = this.#store;
		// A schema that is on the page stays; having stopped to wait for another says nothing about its server.
		if (!shownFor(state)) this.#store.update({ loading: undefined, failure: { server, failure } });
		else this.#store.update({ loading: undefined, lost: failure.code === "cancelled" ? state.lost : failure });
		if (failure.code === "not-authenticated") {
			this.#store.update({ dialog: "token", tokenRefused: this.#token.token !== "" });
			this.#token.token = "";
		}
	}
}

/** Lets go of a schema; if its module has ended there is nothing to let go of. */
function close(schema: Schema): void {
	schema.close().catch(() => undefined);
}
