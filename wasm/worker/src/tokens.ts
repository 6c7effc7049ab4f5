/** Bearer tokens of the configuration, of which it has only the hashes. */
import { encode } from "./bytes.ts";
import { Fault, type Members } from "./check.ts";
import { Refusal, type Subject, serversOf } from "./subject.ts";

interface Token extends Subject {
	hash: Uint8Array;
	/** Milliseconds since 1970. */
	expires: number;
}

export class Tokens {
	readonly #all: Token[];

	constructor(settings: Members[]) {
		this.#all = settings.map(readToken);
		const hashes = this.#all.map((token) => String(token.hash));
		const twice = hashes.findIndex((hash, i) => hashes.indexOf(hash) < i);
		if (twice >= 0) throw new Fault(`${settings[twice]?.at("sha256")}`, "it is that of an earlier token");
	}

	/** Who a token stands for, undefined for one that is not known. It takes the same time whatever the token. */
	async find(token: string, now: number): Promise<Subject | undefined> {
		const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", encode(token)));
		let found: Token | undefined;
		for (const one of this.#all) if (equal(one.hash, hash)) found = one;
		if (found && now >= found.expires) throw new Refusal("expired");
		return found;
	}
}

/** Compares hashes in a time that does not depend on them. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
	let different = 0;
	for (let i = 0; i < a.length; i++) different |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return different === 0;
}

export const tokenKeys = ["subject", "sha256", "servers", "expires"] as const;

function readToken(members: Members): Token {
	const hash = members.text("sha256");
	// The text is not repeated: somebody may have put the token there.
	if (!/^[0-9a-f]{64}$/i.test(hash)) throw new Fault(members.at("sha256"), "64 hexadecimal digits are expected");
	const expires = members.optionalText("expires");
	const at = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
	if (Number.isNaN(at) || (expires !== undefined && !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(expires))) {
		throw new Fault(members.at("expires"), "a time such as 2027-01-31T00:00:00Z is expected");
	}
	return {
		name: members.text("subject"),
		servers: readServers(members),
		hash: Uint8Array.from(hash.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)),
		expires: at,
	};
}

/** The servers that a credential is limited to, which the configuration must say. */
export function readServers(members: Members): "all" | string[] {
	const servers = serversOf(members.value("servers"));
	if (!servers || servers.length === 0) {
		throw new Fault(members.at("servers"), 'a list of names, or "all", is expected');
	}
	return servers;
}
