import type { ErrorCode, Failure, InvalidValue } from "./types.js";

/** What a call of this package fails with. */
export class LDAPEdgeError extends Error {
	override readonly name: string = "LDAPEdgeError";
	/** Stable; choose your words by it. */
	readonly code: ErrorCode;
	/** What could not be reached or asked; empty if it is no place. */
	readonly where: string;
	/** The value at fault, with the code "invalid-value". */
	readonly value: InvalidValue | undefined;

	constructor(failure: Failure) {
		super(failure.where ? `${failure.where}: ${failure.cause}` : failure.cause);
		this.code = failure.code;
		this.where = failure.where ?? "";
		this.value = failure.value;
		this.cause = failure.cause;
	}

	/** The error of the class that is for the code. @internal */
	static of(failure: Failure): LDAPEdgeError {
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
