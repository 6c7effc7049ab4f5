/** The Worker: answers requests about directories. */
import { type Bytes, concat } from "./bytes.ts";
import type { Context, Env } from "./env.ts";
import { Host } from "./host.ts";
import { failed, problem } from "./problem.ts";
import { addressOf, bodyOf, type Caller, formatHead, targetOf } from "./request.ts";
import { Refusal } from "./subject.ts";
import { answer, runChecks } from "./task.ts";

export { Connections } from "./durable.ts";

const hosts = new WeakMap<Env, Host>();

/** The isolate's host for an environment. */
export async function hostOf(env: Env): Promise<Host> {
	const known = hosts.get(env);
	if (known) return known;
	const made = await Host.from(env);
	const first = hosts.get(env) ?? made; // another request may have been faster
	hosts.set(env, first);
	return first;
}

export default {
	async fetch(request: Request, env: Env, context: Context): Promise<Response> {
		try {
			return await handle(request, env, context);
		} catch (error) {
			return failed(error);
		}
	},
};

async function handle(request: Request, env: Env, context: Context): Promise<Response> {
	const target = targetOf(request);
	if (target instanceof Response) return target;
	const host = await hostOf(env);
	const caller = await callerOf(request, host, context);
	if (!(await withinRate(caller, env))) {
		return problem(429, "there are too many requests; try again later", { "Retry-After": "60" });
	}
	const body = await bodyOf(request);
	if (body instanceof Response) return body;
	const connections = isLive(target) ? env.CONNECTIONS : undefined;
	const text = [formatHead(request.method, target, request.headers, caller, connections !== undefined), body];
	if (connections) return passOn(text, request.signal, connections, context);
	const response = await answer(host, text, context, request.signal);
	if (!env.CONNECTIONS) runChecks(host, context);
	return response;
}

async function callerOf(request: Request, host: Host, context: Context): Promise<Caller> {
	const address = addressOf(request.headers);
	try {
		return { subject: await host.authenticator.subject(request.headers, context), address };
	} catch (error) {
		if (error instanceof Refusal) return { refused: error.message, address };
		throw error;
	}
}

async function withinRate({ subject, address }: Caller, env: Env): Promise<boolean> {
	if (!env.LIMITER) return true;
	const key = subject ? `subject:${subject.name}` : `address:${address ?? ""}`;
	return (await env.LIMITER.limit({ key })).success;
}

/** Whether a directory may have to be asked, or how it is. */
const isLive = (target: string): boolean => /^\/(lookup|search|entry|servers)(\/|\?|$)/.test(target);

/** Has the object answer that keeps connections. Nobody but this Worker can reach it. */
function passOn(text: Bytes[], signal: AbortSignal, connections: DurableObjectNamespace, context: Context) {
	const object = connections.get(connections.idFromName("connections"));
	const url = `https://connections.invalid/${crypto.randomUUID()}`;
	const answered = object.fetch(url, { method: "POST", body: concat(text) });
	// The object does not learn by itself that the client has gone away.
	signal.addEventListener("abort", () => context.waitUntil(object.fetch(url, { method: "DELETE" })));
	context.waitUntil(answered.catch(() => {}));
	return answered;
}
