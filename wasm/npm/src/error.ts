import type { ErrorCode, Failure, InvalidValue, LDAPResult } from "./types.js";

/** What a call of this package fails with. */
export class LDAPEdgeError extends Error {
	override readonly name: string = "LDAPEdgeError";
	/** Stable; choose your words by it. */
	readonly code: ErrorCode;
	/** What could not be reached or asked; empty if it is no place. */
	readonly where: string;
	/** The value at fault, with the code "invalid-value". */
	readonly value: InvalidValue | undefined;
	/** The place in the text of a filter, with the code "invalid-filter". */
	readonly offset: number | undefined;

	constructor(failure: Failure) {
		super(failure.where ? `${failure.where}: ${failure.cause}` : failure.cause);
		this.code = failure.code;
		this.where = failure.where ?? "";
		this.value = failure.value;
		this.offset = failure.offset;
		this.cause = failure.cause;
	}
}

/** A result of a server's other than success. */
export class LDAPResultError extends LDAPEdgeError {
	override readonly name = "LDAPResultError";
	/** The number of RFC 4511 §4.1.9: 49 for a wrong password. */
	readonly resultCode: number;
	/** The number's name: "invalidCredentials". */
	readonly resultName: string;
	/** What was asked for: "bind", "search". */
	readonly operation: string;
	/** The nearest entry that exists, where the code speaks of a name. */
	readonly matchedDN: string;
	/** The server's own words, often none. */
	readonly diagnosticMessage: string;
	/** Where to go instead, with the code 10. */
	readonly referrals: readonly string[];

	constructor(failure: Failure, result: LDAPResult) {
		super(failure);
		this.resultCode = result.code;
		this.resultName = result.name;
		this.operation = result.operation;
		this.matchedDN = result.matchedDN;
		this.diagnosticMessage = result.diagnosticMessage;
		this.referrals = result.referrals;
	}
}

/** The error of a failure. */
export function errorOf(failure: Failure): LDAPEdgeError {
	return failure.result ? new LDAPResultError(failure, failure.result) : new LDAPEdgeError(failure);
}
