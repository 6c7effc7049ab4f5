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

	/** The error of the class that is for the code. @internal */
	static of(failure: Failure): LDAPEdgeError {
		if (failure.result) return new LDAPResultError(failure, failure.result);
		return new (classes[failure.code] ?? LDAPEdgeError)(failure);
	}
}

/** The call was cancelled by its AbortSignal. */
export class CancelledError extends LDAPEdgeError {
	override readonly name = "CancelledError";
}

/** A connector or a server cannot be reached, or has been lost; trying again may help. */
export class UnreachableError extends LDAPEdgeError {
	override readonly name = "UnreachableError";
}

/** A connector or a server wants other credentials, or refuses what was asked. */
export class AccessError extends LDAPEdgeError {
	override readonly name = "AccessError";
}

/** A text is no schema. */
export class UnreadableError extends LDAPEdgeError {
	override readonly name = "UnreadableError";
}

/** A value cannot be one of its attribute. */
export class InvalidValueError extends LDAPEdgeError {
	override readonly name = "InvalidValueError";
	declare readonly value: InvalidValue;
}

/** The module could not be loaded, or has ended; it is loaded anew with the next call that needs it. */
export class ModuleError extends LDAPEdgeError {
	override readonly name = "ModuleError";
}

const classes: Partial<Record<ErrorCode, new (failure: Failure) => LDAPEdgeError>> = {
	cancelled: CancelledError,
	"connector-unreachable": UnreachableError,
	"server-unreachable": UnreachableError,
	timeout: UnreachableError,
	draining: UnreachableError,
	"not-authenticated": AccessError,
	"not-permitted": AccessError,
	unreadable: UnreadableError,
	"invalid-value": InvalidValueError,
	module: ModuleError,
};

/** The error of a call whose signal is aborted. */
export const cancelled = () => new CancelledError({ code: "cancelled", cause: "the call was cancelled" });

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
