/** Entries, and the searches that find them. */
import { LDAPEdgeError } from "./error.js";
import type { Handle } from "./handle.js";
import type { Batch, FrameEntry, FrameSearch, Reference, ValueProblem } from "./types.js";
import { fromBase64, type JSONForms, type TypedValue, toBytes, toValue, type ValueForms } from "./values.js";

/** What to search for. */
export interface SearchRequest
	extends Pick<FrameSearch, "attributes" | "deref" | "sizeLimit" | "timeLimit" | "typesOnly" | "manageDsaIT" | "sort"> {
	/** Where to start. Default: `""`, the root DSE. */
	base?: string;
	/** Default: `"sub"`; without a base `"base"`. */
	scope?: FrameSearch["scope"];
	/** Default: every entry. Values may be written as people do: a GUID, a SID, a time. */
	filter?: string;
	/** Asks for the entries in pages of so many, one after another as they are taken. Default: no pages. */
	pageSize?: number;
	/** Asks for one page; `cookie` is what the last one came with. */
	page?: { size: number; cookie?: Uint8Array | undefined };
}

/** How a search is done. */
export interface SearchOptions extends ValueForms {
	/** Abandons the search, which then fails with the code "cancelled". */
	signal?: AbortSignal;
}

/** One attribute of an entry. */
export class EntryAttribute<F extends ValueForms = JSONForms> {
	readonly name: string;
	/** Whether the schema allows one value only. */
	readonly single: boolean;
	/** Of the values that are not what their attribute says; they are bytes. */
	readonly problems: readonly ValueProblem[];
	readonly #frame: FrameEntry["attributes"][number];
	readonly #forms: ValueForms;
	#values: TypedValue<F>[] | undefined;

	/** @internal */
	constructor(frame: FrameEntry["attributes"][number], forms: ValueForms) {
		this.name = frame.name;
		this.single = frame.single ?? false;
		this.problems = frame.problems ?? [];
		this.#frame = frame;
		this.#forms = forms;
	}

	/** The values with their types, in the server's order; none of an attribute that was asked for and is not there. */
	get values(): readonly TypedValue<F>[] {
		this.#values ??= this.#frame.values.map((value) => toValue(value, this.#forms) as TypedValue<F>);
		return this.#values;
	}

	/** The values as they came. */
	get raw(): Uint8Array[] {
		return this.#frame.values.map((value) => (value.raw === undefined ? toBytes(value) : fromBase64(value.raw)));
	}
}

/** An entry that a search has found. */
export class Entry<F extends ValueForms = JSONForms> {
	readonly dn: string;
	/** In the server's order. */
	readonly attributes: readonly EntryAttribute<F>[];

	/** @internal */
	constructor(frame: FrameEntry, forms: ValueForms) {
		this.dn = frame.dn;
		this.attributes = frame.attributes.map((one) => new EntryAttribute<F>(one, forms));
	}

	/** The attribute of that description, compared without case. */
	get(description: string): EntryAttribute<F> | undefined {
		const wanted = description.toLowerCase();
		return this.attributes.find(({ name }) => name.toLowerCase() === wanted);
	}
}

/**
 * A search in progress, of which the module keeps one batch and this object another: what is not taken waits with the
 * server. Leaving the loop abandons it.
 */
abstract class Search<T> implements AsyncIterableIterator<T, undefined> {
	readonly #handle: Handle<{ search: number }>;
	readonly #signal: AbortSignal | undefined;
	readonly #cancel = () => void this.#stop(LDAPEdgeError.of({ code: "cancelled", cause: "the search was cancelled" }));
	#waiting: T[] = [];
	#at = 0;
	#next: Promise<Batch> | undefined;
	#turn: Promise<unknown> = Promise.resolve();
	#ended: Promise<undefined> | undefined;
	#found = 0;
	#references: readonly Reference[] = [];
	#cookie: Uint8Array | undefined;
	#estimate: number | undefined;

	constructor(open: (owner: object) => Handle<{ search: number }>, signal: AbortSignal | undefined) {
		this.#handle = open(this);
		this.#signal = signal;
		if (signal?.aborted) this.#cancel();
		else signal?.addEventListener("abort", this.#cancel);
	}

	/** How many entries have arrived. */
	get found(): number {
		return this.#found;
	}

	/** The parts of the tree that other servers have and that were not searched there; there after the loop. */
	get references(): readonly Reference[] {
		return this.#references;
	}

	/** What the next page is asked for with; there after the loop, undefined after the last page. */
	get cookie(): Uint8Array | undefined {
		return this.#cookie;
	}

	/** How many entries there are in all, if the server has said so with a page. */
	get estimate(): number | undefined {
		return this.#estimate;
	}

	protected abstract items(batch: Batch): T[];

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Promise<IteratorResult<T, undefined>> {
		const one = this.#turn.then(() => this.#take());
		this.#turn = one.catch(() => {});
		return one;
	}

	async return(): Promise<IteratorResult<T, undefined>> {
		await this.#stop(undefined);
		return { done: true, value: undefined };
	}

	/** Abandons it at the end of an `await using`. */
	async [Symbol.asyncDispose](): Promise<void> {
		await this.return();
	}

	async #take(): Promise<IteratorResult<T, undefined>> {
		while (this.#at === this.#waiting.length) {
			if (this.#ended) return { done: true, value: await this.#ended };
			try {
				await this.#fetch();
			} catch (error) {
				if (this.#ended) continue; // its reason counts
				this.#end(Promise.resolve(undefined));
				throw error;
			}
		}
		const value = this.#waiting[this.#at] as T;
		this.#at++;
		return { done: false, value };
	}

	/** Takes the next batch, and asks for the one after it. */
	async #fetch(): Promise<void> {
		const batch = await (this.#next ?? this.#handle.call("nextEntries", {}));
		if (this.#ended) return;
		this.#next = undefined;
		this.#waiting = this.items(batch);
		this.#at = 0;
		this.#found += batch.count;
		if (!batch.end) {
			this.#next = this.#handle.call("nextEntries", {});
			this.#next.catch(() => {}); // whoever takes it hears of it
			return;
		}
		const { references, cookie, estimate } = batch.end;
		this.#references = references;
		this.#cookie = cookie === undefined ? undefined : fromBase64(cookie);
		this.#estimate = estimate;
		this.#end(Promise.resolve(undefined));
	}

	#end(how: Promise<undefined>): void {
		this.#ended ??= how;
		this.#signal?.removeEventListener("abort", this.#cancel);
		this.#handle.forget();
	}

	/** Abandons the search, with an error if there is one to be heard. */
	async #stop(error: LDAPEdgeError | undefined): Promise<void> {
		if (this.#ended) return;
		this.#waiting = [];
		this.#at = 0;
		const how: Promise<undefined> = error ? Promise.reject(error) : Promise.resolve(undefined);
		how.catch(() => {});
		this.#ended = how;
		this.#signal?.removeEventListener("abort", this.#cancel);
		await this.#handle.close().catch(() => {}); // it may be over by itself
	}
}

/** A search for entries. */
export class EntrySearch<F extends ValueForms = JSONForms> extends Search<Entry<F>> {
	readonly #forms: ValueForms;

	/** @internal */
	constructor(open: (owner: object) => Handle<{ search: number }>, options: SearchOptions) {
		super(open, options.signal);
		this.#forms = options;
	}

	protected override items({ entries = [] }: Batch): Entry<F>[] {
		return entries.map((entry) => new Entry<F>(entry, this.#forms));
	}
}

/** A search whose entries come as text, in pieces that are to be put together. */
export class TextSearch extends Search<string> {
	/** @internal */
	constructor(open: (owner: object) => Handle<{ search: number }>, signal: AbortSignal | undefined) {
		super(open, signal);
	}

	protected override items({ text }: Batch): string[] {
		return text ? [text] : [];
	}
}
