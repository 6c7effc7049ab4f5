/** Loads schemas: pre-built ones, those in KV, and those that connectors have of their servers. */
import { readAll } from "./bytes.ts";
import type { Configuration } from "./configuration.ts";
import type { Env } from "./env.ts";
import { readOffline } from "./offline.ts";
import type { Event } from "./step.ts";

/** The largest schema that is read, in bytes. */
const mostBytes = 16 << 20;
const failed = (code: number, reason: string): Event => ({ kind: "FAILED", code, reason });

/** `what` is what the step says: the kind and its arguments. */
export async function load(
	what: string[],
	{ env, configuration }: { env: Env; configuration: Configuration },
	signal: AbortSignal,
): Promise<Event> {
	const [kind, first = "", second = "", deadline = "", etag] = what;
	try {
		if (kind === "offline") return await loadOffline(first);
		if (kind === "kv") return await loadKV(first, env);
		return await loadSchema(first, second, Number(deadline), etag, configuration, signal);
	} catch (error) {
		console.warn(`loading ${what.slice(0, 3).join(" ")}: ${(error as Error).message}`);
		return failed(0, kind === "schema" ? "the connector cannot be reached" : "it cannot be read");
	}
}

async function loadOffline(name: string): Promise<Event> {
	const bytes = await readOffline(name, mostBytes);
	return bytes ? { kind: "LOADED", bytes } : failed(404, "there is no such pre-built schema");
}

async function loadKV(key: string, env: Env): Promise<Event> {
	if (!env.LDAPEDGE_KV) return failed(0, "the Worker is bound to no LDAPEDGE_KV");
	const value = await env.LDAPEDGE_KV.get(key, "stream");
	return value ? { kind: "LOADED", bytes: await readAll(value, mostBytes) } : failed(404, "there is no such key");
}

async function loadSchema(
	connectorName: string,
	server: string,
	deadline: number,
	etag: string | undefined,
	configuration: Configuration,
	signal: AbortSignal,
): Promise<Event> {
	const connector = configuration.connectors.get(connectorName);
	if (!connector) return failed(0, "there is no such connector");
	const response = await fetch(`${connector.url}/v1/servers/${encodeURIComponent(server)}/schema`, {
		headers: {
			Accept: "application/json",
			...(etag && { "If-None-Match": etag }),
			...(connector.token && { Authorization: `Bearer ${connector.token}` }),
		},
		redirect: "manual",
		signal: AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, deadline - Date.now()))]),
	});
	const fresh = { etag: response.headers.get("ETag") ?? undefined, seconds: freshness(response.headers) };
	if (response.status === 200) return { kind: "LOADED", bytes: await readAll(response.body, mostBytes), ...fresh };
	await response.body?.cancel();
	if (response.status === 304) return { kind: "UNCHANGED", ...fresh };
	return failed(response.status, `the connector answers ${response.status}`);
}

/** For how many seconds an answer is fresh. */
function freshness(headers: Headers): number | undefined {
	const age = /(?:^|[ ,])max-age=(\d{1,9})/.exec(headers.get("Cache-Control") ?? "")?.[1];
	return age === undefined ? undefined : Number(age);
}
