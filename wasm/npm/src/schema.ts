/// <reference lib="esnext.disposable" preserve="true" />
import { Custom, type CustomSource, type CustomValue, type Place } from "./custom.js";
import { cancelled, LDAPEdgeError } from "./error.js";
import { format, validate } from "./formatting.js";
import { toHits } from "./hits.js";
import { type DSAInfo, toDSAInfo } from "./info.js";
import type { CallOptions, Module } from "./module.js";
import { loadOffline } from "./offline.js";
import { useRegistry } from "./registry.js";
import { running, toolkit } from "./running.js";
import type {
	Collection,
	Converted,
	ConvertOptions,
	Definition,
	Difference,
	DiffOptions,
	Effective,
	Finding,
	Hit,
	Hits,
	LintOptions,
	MergedSummary,
	Offer,
	Summary,
	TextFormat,
} from "./types.js";
import {
	type JSONForms,
	type RawValue,
	type TypedValue,
	type TypedValues,
	toBase64,
	type ValueForms,
	type ValueInput,
} from "./values.js";

/** A live server as a source. */
export interface LiveSource {
	/** The connector's base URL. */
	connector: string | URL;
	/** One of the servers that it offers. */
	server: Pick<Offer, "name" | "url">;
	/** The token that the connector asks for. Default: none. */
	token?: string;
	/** The entry to bind as before the schema is read. Default: no bind. */
	credentials?: { dn: string; password: string };
}

/** A file as a source. */
export interface TextSource {
	/**
	 * The file, of at most 64 MiB: python ldap3's JSON, or an object with that under `schema` and a root DSE (ldap3's
	 * DsaInfo) under `info`; LDIF of a subschema entry, of cn=config or of Active Directory's schema objects; OpenLDAP's
	 * .schema; definitions as they are.
	 */
	text: string | Uint8Array;
	/** The file's name, for the summary and errors. Default: none. */
	name?: string;
	/** The root DSE of the same server, as python ldap3's JSON of a DsaInfo. Default: the file's, if any. */
	info?: string;
}

/** Definitions as a source. */
export interface DefinitionsSource {
	definitions: Partial<Record<Collection, readonly string[]>>;
	name?: string;
	info?: string;
}

/** A pre-built schema as a source. */
export interface OfflineSource {
	/** One of {@link offlineSchemas}; case is ignored. */
	offline: string;
	/** The folder where `NAME.json.gz` is. Default: `offline/` beside this script. */
	base?: string | URL;
}

/** Which schema to open. */
export type OpenOptions<C extends CustomSource | undefined = undefined> = CallOptions &
	(LiveSource | TextSource | DefinitionsSource | OfflineSource) & {
		/** Formatters and validators of one's own, which go before the built-in ones. Default: none. */
		formatters?: C;
	};

/**
 * Reads a schema: that of a live server, a file, definitions, or a pre-built one. The session with a live server stays
 * open, so that its loss is noticed, until {@link Schema.close}; a schema that is forgotten is closed some time.
 */
export async function openSchema<const C extends CustomSource | undefined = undefined>(
	options: OpenOptions<C>,
): Promise<Schema<C extends CustomSource ? CustomValue<C> : never>> {
	const { module, summary } = await open(options);
	return new Schema(module, summary, options.formatters);
}

interface Opened {
	module: Module;
	summary: Summary;
}

async function open(options: OpenOptions<CustomSource | undefined>): Promise<Opened> {
	if ("connector" in options) {
		const { connector, token = "", server, credentials } = options;
		const endpoint = { connector: String(connector), token, server: server.name, url: server.url };
		const params = { ...endpoint, ...(credentials && { credentials }) };
		return opened(running(), (module) => module.call("open", params, options));
	}
	if ("definitions" in options) {
		const { definitions, name = "", info = "" } = options;
		const params = { kind: "file" as const, name, info, definitions };
		return opened(running(), (module) => module.call("read", params, options));
	}
	if ("offline" in options) {
		const module = running(); // starts while the file is loaded
		const { name, file } = await loadOffline(options.offline, options.base, options.signal);
		return opened(module, () => module.call("read", { kind: "offline", name }, options, file));
	}
	const { text, name = "", info = "" } = options;
	const file = typeof text === "string" ? new TextEncoder().encode(text) : text;
	const module = isJSON(file) ? running() : toolkit();
	return opened(module, () => module.call("read", { kind: "file", name, info }, options, file));
}

async function opened(module: Module, call: (module: Module) => Promise<Summary>): Promise<Opened> {
	return { module, summary: await call(module) };
}

/** Whether a text is a JSON object, as the small module sees it: white space apart it begins with a brace. */
function isJSON(file: Uint8Array): boolean {
	const head = new TextDecoder().decode(file.subarray(0, 1000));
	return head.trimStart().startsWith("{");
}

/** Which definition to show. */
export interface DefinitionOptions extends CallOptions {
	/** Which of the definitions that have the name. Default: 1, the one that look-ups take. */
	ordinal?: number | undefined;
}

/** What {@link Schema.find} finds. */
export interface FindOptions extends CallOptions {
	/** The most that is found. Default: all. */
	limit?: number;
	/** The collections to look in. Default: all. */
	collections?: readonly Collection[];
}

function closePlaces(places: Place[]): Promise<unknown> {
	// What has failed has closed all.
	return Promise.allSettled(places.splice(0).map(({ module, source }) => module.call("close", { source })));
}

/** Closes the schemas that nobody holds any more. */
const forgotten = new FinalizationRegistry<Place[]>((places) => void closePlaces(places));

/**
 * A schema that has been read. `Custom` is what one's own formatters return.
 *
 * Every method that asks the module takes an AbortSignal, and fails with the code "usage" once the schema is closed.
 */
export class Schema<Own = never> {
	/** The schema as far as lists need it. */
	readonly summary: Summary;
	readonly #module: Module;
	readonly #formatters: CustomSource | undefined;
	readonly #custom: Custom | undefined;
	/** Wherever the schema is open; shared with the registry of the forgotten. */
	readonly #places: Place[];
	#copy: { module: Module; place: Promise<Place> } | undefined;

	/** @internal */
	constructor(used: Module, summary: Summary, formatters?: CustomSource) {
		this.#module = used;
		this.summary = summary;
		this.#formatters = formatters;
		this.#custom = formatters && new Custom(formatters);
		this.#places = [this.#place];
		forgotten.register(this, this.#places, this);
	}

	get #place(): Place {
		return { module: this.#module, source: this.summary.source };
	}

	/** Everything of one definition, by any of its names or by its OID; case is ignored. */
	definition(collection: Collection, name: string, options: DefinitionOptions = {}): Promise<Definition> {
		const { ordinal = 1 } = options;
		return this.#module.call("definition", { source: this.summary.source, collection, name, ordinal }, options);
	}

	/**
	 * The definitions that match each word of a query, best first. "*" stands
	 * for any characters; "kind:", "syntax:", "must:" and "usedby:" narrow;
	 * words in quotation marks are one.
	 */
	async search(query: string, limit = 0, options?: CallOptions): Promise<Hits> {
		const found = await this.#module.call("search", { source: this.summary.source, query, limit }, options);
		return toHits(this.summary, found);
	}

	/** {@link search} as the program's `schema find` does it: the definitions alone, and a narrowing that is not known is an error. */
	async find(query: string, options: FindOptions = {}): Promise<Hit[]> {
		const { limit = 0, collections } = options;
		const { hits, unknown } = await this.search(query, collections ? 0 : limit, options);
		if (unknown) {
			const { narrowing, value } = unknown;
			const cause = `the query's ${narrowing}:${value ?? ""} is not known`;
			throw LDAPEdgeError.of({ code: "usage", cause });
		}
		const wanted = collections ? hits.filter(({ collection }) => collections.includes(collection)) : hits;
		return limit > 0 ? wanted.slice(0, limit) : wanted;
	}

	/** What an entry of these classes, names or OIDs, must and may have, and why there can be none. */
	async effective(classes: readonly string[], options: CallOptions = {}): Promise<Effective> {
		const { module, source } = await this.#inToolkit(options);
		return module.call("entry", { source, classes }, options);
	}

	/** What the server says of itself in its root DSE; a live one is asked anew. */
	async info<const F extends ValueForms = JSONForms>(options?: F & CallOptions): Promise<DSAInfo<F>> {
		const { module, source } = await this.#inToolkit(options ?? {});
		const { text } = await this.#module.call("rootDSE", { source: this.summary.source }, options);
		await cancellable(useRegistry(module), options?.signal);
		return toDSAInfo(await module.call("info", { source, rootDSE: text }, options), options ?? {});
	}

	/** What is wrong with the schema, or merely odd; {@link lintChecks} lists what it looks for. */
	async lint(options: LintOptions & CallOptions = {}): Promise<Finding[]> {
		const { module, source } = await this.#inToolkit(options);
		const { only, ignore, ignorePrefixes, severity } = options;
		const params = defined({ only, ignore, ignorePrefixes, severity });
		return (await module.call("lint", { source, ...params }, options)).findings;
	}

	/** What differs in the other schema, which is taken for the newer one. */
	async diff(other: Schema<unknown>, options: DiffOptions & CallOptions = {}): Promise<Difference> {
		const [{ module, source }, newer] = await Promise.all([this.#inToolkit(options), other.#inToolkit(options)]);
		const { ignoreDescriptions, ignoreExtensions, order, ignorePrefixes, ignoreOrigins, collections } = options;
		const params = defined({ ignoreDescriptions, ignoreExtensions, order, ignorePrefixes, ignoreOrigins, collections });
		return module.call("diff", { source, other: newer.source, ...params }, options);
	}

	/**
	 * A new schema, of this one and the definitions of another: they take the place of those with the same OID, or number
	 * of a structure rule, in the same collection, and otherwise follow. What was replaced and added is in the summary.
	 * Both schemas stay as they are.
	 */
	async merge(
		other: Schema<unknown>,
		options: { /** Of the new schema, for the summary and errors. Default: none. */ name?: string } & CallOptions = {},
	): Promise<Schema<Own> & { readonly summary: MergedSummary }> {
		const [{ module, source }, added] = await Promise.all([this.#inToolkit(options), other.#inToolkit(options)]);
		const { name = "" } = options;
		const summary = await module.call("merge", { source, other: added.source, name }, options);
		return new Schema<Own>(module, summary, this.#formatters) as Schema<Own> & { readonly summary: MergedSummary };
	}

	/** The schema in another format. */
	async convert(
		to: TextFormat,
		options: ConvertOptions &
			CallOptions & { /** What these define is left out. */ without?: readonly Schema<unknown>[] } = {},
	): Promise<Converted> {
		const { module, source } = await this.#inToolkit(options);
		const others = await Promise.all((options.without ?? []).map((other) => other.#inToolkit(options)));
		const { selection, dependencies, name, id, title } = options;
		const without = options.without && others.map(({ source }) => source);
		return module.call(
			"convert",
			{ source, to, ...defined({ selection, dependencies, name, id, title, without }) },
			options,
		);
	}

	/** As {@link formatValues}, but the schema says what the attribute is, unless a formatter of one's own is for it. */
	async format<const F extends ValueForms = JSONForms>(
		attribute: string,
		values: readonly RawValue[],
		options?: F & CallOptions,
	): Promise<TypedValues<F, Own>> {
		const place = await this.#inToolkit(options ?? {});
		const own = await this.#custom?.format(place, attribute, values, options);
		if (!own) return format(place.module, { attribute, source: place.source }, values, options);
		const asked: ValueForms = options ?? {};
		const typed = own.values.map((one) => {
			if (one.kind === "custom") return one;
			const { bytes } = one;
			const value = asked.bytes === "Uint8Array" ? bytes : { encoding: "base64", encoded: toBase64(bytes) };
			return { kind: one.kind, value };
		});
		// The kinds are what TypedValue<F, Own> says, as far as types can tell of somebody's functions.
		return { ...own, values: typed as TypedValue<F, Own>[] };
	}

	/** As {@link validateValues}, but the schema says what the attribute is, unless a validator of one's own is for it. */
	async validate(
		attribute: string,
		values: readonly (ValueInput | Own)[],
		options?: CallOptions,
	): Promise<Uint8Array[]> {
		const { module, source } = await this.#inToolkit(options ?? {});
		const own = await this.#custom?.validate({ module, source }, attribute, values, options);
		return own ?? validate(module, { attribute, source }, values as readonly ValueInput[], options);
	}

	/** Sees whether the server still answers; fails within about 1.5 seconds if it does not. A lost session is opened again. */
	async check(options?: CallOptions): Promise<void> {
		await this.#module.call("check", { source: this.summary.source }, options);
	}

	/** Waits until the session is lost, and fails with the reason; after {@link Schema.close} it succeeds. */
	async watch(options?: CallOptions): Promise<void> {
		await this.#module.call("watch", { source: this.summary.source }, options);
	}

	/** Ends the session and lets go of the schema; a second time it does nothing. */
	async close(): Promise<void> {
		forgotten.unregister(this);
		await this.#copy?.place.catch(() => {}); // which may be on its way
		await closePlaces(this.#places);
	}

	/** {@link close}, for `await using`. */
	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	/** Where the schema is in the module that has all tools: a copy, unless it is there itself. */
	async #inToolkit({ signal }: CallOptions): Promise<Place> {
		if (this.#module.ended) throw this.#module.ended;
		const module = toolkit();
		if (module === this.#module) return this.#place;
		if (this.#copy?.module !== module) {
			const copy = { module, place: this.#copyTo(module) };
			copy.place.catch(() => {
				if (this.#copy === copy) this.#copy = undefined; // to be tried again
			});
			this.#copy = copy;
		}
		return cancellable(this.#copy.place, signal);
	}

	async #copyTo(module: Module): Promise<Place> {
		const { source, origin } = this.summary;
		const { text } = await this.#module.call("text", { source });
		const params = { kind: "file" as const, name: origin.name, copy: true };
		const copy = await module.call("read", params, {}, new TextEncoder().encode(text));
		const place = { module, source: copy.source };
		this.#places.push(place);
		return place;
	}
}

/** The members that are there. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}

/** Waits for what others wait for too, until the signal is aborted. */
function cancellable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return promise;
	if (signal.aborted) return Promise.reject(cancelled());
	return new Promise((resolve, reject) => {
		const stop = () => reject(cancelled());
		signal.addEventListener("abort", stop);
		promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
	});
}
