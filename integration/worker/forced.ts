/** The Worker with paths under /forced/ that bring about what must not bring it down. */
import type { Context, Env } from "../../wasm/worker/src/env.ts";
import type { Instance } from "../../wasm/worker/src/instance.ts";
import { failed } from "../../wasm/worker/src/problem.ts";
import { Refusal } from "../../wasm/worker/src/subject.ts";
import worker, { Connections, hostOf } from "../../wasm/worker/src/worker.ts";

export { Connections };

const faults: Record<string, (instance: Instance) => number> = {
	panic: (instance) => instance.force("forcePanic"),
	exit: (instance) => instance.force("forceExit"),
	overflow: (instance) => instance.force("forceOverflow"),
	growth: (instance) => instance.force("forceGrowth", 64 << 20),
	none: () => 0,
};

/** What becomes of a bearer token at a time, both in the body. */
async function authenticate(request: Request, env: Env, context: Context): Promise<Response> {
	const { authenticator } = (await hostOf(env)).shared;
	const { token, time } = await request.json<{ token: string; time: number }>();
	try {
		return Response.json({ accepted: await authenticator.bearer(token, context, time * 1000) });
	} catch (error) {
		return Response.json({ refused: error instanceof Refusal ? error.reason : String(error) });
	}
}

export default {
	async fetch(request: Request, env: Env, context: Context): Promise<Response> {
		if (new URL(request.url).pathname === "/forced/authenticate") return authenticate(request, env, context);
		const name = /^\/forced\/(.*)/.exec(new URL(request.url).pathname)?.[1];
		const fault = name === undefined ? undefined : faults[name];
		if (!fault) return worker.fetch(request, env, context);
		const { instances } = await hostOf(env);
		try {
			fault(instances.current());
		} catch (error) {
			return failed(error);
		}
		const current = instances.current();
		return Response.json({ started: instances.started, memory: current.memory, tasks: current.force("forceCount") });
	},
};
