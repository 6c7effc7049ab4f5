/** The keys of an issuer: a JSON Web Key Set (RFC 7517 §5). Keys that cannot be used are left out. */
import { decodeBase64url } from "./base64url.ts";
import { Refusal } from "./subject.ts";

/** The algorithms that are accepted (RFC 7518 §3.1, RFC 8037), with what WebCrypto calls them. */
const algorithms = {
	RS256: {
		key: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
		verify: { name: "RSASSA-PKCS1-v1_5" },
	},
	ES256: {
		key: { name: "ECDSA", namedCurve: "P-256" },
		verify: { name: "ECDSA", hash: "SHA-256" },
	},
	EdDSA: { key: { name: "Ed25519" }, verify: { name: "Ed25519" } },
} as const;

export type Algorithm = keyof typeof algorithms;

export const isAlgorithm = (name: unknown): name is Algorithm =>
	typeof name === "string" && Object.hasOwn(algorithms, name);

/** A key is good for one algorithm alone, whatever a token says. */
interface Key {
	/** Empty if it has none. */
	id: string;
	algorithm: Algorithm;
	key: CryptoKey;
}

/** How many keys a set may have. */
const mostKeys = 100;

/** Sizes of RSA keys, in bits. Larger ones only cost time. */
const rsaBits = { least: 2048, most: 8192 };

export class KeySet {
	readonly #keys: Key[];

	private constructor(keys: Key[]) {
		this.#keys = keys;
	}

	static async parse(set: unknown): Promise<KeySet> {
		const list = (set as { keys?: unknown } | null)?.keys;
		if (!Array.isArray(list)) throw new Error("no JSON Web Key Set");
		if (list.length > mostKeys) throw new Error(`${list.length} keys; ${mostKeys} are accepted`);
		const keys = (await Promise.all(list.map(importKey))).filter((key) => key !== undefined);
		if (keys.length === 0) throw new Error("no key of it can be used");
		return new KeySet(keys);
	}

	/**
	 * The key for a token's kid, which may be empty, and algorithm: one of that kid, or else one without; for a token
	 * without kid any. There must be only one that fits the algorithm.
	 */
	find(id: string, algorithm: Algorithm): CryptoKey {
		let named = this.#keys.filter((key) => id !== "" && key.id === id);
		if (named.length === 0) named = this.#keys.filter((key) => id === "" || key.id === "");
		if (named.length === 0) throw new Refusal("unknown_key");
		const [fitting, ...others] = named.filter((key) => key.algorithm === algorithm);
		if (!fitting) throw new Refusal("wrong_algorithm");
		if (others.length > 0) throw new Refusal("unknown_key");
		return fitting.key;
	}
}

/** Whether a signature is valid; what can be none, as by its length, is an error to some hosts. */
export const verify = (algorithm: Algorithm, key: CryptoKey, signature: BufferSource, text: BufferSource) =>
	crypto.subtle.verify(algorithms[algorithm].verify, key, signature, text).catch(() => false);

/** A JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2), undefined for one that cannot be used. */
async function importKey(jwk: unknown): Promise<Key | undefined> {
	if (typeof jwk !== "object" || jwk === null) return undefined;
	const { kid, alg, use, key_ops, d, kty, crv, x, y, n, e } = jwk as Record<string, unknown>;
	const id = kid ?? "";
	const forSignatures = !use || use === "sig";
	const verifies = !key_ops || (Array.isArray(key_ops) && key_ops.includes("verify"));
	// A private key that is published is none any more.
	if (d || !forSignatures || !verifies || typeof id !== "string") return undefined;
	const algorithm = algorithmOf({ kty, crv, x, y, n, e });
	if (!algorithm || (alg && alg !== algorithm)) return undefined;
	const plain = kty === "RSA" ? { kty, n, e } : kty === "EC" ? { kty, crv, x, y } : { kty, crv, x };
	try {
		const settings = algorithms[algorithm].key;
		const key = await crypto.subtle.importKey("jwk", plain as JsonWebKey, settings, false, ["verify"]);
		return { id, algorithm, key };
	} catch {
		return undefined; // such as a point that is not on the curve
	}
}

/** The algorithm that a key is good for, if it is strong enough. */
function algorithmOf({ kty, crv, x, y, n, e }: Record<string, unknown>): Algorithm | undefined {
	if (kty === "RSA") return isStrongRSA(part(n), part(e)) ? "RS256" : undefined;
	if (kty === "EC" && crv === "P-256") return part(x)?.length === 32 && part(y)?.length === 32 ? "ES256" : undefined;
	if (kty === "OKP" && crv === "Ed25519") return part(x)?.length === 32 ? "EdDSA" : undefined;
	return undefined;
}

const part = (value: unknown): Uint8Array | undefined =>
	typeof value === "string" ? decodeBase64url(value) : undefined;

function isStrongRSA(n: Uint8Array | undefined, e: Uint8Array | undefined): boolean {
	if (!n || !e || e.length === 0 || e.length > 4) return false;
	const from = n.findIndex((byte) => byte !== 0);
	if (from < 0) return false;
	const bits = (n.length - from) * 8 - Math.clz32(n[from] ?? 0) + 24;
	const exponent = e.reduce((sum, byte) => sum * 256 + byte, 0);
	return bits >= rsaBits.least && bits <= rsaBits.most && exponent >= 3 && exponent % 2 === 1;
}
