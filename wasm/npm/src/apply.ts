/** Applies formatters and validators of one's own, in whichever thread they are. */

/**
 * How the values of an attribute are formatted and validated in one's own way; what is not there is done in the
 * built-in one. Either may throw: the reason is reported.
 */
export interface CustomFormatter {
	/** Turns the bytes of a value into whatever is wanted. */
	format?(bytes: Uint8Array): unknown;
	/** Turns what is wanted into the bytes that a server takes. */
	validate?(value: unknown): Uint8Array;
}

/** By the name of an attribute (with or without options), its OID, or the OID of a syntax; case is ignored. */
export type CustomFormatters = Readonly<Record<string, CustomFormatter>>;

/** What became of one value. */
export type Outcome = { value: unknown } | { reason: string };

/** A request to the thread that has the script of formatters. */
export interface Application {
	application: number;
	script: string;
	keys: string[];
	what: "format" | "validate";
	values: unknown[];
}

/** The answer; no outcomes if the script has nothing for the keys. */
export type Applied = { application: number } & ({ outcomes: Outcome[] | undefined } | { error: string });

/** Applies the first formatter that there is; undefined if there is none. */
export function apply(
	formatters: CustomFormatters,
	keys: readonly string[],
	what: "format" | "validate",
	values: readonly unknown[],
): Outcome[] | undefined {
	const byKey = new Map(Object.entries(formatters).map(([key, one]) => [key.trim().toLowerCase(), one]));
	const found = keys.map((key) => byKey.get(key)).find((one) => one?.[what]);
	if (!found) return undefined;
	return values.map((value): Outcome => {
		try {
			return { value: what === "format" ? found.format?.(value as Uint8Array) : bytesOf(found.validate?.(value)) };
		} catch (error) {
			return { reason: error instanceof Error ? error.message : String(error) };
		}
	});
}

function bytesOf(value: unknown): Uint8Array {
	if (!(value instanceof Uint8Array)) throw new Error("the validator has returned no Uint8Array");
	return value;
}

const scripts = new Map<string, Promise<{ default: CustomFormatters }>>();

/** Applies formatters that are the default export of an ES module. */
export async function applyScript({ application, script, keys, what, values }: Application): Promise<Applied> {
	try {
		let loaded = scripts.get(script);
		if (!loaded) {
			loaded = import(/* @vite-ignore */ script) as Promise<{ default: CustomFormatters }>;
			scripts.set(script, loaded);
		}
		const { default: formatters } = await loaded;
		if (typeof formatters !== "object") throw new Error("its default export is no object");
		return { application, outcomes: apply(formatters, keys, what, values) };
	} catch (error) {
		scripts.delete(script);
		return { application, error: String(error) };
	}
}
