/** Who a credential stands for, and why one is refused. */

/** The servers and pools that a credential is limited to, or all. */
export type Servers = "all" | string[];

export interface Subject {
	name: string;
	servers: Servers;
}

/** Reads servers; undefined for what is neither a list of names nor "all". */
export function serversOf(value: unknown): Servers | undefined {
	if (value === "all") return "all";
	if (!Array.isArray(value)) return undefined;
	return value.every((name) => typeof name === "string" && name !== "") ? value : undefined;
}

/** Why a credential is refused, as the connector has it, and for people. */
export const reasons = {
	malformed: "the token is malformed",
	unknown: "the token is not known",
	wrong_algorithm: "the token's signature is of an algorithm that is not accepted",
	keys_unavailable: "the keys of the token's issuer cannot be had",
	unknown_key: "the token's key is not known",
	bad_signature: "the token's signature is not valid",
	expired: "the credential has expired",
	not_yet_valid: "the credential is not valid yet",
	wrong_issuer: "the token is of another issuer",
	wrong_audience: "the token is for another audience",
	claim_missing: "the token lacks a claim that is needed",
} as const;

export type Reason = keyof typeof reasons;

/** A credential that is not accepted. */
export class Refusal extends Error {
	override name = "Refusal";
	readonly reason: Reason;
	constructor(reason: Reason) {
		super(reasons[reason]);
		this.reason = reason;
	}
}
