/**
 * The LDAP schema toolkit in WebAssembly.
 *
 * ```ts
 * import { initialize, listServers, openSchema } from "ldapedge";
 *
 * initialize();
 * const [server] = await listServers("http://127.0.0.1:8389/");
 * const schema = await openSchema({ connector: "http://127.0.0.1:8389/", server });
 * const person = await schema.definition("objectClasses", "person");
 * ```
 *
 * The module runs in a worker of its own; every call is answered
 * asynchronously and fails with an {@link LDAPEdgeError}.
 */
import { LDAPEdgeError } from "./error.js";
import { format, validate } from "./formatting.js";
import type { CallOptions } from "./module.js";
import { toolkit } from "./running.js";
import type { Check, Offer } from "./types.js";
import type { JSONForms, RawValue, TypedValues, ValueForms, ValueInput } from "./values.js";

export type { CustomFormatter, CustomFormatters } from "./apply.js";
export { Connection, type ConnectionOptions, type Credentials } from "./connection.js";
export type { CustomSource, CustomValue } from "./custom.js";
export { Entry, EntryAttribute, EntrySearch, type SearchOptions, type SearchRequest, TextSearch } from "./entries.js";
export {
	AccessError,
	CancelledError,
	InvalidValueError,
	LDAPEdgeError,
	LDAPResultError,
	ModuleError,
	UnreachableError,
	UnreadableError,
} from "./error.js";
export { escapeFilterValue, formatFilter, parseFilter } from "./filter.js";
export type { DSAInfo, InfoAttribute } from "./info.js";
export type { CallOptions, InitializeOptions } from "./module.js";
export { type OfflineSchema, offlineSchemas } from "./offline.js";
export { type PoolChecks, type PoolOptions, ServerPool } from "./pool.js";
export { lookUpOIDs } from "./registry.js";
export { initialize } from "./running.js";
export {
	type DefinitionOptions,
	type DefinitionsSource,
	type FindOptions,
	type LiveSource,
	type OfflineSource,
	type OpenOptions,
	openSchema,
	Schema,
	type TextSource,
} from "./schema.js";
export { Connector, Server, type ServerOptions } from "./server.js";
export type * from "./types.js";
export type { JSONForms, RawValue, TypedValue, TypedValues, ValueForms, ValueInput, ValueKind } from "./values.js";

/** How to reach a connector. */
export interface ConnectorOptions {
	/** The token that the connector asks for. Default: none. */
	token?: string;
	/** Ends the call early. */
	signal?: AbortSignal;
}

/** Asks a connector for the servers that it offers. */
export async function listServers(connector: string | URL, options: ConnectorOptions = {}): Promise<Offer[]> {
	const url = new URL("v1/servers", connector);
	const headers: Record<string, string> = options.token ? { Authorization: `Bearer ${options.token}` } : {};
	let response: Response;
	let body: unknown;
	try {
		response = await fetch(url, { headers, signal: options.signal ?? null, cache: "no-store" });
		body = await response.json();
	} catch (error) {
		const code = options.signal?.aborted ? "cancelled" : "connector-unreachable";
		throw LDAPEdgeError.of({ code, where: String(connector), cause: String(error) });
	}
	if (!response.ok) {
		const code = response.status === 401 ? "not-authenticated" : response.status === 403 ? "not-permitted" : "protocol";
		throw LDAPEdgeError.of({
			code,
			where: String(connector),
			cause: (body as { detail?: string }).detail ?? `status ${response.status}`,
		});
	}
	return (body as { servers: Offer[] }).servers;
}

/**
 * Turns the values of an attribute, as a server sends them, into typed ones. Without a schema the attribute's name, or
 * its OID, decides, as far as it is a well-known one; any other attribute has texts, and bytes where they are not UTF-8.
 * One call takes up to 100,000 values and 16 MiB of base64.
 *
 * A value that is not what its attribute says is no exception: it stays bytes, and the reason is among the problems.
 *
 * The default forms lose nothing; {@link ValueForms} has what the others do.
 */
export function formatValues<const F extends ValueForms = JSONForms>(
	attribute: string,
	values: readonly RawValue[],
	options?: F & CallOptions,
): Promise<TypedValues<F>> {
	return format(toolkit(), { attribute }, values, options);
}

/**
 * Turns typed values of an attribute into the bytes that a server wants. Without a schema the attribute's name decides.
 * Fails with the code "invalid-value" for the first that cannot be one of the attribute; {@link LDAPEdgeError.value}
 * says which, and why.
 */
export function validateValues(
	attribute: string,
	values: readonly ValueInput[],
	options?: CallOptions,
): Promise<Uint8Array[]> {
	return validate(toolkit(), { attribute }, values, options);
}

/** Everything that {@link Schema.lint} looks for, sorted by code. */
export async function lintChecks(options?: CallOptions): Promise<Check[]> {
	return (await toolkit().call("checks", {}, options)).checks;
}
