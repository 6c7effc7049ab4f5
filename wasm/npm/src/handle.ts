/** What the module keeps for an object of the page's, until that is closed or nobody has it any more. */
import { LDAPEdgeError } from "./error.js";
import type { CallOptions, Module } from "./module.js";
import type { Calls } from "./types.js";

/** The calls that let go of a handle. */
type Closing = "closePool" | "closeConnection" | "endSearch";

interface Held {
	module: Module;
	call: Closing;
	params: Promise<Calls[Closing]["params"]>;
}

function letGo({ module, call, params }: Held): Promise<unknown> {
	return params.then((given) => module.call(call, given));
}

const forgotten = new FinalizationRegistry<Held>((held) => void letGo(held).catch(() => {}));

/** A handle of the module: the parameters that name it in each call. */
export class Handle<P extends Calls[Closing]["params"]> {
	readonly module: Module;
	readonly #held: Held;
	readonly #params: Promise<P>;
	#closed: Promise<void> | undefined;

	/** What is not to be let go of before it. */
	readonly needs: object | undefined;

	/** `owner` is the object whose end is that of the handle. */
	constructor(owner: object, module: Module, call: Closing, params: Promise<P>, needs?: object) {
		this.module = module;
		this.needs = needs;
		this.#params = params;
		this.#held = { module, call, params };
		params.catch(() => {}); // whoever uses it first hears of it
		forgotten.register(owner, this.#held, this);
	}

	/** Whether it has been let go of. */
	get closed(): boolean {
		return this.#closed !== undefined;
	}

	/** The parameters, for a call that is not one of this handle's. */
	get params(): Promise<P> {
		if (this.#closed) return Promise.reject(LDAPEdgeError.of({ code: "usage", cause: "it is closed" }));
		return this.#params;
	}

	/** Makes a call about it. */
	async call<C extends keyof Calls>(
		call: C,
		more: Omit<Calls[C]["params"], keyof P>,
		options?: CallOptions,
	): Promise<Calls[C]["result"]> {
		const params = { ...(await this.params), ...more } as unknown as Calls[C]["params"];
		return this.module.call(call, params, options);
	}

	/** Notes that the module has let go of it. */
	forget(): void {
		forgotten.unregister(this);
		this.#closed ??= Promise.resolve();
	}

	/** Lets go of it; once is enough. */
	close(): Promise<void> {
		this.#closed ??= this.#close();
		return this.#closed;
	}

	async #close(): Promise<void> {
		forgotten.unregister(this);
		const made = await this.#params.then(
			() => true,
			() => false,
		);
		if (made && !this.module.ended) await letGo(this.#held);
	}
}
