/** The second entry point: the same routes on syumai/workers, whose script starts the program for each request. */
import type { Context, Env } from "./env.ts";
import { GoHost } from "./gohost.ts";
import { failed } from "./problem.ts";
import { targetOf } from "./request.ts";
import { Once, Shared } from "./shared.ts";
import program from "./workers.mjs";

const shared = new Once((env) => Shared.from(env));

export default {
	async fetch(request: Request, env: Env, context: Context): Promise<Response> {
		try {
			const target = targetOf(request);
			if (target instanceof Response) return target;
			const known = await shared.of(env);
			const caller = await known.caller(request, context);
			const refusal = await known.limited(caller);
			if (refusal) return refusal;
			const bindings = { ...env, LDAPEDGE_HOST: new GoHost(known, caller, context, request.signal) };
			return await program.fetch(request, bindings, context);
		} catch (error) {
			return failed(error);
		}
	},
};
