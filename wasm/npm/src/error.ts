import type { ErrorCode, Failure, InvalidValue } from "./types.js";

/** What a call of this package fails with. */
export class LDAPEdgeError extends Error {
	override readonly name = "LDAPEdgeError";
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
}
