/** What the connector knows of a server's addresses, and asks of them when it is told to. */
import { type Failure, LDAPEdgeError, type Session } from "ldapedge";
import type { Access } from "../../session.ts";

/** The facts of TLS with a server. */
export type TLSFacts = NonNullable<Session["tls"]>;

/** An address, and whether it answers. */
export interface CheckedAddress {
	address: string;
	family: string;
	/** Where the address is from: "literal", "A", "AAAA", "SRV", "unix". */
	source: string;
	/** The host that the DNS names, for SRV. */
	target?: string;
	answered: boolean;
	latencySeconds: number;
	/** How far it came, if it does not answer. */
	stage?: string;
	error?: string;
	tls?: TLSFacts;
}

/** A server, and whether one of its addresses answers. */
export interface CheckedServer {
	url: string;
	alive: boolean;
	/** Why there are no addresses. */
	error?: string;
	candidates: CheckedAddress[];
	/** Whether the connector can log in, where it has a login. */
	bind?: { error?: string };
}

/** A member of a pool as the connector lists it. */
export interface ListedMember {
	url: string;
	state: string;
	latencySeconds?: number;
}

/** A server or a pool as the connector lists it. */
export interface Listed {
	name: string;
	url: string;
	pool?: { strategy: string; members: ListedMember[] };
}

/** Has the connector check a server's addresses now. */
export async function checkServer(access: Access, name: string, signal: AbortSignal): Promise<CheckedServer[]> {
	return (await ask<{ servers: CheckedServer[] }>(access, `v1/servers/${encodeURIComponent(name)}/check`, signal))
		.servers;
}

/** What the connector lists of a server now; undefined if it is not offered any more. */
export async function listedServer(access: Access, name: string, signal: AbortSignal): Promise<Listed | undefined> {
	const { servers } = await ask<{ servers: Listed[] }>(access, "v1/servers", signal);
	return servers.find((one) => one.name === name);
}

const codes: Record<number, Failure["code"]> = {
	401: "not-authenticated",
	403: "not-permitted",
	404: "unknown-server",
	429: "too-many",
	502: "server-unreachable",
	504: "timeout",
};

async function ask<T>({ connector, token }: Access, path: string, signal: AbortSignal): Promise<T> {
	const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
	const where = new URL(path, connector).href;
	let response: Response;
	let body: unknown;
	try {
		response = await fetch(where, { headers, signal, cache: "no-store" });
		body = await response.json();
	} catch (error) {
		throw new LDAPEdgeError({
			code: signal.aborted ? "cancelled" : "connector-unreachable",
			where,
			cause: String(error),
		});
	}
	if (response.ok) return body as T;
	const cause = (body as { detail?: string }).detail ?? `status ${response.status}`;
	throw new LDAPEdgeError({ code: codes[response.status] ?? "protocol", where, cause });
}
