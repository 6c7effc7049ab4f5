/** The Durable Object that keeps connections to connectors, and their servers, from one request to the next. */
import { readAll } from "./bytes.ts";
import type { Context, Env } from "./env.ts";
import { Host } from "./host.ts";
import { Keeper } from "./keeper.ts";
import { failed } from "./problem.ts";
import { mostBody } from "./request.ts";
import { answer, runChecks } from "./task.ts";

/** The longest head of a request, beside its body. */
const mostHead = 256 << 10;

export class Connections {
	readonly #context: Context;
	readonly #env: Env;
	/** Its own: what the program remembers of a connection must not outlive the connection. */
	#host: Host | undefined;

	constructor(context: Context, env: Env) {
		this.#context = context;
		this.#env = env;
	}

	/** Answers a request that the Worker has authenticated and passes on as text. */
	async fetch(request: Request): Promise<Response> {
		try {
			const text = await readAll(request.body, mostHead + mostBody);
			this.#host ??= await Host.from(this.#env, new Keeper());
			const response = await answer(this.#host, [text], this.#context, request.signal);
			runChecks(this.#host, this.#context);
			return response;
		} catch (error) {
			return failed(error);
		}
	}
}
