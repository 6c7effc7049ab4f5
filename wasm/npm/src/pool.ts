/** Pools: which of several servers a connection is opened to. */
import { LDAPEdgeError } from "./error.js";
import { Handle } from "./handle.js";
import type { CallOptions } from "./module.js";
import { toolkit } from "./running.js";
import { type Connector, Server } from "./server.js";
import type { NamedServer, PoolDefinition, PoolEvent, PoolMemberDefinition, PoolState, Strategy } from "./types.js";

/** The background checks of a pool; times are in seconds. */
export interface PoolChecks {
	/** The connector through which the servers are looked at. */
	connector: Connector;
	/** Between the checks of a server that is well. Default: 30. */
	interval?: number;
	/** Between those of one that is not. Default: 5. */
	downInterval?: number;
	/** Bounds a check. Default: 5. */
	timeout?: number;
	/** How many run at once. Default: 8. */
	concurrency?: number;
	/** How many fail in a row before a server is out. Default: 3. */
	fall?: number;
	/** How many succeed in a row before it is back. Default: 2. */
	rise?: number;
}

/** What can be said of a pool; times are in seconds. */
export interface PoolOptions {
	/** The order in which servers are tried. Default: `"ROUND_ROBIN"`. */
	strategy?: Strategy;
	/** How many cycles live servers are looked for; true is for ever, false one, of which nothing is remembered. Default: true. */
	active?: boolean | number;
	/** How long a dead server stays out; true is for ever. Default: false, it is quarantined instead. */
	exhaust?: boolean | number;
	/** Between two cycles. Default: 10. */
	loopTimeout?: number;
	/** How long a server is out for the first time. Default: 30. */
	quarantine?: number;
	/** The longest quarantine. Default: 300. */
	maxQuarantine?: number;
	/** During which a server that is back takes less than its share. Default: 0. */
	slowStart?: number;
	/** How long an earlier member of a FIRST pool is well before connections are called back to it; less than 0 is never. Default: 60. */
	returnHome?: number;
	/** Default: none. */
	checks?: PoolChecks;
	/** Of a pool within another: its share there. Default: 1. */
	weight?: number;
}

const fields = {
	strategy: "strategy",
	active: "active",
	exhaust: "exhaust",
	loopTimeout: "loop_timeout",
	quarantine: "quarantine",
	maxQuarantine: "max_quarantine",
	slowStart: "slow_start",
	returnHome: "return_home",
} as const;

const checkFields = {
	interval: "interval",
	downInterval: "down_interval",
	timeout: "timeout",
	concurrency: "concurrency",
	fall: "fall",
	rise: "rise",
} as const;

/** The options that are given, under the names of a definition. */
function renamed<T extends object>(options: T, names: Partial<Record<keyof T, string>>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(names).flatMap(([from, to]) => {
			const value = options[from as keyof T];
			return value === undefined ? [] : [[to as string, value]];
		}),
	);
}

/**
 * Several servers, of which connections take one that answers. It is kept in the module until {@link ServerPool.close};
 * connections may share it. A pool within another is a part of that one: its own state is not kept.
 */
export class ServerPool {
	readonly members: readonly (Server | ServerPool)[];
	readonly options: PoolOptions;
	#handle: Handle<{ pool: number }> | undefined;

	constructor(servers: readonly (Server | ServerPool | string | URL)[], options: PoolOptions = {}) {
		this.members = servers.map((one) => (one instanceof Server || one instanceof ServerPool ? one : new Server(one)));
		this.options = { ...options };
	}

	/** @internal */
	get definition(): PoolDefinition {
		const { checks } = this.options;
		return {
			...renamed(this.options, fields),
			...(checks && { checks: renamed(checks, checkFields) }),
			servers: this.members.map(memberDefinition),
		};
	}

	/** @internal */
	get named(): NamedServer[] {
		return this.members.flatMap((one) => one.named);
	}

	/** What the module has for it. @internal */
	get handle(): Handle<{ pool: number }> {
		if (!this.#handle) {
			const used = toolkit();
			const { checks } = this.options;
			const params = {
				definition: this.definition,
				named: this.named,
				...(checks && { checks: checks.connector.address }),
			};
			this.#handle = new Handle(this, used, "closePool", used.call("newPool", params));
		}
		return this.#handle;
	}

	/** How all members do. */
	state(options?: CallOptions): Promise<PoolState> {
		return this.handle.call("poolState", {}, options);
	}

	/**
	 * What happens to the pool, from its making on; of long ago the last 1,000. It ends when the signal says so, or the
	 * pool is closed.
	 */
	async *events(options: Pick<CallOptions, "signal"> = {}): AsyncGenerator<PoolEvent, void, void> {
		let after = 0;
		while (!options.signal?.aborted && !this.handle.closed) {
			try {
				const { events, next } = await this.handle.call("poolEvents", { after }, options);
				after = next;
				yield* events;
			} catch (error) {
				if (error instanceof LDAPEdgeError && error.code === "cancelled") return;
				throw error;
			}
		}
	}

	/** Ends its background work. Connections that have been opened with it go on. */
	async close(): Promise<void> {
		await this.#handle?.close();
	}

	/** Closes it at the end of an `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}

function memberDefinition(one: Server | ServerPool): PoolMemberDefinition {
	const { weight } = one.options;
	const share = weight === undefined ? {} : { weight };
	if (one instanceof ServerPool) return { pool: one.definition, ...share };
	const { maxConnections } = one.options;
	return { server: one.definition, ...share, ...(maxConnections !== undefined && { max_connections: maxConnections }) };
}
