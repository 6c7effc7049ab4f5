/** What requests have in common, for as long as the isolate or the object lives. None of it is any request's I/O. */
import { Authenticator } from "./auth.ts";
import { Cache } from "./cache.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import type { Env } from "./env.ts";
import { Instances } from "./instance.ts";
import type { Keeper } from "./keeper.ts";

/** How often checks of pools are asked for, in milliseconds. */
const checkInterval = 1000;

export class Host {
	readonly env: Env;
	readonly configuration: Configuration;
	readonly authenticator: Authenticator;
	readonly instances: Instances;
	readonly cache: Cache;
	readonly keeper: Keeper | undefined;
	#checked = 0;

	private constructor(env: Env, configuration: Configuration, authenticator: Authenticator, keeper?: Keeper) {
		this.env = env;
		this.configuration = configuration;
		this.authenticator = authenticator;
		this.instances = new Instances(configuration.settings);
		this.cache = new Cache(env);
		this.keeper = keeper;
	}

	/** Reads the configuration. Throws a Fault. */
	static async from(env: Env, keeper?: Keeper): Promise<Host> {
		const configuration = readConfiguration(env);
		return new Host(env, configuration, await Authenticator.from(configuration.auth), keeper);
	}

	/** Whether it is time to ask for checks again. */
	checksDue(): boolean {
		const now = Date.now();
		if (now < this.#checked + checkInterval) return false;
		this.#checked = now;
		return true;
	}
}
