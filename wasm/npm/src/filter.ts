/** Filters of searches (RFC 4515). */
import type { CallOptions } from "./module.js";
import { toolkit } from "./running.js";
import type { Filter, ParsedFilter } from "./types.js";
import { type RawValue, toBase64 } from "./values.js";

/**
 * Reads a filter. Fails with the code "invalid-filter" for a text that is none; {@link LDAPEdgeError.offset} is the
 * place in it.
 */
export function parseFilter(text: string, options?: CallOptions): Promise<ParsedFilter> {
	return toolkit().call("parseFilter", { text }, options);
}

/** Writes a filter. */
export function formatFilter(filter: Filter, options?: CallOptions): Promise<ParsedFilter> {
	return toolkit().call("formatFilter", { filter }, options);
}

/** A value as it stands in the text of a filter. */
export async function escapeFilterValue(value: RawValue, options?: CallOptions): Promise<string> {
	return (await toolkit().call("escapeFilterValue", { value: frameBytes(value) }, options)).text;
}

/** A value as the module reads it. */
export function frameBytes(value: RawValue) {
	return typeof value === "string" ? value : ({ encoding: "base64", encoded: toBase64(value) } as const);
}
