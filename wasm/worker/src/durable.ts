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
	/** What is being answered, by its URL. */
	readonly #answering = new Map<string, AbortController>();

	constructor(context: Context, env: Env) {
		this.#context = context;
		this.#env = env;
	}

	/** POST answers a request that the Worker has authenticated and passes on as text; DELETE says that nobody waits. */
	async fetch(request: Request): Promise<Response> {
		if (request.method === "DELETE") {
			this.#answering.get(request.url)?.abort();
			return new Response(null, { status: 204 });
		}
		const left = new AbortController();
		this.#answering.set(request.url, left);
		try {
			return await this.#answer(request, left.signal);
		} catch (error) {
			return failed(error);
		} finally {
			this.#answering.delete(request.url);
		}
	}

	async #answer(request: Request, left: AbortSignal): Promise<Response> {
		const text = await readAll(request.body, mostHead + mostBody);
		const made = this.#host ?? (await Host.from(this.#env, new Keeper()));
		this.#host ??= made; // another request may have been faster
		const host = this.#host;
		const response = await answer(host, [text], this.#context, left);
		runChecks(host, this.#context);
		return response;
	}
}
