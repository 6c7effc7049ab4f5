/** What both entry points know, for as long as the isolate or the object lives. None of it is any request's I/O. */
import { Authenticator } from "./auth.ts";
import { Cache } from "./cache.ts";
import { type Configuration, readConfiguration } from "./configuration.ts";
import type { Context, Env } from "./env.ts";
import { problem } from "./problem.ts";
import { addressOf, type Caller } from "./request.ts";
import { Refusal } from "./subject.ts";

export class Shared {
	readonly env: Env;
	readonly configuration: Configuration;
	readonly cache: Cache;
	readonly authenticator: Authenticator;

	private constructor(env: Env, configuration: Configuration, authenticator: Authenticator) {
		this.env = env;
		this.configuration = configuration;
		this.authenticator = authenticator;
		this.cache = new Cache(env);
	}

	/** Reads the configuration. Throws a Fault. */
	static async from(env: Env): Promise<Shared> {
		const configuration = readConfiguration(env);
		return new Shared(env, configuration, await Authenticator.from(configuration.auth));
	}

	/** Who asks. */
	async caller(request: Request, context: Context): Promise<Caller> {
		const address = addressOf(request.headers);
		try {
			return { subject: await this.authenticator.subject(request.headers, context), address };
		} catch (error) {
			if (error instanceof Refusal) return { refused: error.message, address };
			throw error;
		}
	}

	/** The answer to a caller that asks too often. */
	async limited({ subject, address }: Caller): Promise<Response | undefined> {
		if (!this.env.LIMITER) return undefined;
		const key = subject ? `subject:${subject.name}` : `address:${address ?? ""}`;
		if ((await this.env.LIMITER.limit({ key })).success) return undefined;
		return problem(429, "too-many", "there are too many requests; try again later", { "Retry-After": "60" });
	}
}

/** What an environment has made of it once, and then again and again. */
export class Once<T> {
	readonly #made = new WeakMap<Env, T>();
	readonly #make: (env: Env) => Promise<T>;

	constructor(make: (env: Env) => Promise<T>) {
		this.#make = make;
	}

	async of(env: Env): Promise<T> {
		const known = this.#made.get(env);
		if (known) return known;
		const made = await this.#make(env);
		const first = this.#made.get(env) ?? made; // another request may have been faster
		this.#made.set(env, first);
		return first;
	}
}
