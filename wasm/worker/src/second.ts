/** The second entry point: the same routes on syumai/workers, whose script starts the program for each request. */
import program from "./workers/worker.mjs";
import type { Context, Env } from "./env.ts";
import { GoHost } from "./gohost.ts";
import { failed } from "./problem.ts";
import { targetOf } from "./request.ts";
import { callerOf, hostOf, limited } from "./worker.ts";

export default {
	async fetch(request: Request, env: Env, context: Context): Promise<Response> {
		try {
			const target = targetOf(request);
			if (target instanceof Response) return target;
			const host = await hostOf(env);
			const caller = await callerOf(request, host, context);
			const refusal = await limited(caller, env);
			if (refusal) return refusal;
			const bindings = { ...env, LDAPEDGE_HOST: new GoHost(host, caller, context, request.signal) };
			return await program.fetch(request, bindings, context);
		} catch (error) {
			return failed(error);
		}
	},
};
