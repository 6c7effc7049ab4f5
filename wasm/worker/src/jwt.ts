/** JSON Web Tokens (RFC 7519), by the same rules as the connector's. */
import { decodeBase64url } from "./base64url.ts";
import { type Bytes, decode, encode } from "./bytes.ts";
import type { Context } from "./env.ts";
import type { Keys } from "./keys.ts";
import { isAlgorithm, verify } from "./keyset.ts";
import { type Reason, Refusal, type Servers, serversOf } from "./subject.ts";

/** What is asked of an issuer's tokens. */
export interface Issuer {
	issuer: string;
	audience: string;
	keys: Keys;
	leewaySeconds: number;
}

export type Claims = Record<string, unknown>;

/** The claims of a token that is valid at a time, in milliseconds since 1970. */
export async function verifyJWT(token: string, issuer: Issuer, now: number, context: Context): Promise<Claims> {
	const { header, claims, signature, signed } = split(token);
	const { alg } = header;
	if (!isAlgorithm(alg)) throw new Refusal("wrong_algorithm");
	checkTypes(claims);
	// What a token says to be critical must be understood (RFC 7515 §4.1.11), and nothing of the kind is.
	if (Object.hasOwn(header, "crit")) throw new Refusal("malformed");
	const key = await issuer.keys.find(optional(header, "kid", "string") ?? "", alg, context);
	if (!(await verify(alg, key, signature, signed))) throw new Refusal("bad_signature");
	const wrong = faultOf(claims, issuer, Math.floor(now / 1000));
	if (wrong) throw new Refusal(wrong);
	return claims;
}

/** The subject of a valid token, and the servers that it names. */
export function subjectOf(claims: Claims, serversClaim: string): { name: string; servers: Servers } {
	let servers: Servers | undefined = [];
	if (Object.hasOwn(claims, serversClaim)) servers = serversOf(claims[serversClaim]);
	if (!servers) throw new Refusal("malformed");
	const name = optional(claims, "sub", "string");
	const id = optional(claims, "jti", "string");
	if (!name || (!id && optional(claims, "once", "boolean"))) throw new Refusal("claim_missing");
	return { name, servers };
}

function split(token: string): { header: Claims; claims: Claims; signature: Bytes; signed: Bytes } {
	const parts = token.split(".");
	const [header, claims, signature] = parts.map(decodeBase64url);
	if (parts.length !== 3 || !header || !claims || !signature) throw new Refusal("malformed");
	return {
		header: parseObject(header),
		claims: parseObject(claims),
		signature,
		signed: encode(`${parts[0]}.${parts[1]}`),
	};
}

function parseObject(bytes: Bytes): Claims {
	let value: unknown;
	try {
		value = JSON.parse(decode(bytes));
	} catch {
		throw new Refusal("malformed");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal("malformed");
	return value as Claims;
}

interface Types {
	string: string;
	boolean: boolean;
	number: number;
}

/** A member of that type, undefined where there is none. */
function optional<T extends keyof Types>(from: Claims, name: string, type: T): Types[T] | undefined {
	if (!Object.hasOwn(from, name)) return undefined;
	const value = from[name];
	if (typeof value !== type) throw new Refusal("malformed");
	return value as Types[T];
}

/** The end of the year 9999, in seconds. */
const mostSeconds = 253402300799;

/** A date (RFC 7519 §2, NumericDate) in whole seconds; 0 is none. */
function date(claims: Claims, name: string): number {
	const seconds = optional(claims, name, "number") ?? 0;
	if (seconds < 0 || seconds > mostSeconds) throw new Refusal("malformed");
	return Math.floor(seconds);
}

/** Refuses claims of a wrong type, and dates that are none, before anything is done for the token. */
function checkTypes(claims: Claims): void {
	for (const name of ["iss", "sub", "jti"]) optional(claims, name, "string");
	optional(claims, "once", "boolean");
	for (const name of ["exp", "nbf", "iat"]) date(claims, name);
	audiences(claims);
}

function audiences(claims: Claims): string[] {
	const value = claims.aud ?? [];
	const list = Array.isArray(value) ? value : [value];
	if (!list.every((one) => typeof one === "string")) throw new Refusal("malformed");
	return list;
}

/** Why claims that are well formed are not accepted at a time, in seconds since 1970. */
function faultOf(claims: Claims, { issuer, audience, leewaySeconds }: Issuer, now: number): Reason | undefined {
	const expires = date(claims, "exp");
	const from = Math.max(date(claims, "nbf"), date(claims, "iat"));
	const heard = audiences(claims).filter((name) => name !== "");
	const { iss } = claims;
	if (expires && now >= expires + leewaySeconds) return "expired";
	if (now < from - leewaySeconds) return "not_yet_valid";
	if (iss && iss !== issuer) return "wrong_issuer";
	if (heard.length > 0 && !heard.includes(audience)) return "wrong_audience";
	if (!expires || !iss || heard.length === 0) return "claim_missing";
	return undefined;
}
