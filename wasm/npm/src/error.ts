import type { ErrorCode, Failure } from "./types.js";

/** What a call of this package fails with. */
export class LDAPEdgeError extends Error {
	override readonly name = "LDAPEdgeError";
	/** Stable; choose your words by it. */
	readonly code: ErrorCode;
	/** What could not be reached or asked; empty if it is no place. */
	readonly where: string;

	constructor(failure: Failure) {
		super(failure.where ? `${failure.where}: ${failure.cause}` : failure.cause);
		this.code = failure.code;
		this.where = failure.where ?? "";
		this.cause = failure.cause;
	}
}
