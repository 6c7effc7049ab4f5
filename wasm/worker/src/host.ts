/** What requests have in common, with the program that answers them. None of it is any request's I/O. */
import type { Env } from "./env.ts";
import { Instances } from "./instance.ts";
import type { Keeper } from "./keeper.ts";
import { Shared } from "./shared.ts";

/** How often checks of pools are asked for, in milliseconds. */
const checkInterval = 1000;

export class Host {
	readonly shared: Shared;
	readonly instances: Instances;
	readonly keeper: Keeper | undefined;
	#checked = 0;

	private constructor(shared: Shared, keeper?: Keeper) {
		this.shared = shared;
		this.instances = new Instances(shared.configuration.settings);
		this.keeper = keeper;
	}

	/** Reads the configuration. Throws a Fault. */
	static async from(env: Env, keeper?: Keeper): Promise<Host> {
		return new Host(await Shared.from(env), keeper);
	}

	/** Whether it is time to ask for checks again. */
	checksDue(): boolean {
		const now = Date.now();
		if (now < this.#checked + checkInterval) return false;
		this.#checked = now;
		return true;
	}
}
