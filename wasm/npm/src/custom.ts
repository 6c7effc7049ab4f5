/** Formatters and validators of one's own, applied on the caller's side or, as a script, in the module's thread. */
import { apply, type CustomFormatters, type Outcome } from "./apply.js";
import { LDAPEdgeError } from "./error.js";
import type { CallOptions, Module } from "./module.js";
import type { Keys, ValueProblem } from "./types.js";
import type { RawValue } from "./values.js";

/** Formatters of one's own: an object, or the absolute URL of an ES module whose default export is one. */
export type CustomSource = CustomFormatters | URL;

/** What the formatters of a source return. */
export type CustomValue<C> = C extends CustomFormatters
	? { [K in keyof C]: C[K] extends { format(bytes: Uint8Array): infer V } ? V : never }[keyof C]
	: unknown;

/** Values of which at least one is not what its attribute says stay bytes. */
export interface CustomValues {
	values: ({ kind: "custom"; value: unknown } | { kind: "bytes"; bytes: Uint8Array })[];
	single: boolean;
	problems: ValueProblem[];
}

/** The most attributes whose keys are remembered: a hostile server can make up as many as it likes. */
const maxAttributes = 10_000;

const encoder = new TextEncoder();

/** The formatters of one source of attributes. */
export class Custom {
	readonly #module: Module;
	readonly #formatters: CustomSource;
	readonly #source: { source: number };
	readonly #keys = new Map<string, Keys>();

	constructor(used: Module, formatters: CustomSource, source: number) {
		this.#module = used;
		this.#formatters = formatters;
		this.#source = { source };
	}

	/** Formats values; undefined if the attribute has no formatter of one's own. */
	async format(
		attribute: string,
		values: readonly RawValue[],
		options?: CallOptions,
	): Promise<CustomValues | undefined> {
		const keys = await this.#keysOf(attribute, options);
		const raw = values.map((value) => (typeof value === "string" ? encoder.encode(value) : value));
		const outcomes = await this.#apply("format", keys, raw);
		if (!outcomes) return undefined;
		const problems: ValueProblem[] = [];
		const formatted = raw.map((bytes, index) => {
			const outcome = outcomes[index];
			if (outcome && "value" in outcome) return { kind: "custom" as const, value: outcome.value };
			problems.push({ index, message: `${attribute}: ${outcome?.reason}` });
			return { kind: "bytes" as const, bytes };
		});
		return { values: formatted, single: keys.single && values.length === 1, problems };
	}

	/** Validates values; undefined if the attribute has no validator of one's own. */
	async validate(
		attribute: string,
		values: readonly unknown[],
		options?: CallOptions,
	): Promise<Uint8Array[] | undefined> {
		const outcomes = await this.#apply("validate", await this.#keysOf(attribute, options), values);
		return outcomes?.map((outcome, index) => {
			if ("value" in outcome) return outcome.value as Uint8Array;
			const { reason } = outcome;
			const value = { index, attribute, value: String(values[index]).slice(0, 40), reason };
			throw LDAPEdgeError.of({ code: "invalid-value", cause: `${attribute}: ${reason}`, value });
		});
	}

	async #keysOf(attribute: string, options?: CallOptions): Promise<Keys> {
		let keys = this.#keys.get(attribute);
		if (!keys) {
			keys = await this.#module.call("keys", { ...this.#source, attribute }, options);
			if (this.#keys.size < maxAttributes) this.#keys.set(attribute, keys);
		}
		return keys;
	}

	async #apply(
		what: "format" | "validate",
		{ keys }: Keys,
		values: readonly unknown[],
	): Promise<Outcome[] | undefined> {
		const formatters = this.#formatters;
		if (!(formatters instanceof URL)) return apply(formatters, keys, what, values);
		return this.#module.apply({ script: formatters.href, keys, what, values: [...values] });
	}
}
