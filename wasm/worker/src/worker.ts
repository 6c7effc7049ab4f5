/** The Worker: answers requests about directories. */
import { type Bytes, concat } from "./bytes.ts";
import type { Context, Env } from "./env.ts";
import { Host } from "./host.ts";
import { failed } from "./problem.ts";
import { bodyOf, formatHead, targetOf } from "./request.ts";
import { Once } from "./shared.ts";
import { answer, runChecks } from "./task.ts";

export { Connections } from "./durable.ts";

const hosts = new Once((env) => Host.from(env));

/** The isolate's host for an environment. */
export const hostOf = (env: Env): Promise<Host> => hosts.of(env);

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
	const caller = await host.shared.caller(request, context);
	const refusal = await host.shared.limited(caller);
	if (refusal) return refusal;
	const body = await bodyOf(request);
	if (body instanceof Response) return body;
	const connections = isLive(target) ? env.CONNECTIONS : undefined;
	const text = [formatHead(request.method, target, request.headers, caller, connections !== undefined), body];
	if (connections) return passOn(text, request.signal, connections, context);
	const response = await answer(host, text, context, request.signal);
	if (!env.CONNECTIONS) runChecks(host, context);
	return response;
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
