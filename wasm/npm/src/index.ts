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
import type { CallOptions, InitializeOptions, Module } from "./module.js";
import { running } from "./running.js";
import type { Collection, Definition, Hits, Offer, Summary } from "./types.js";
import {
	fromBase64,
	type JSONForms,
	type RawValue,
	type TypedValues,
	toBase64,
	toForm,
	toValues,
	type ValueForms,
	type ValueInput,
} from "./values.js";

export { Connection, type ConnectionOptions, type Credentials } from "./connection.js";
export { Entry, EntryAttribute, EntrySearch, type SearchOptions, type SearchRequest, TextSearch } from "./entries.js";
export { LDAPResultError } from "./error.js";
export { escapeFilterValue, formatFilter, parseFilter } from "./filter.js";
export { type PoolChecks, type PoolOptions, ServerPool } from "./pool.js";
export { Connector, Server, type ServerOptions } from "./server.js";
export type * from "./types.js";
export type { JSONForms, RawValue, TypedValue, TypedValues, ValueForms, ValueInput, ValueKind } from "./values.js";
export { type CallOptions, type InitializeOptions, LDAPEdgeError };

/**
 * Starts to load the module; calls made meanwhile wait for it. Once is enough:
 * a second call does nothing, unless the module has failed, when it is loaded
 * anew.
 */
export function initialize(options: InitializeOptions = {}): void {
	running(options);
}

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
		throw new LDAPEdgeError({ code, where: String(connector), cause: String(error) });
	}
	if (!response.ok) {
		const code = response.status === 401 ? "not-authenticated" : response.status === 403 ? "not-permitted" : "protocol";
		throw new LDAPEdgeError({
			code,
			where: String(connector),
			cause: (body as { detail?: string }).detail ?? `status ${response.status}`,
		});
	}
	return (body as { servers: Offer[] }).servers;
}

/** Which schema to open. */
export interface OpenOptions extends CallOptions {
	/** The connector's base URL. */
	connector: string | URL;
	/** One of the servers that it offers. */
	server: Pick<Offer, "name" | "url">;
	/** The token that the connector asks for. Default: none. */
	token?: string;
}

/**
 * Reads the schema of a live server. The session stays open, so that its loss
 * is noticed, until {@link Schema.close}.
 */
export async function openSchema(options: OpenOptions): Promise<Schema> {
	const used = running();
	const endpoint = {
		connector: String(options.connector),
		token: options.token ?? "",
		server: options.server.name,
		url: options.server.url,
	};
	return new Schema(used, await used.call("open", endpoint, options));
}

/** Which definition to show. */
export interface DefinitionOptions extends CallOptions {
	/** Which of the definitions that have the name. Default: 1, the one that look-ups take. */
	ordinal?: number | undefined;
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
	return format(running(), { attribute }, values, options);
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
	return validate(running(), { attribute }, values, options);
}

/** Of which attribute values are. */
interface OfAttribute {
	attribute: string;
	source?: number;
}

async function format<F extends ValueForms>(
	used: Module,
	of: OfAttribute,
	values: readonly RawValue[],
	options?: F & CallOptions,
): Promise<TypedValues<F>> {
	return toValues(await used.call("format", { ...of, values: values.map(toBase64) }, options), options ?? {});
}

async function validate(
	used: Module,
	of: OfAttribute,
	values: readonly ValueInput[],
	options?: CallOptions,
): Promise<Uint8Array[]> {
	const forms = values.map((value, index) => toForm(of.attribute, index, value));
	return (await used.call("validate", { ...of, values: forms }, options)).values.map(fromBase64);
}

/** A schema that has been read. */
export class Schema {
	readonly #module: Module;
	/** The schema as far as lists need it. */
	readonly summary: Summary;

	/** @internal */
	constructor(used: Module, summary: Summary) {
		this.#module = used;
		this.summary = summary;
	}

	/** Everything of one definition, by any of its names or by its OID; case is ignored. */
	definition(collection: Collection, name: string, options: DefinitionOptions = {}): Promise<Definition> {
		const { ordinal = 1 } = options;
		return this.#module.call("definition", { source: this.summary.source, collection, name, ordinal }, options);
	}

	/** The definitions that match a query, best first; "*" in it stands for any characters. */
	search(query: string, limit = 0, options?: CallOptions): Promise<Hits> {
		return this.#module.call("search", { source: this.summary.source, query, limit }, options);
	}

	/** As {@link formatValues}, but the schema says what the attribute is. */
	format<const F extends ValueForms = JSONForms>(
		attribute: string,
		values: readonly RawValue[],
		options?: F & CallOptions,
	): Promise<TypedValues<F>> {
		return format(this.#module, { attribute, source: this.summary.source }, values, options);
	}

	/** As {@link validateValues}, but the schema says what the attribute is. */
	validate(attribute: string, values: readonly ValueInput[], options?: CallOptions): Promise<Uint8Array[]> {
		return validate(this.#module, { attribute, source: this.summary.source }, values, options);
	}

	/** Sees whether the server still answers; fails within about 1.5 seconds if it does not. A lost session is opened again. */
	async check(options?: CallOptions): Promise<void> {
		await this.#module.call("check", { source: this.summary.source }, options);
	}

	/** Waits until the session is lost, and fails with the reason; after {@link Schema.close} it succeeds. */
	async watch(options?: CallOptions): Promise<void> {
		await this.#module.call("watch", { source: this.summary.source }, options);
	}

	/** Ends the session and lets go of the schema. */
	async close(): Promise<void> {
		await this.#module.call("close", { source: this.summary.source });
	}
}
