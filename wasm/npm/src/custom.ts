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

/** Where a schema is open. */
export interface Place {
	module: Module;
	source: number;
}

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
	readonly #formatters: CustomSource;
	readonly #keys = new Map<string, Keys>();

	constructor(formatters: CustomSource) {
		this.#formatters = formatters;
	}

	/** Formats values; undefined if the attribute has no formatter of one's own. */
	async format(
		place: Place,
		attribute: string,
		values: readonly RawValue[],
		options?: CallOptions,
	): Promise<CustomValues | undefined> {
		const keys = await this.#keysOf(place, attribute, options);
		const raw = values.map((value) => (typeof value === "string" ? encoder.encode(value) : value));
		const outcomes = await this.#apply(place, "format", keys, raw);
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
		place: Place,
		attribute: string,
		values: readonly unknown[],
		options?: CallOptions,
	): Promise<Uint8Array[] | undefined> {
		const outcomes = await this.#apply(place, "validate", await this.#keysOf(place, attribute, options), values);
		return outcomes?.map((outcome, index) => {
			if ("value" in outcome) return outcome.value as Uint8Array;
			const { reason } = outcome;
			const value = { index, attribute, value: String(values[index]).slice(0, 40), reason };
			throw LDAPEdgeError.of({ code: "invalid-value", cause: `${attribute}: ${reason}`, value });
		});
	}

	async #keysOf({ module, source }: Place, attribute: string, options?: CallOptions): Promise<Keys> {
		let keys = this.#keys.get(attribute);
		if (!keys) {
			keys = await module.call("keys", { source, attribute }, options);
			if (this.#keys.size < maxAttributes) this.#keys.set(attribute, keys);
		}
		return keys;
	}

	async #apply(
		{ module }: Place,
		what: "format" | "validate",
		{ keys }: Keys,
		values: readonly unknown[],
	): Promise<Outcome[] | undefined> {
		const formatters = this.#formatters;
		if (!(formatters instanceof URL)) return apply(formatters, keys, what, values);
		return module.apply({ script: formatters.href, keys, what, values: [...values] });
	}
}
