import type { DSAFacts, FrameInfo } from "./types.js";
import { fromBase64, type JSONForms, type TypedValues, toValues, type ValueForms } from "./values.js";

/** An attribute of a root DSE: its values as received, and typed. */
export interface InfoAttribute<F extends ValueForms = JSONForms> extends TypedValues<F> {
	name: string;
	raw: Uint8Array[];
}

/** What a server says of itself in its root DSE (RFC 4512 §5.1). */
export interface DSAInfo<F extends ValueForms = JSONForms> extends DSAFacts {
	/** All attributes, in the server's order. */
	attributes: InfoAttribute<F>[];
}

/** The module's answer in the forms asked for. */
export function toDSAInfo<F extends ValueForms>(frame: FrameInfo, forms: ValueForms): DSAInfo<F> {
	const attributes = frame.attributes.map(({ name, raw, ...values }) => ({
		name,
		raw: raw.map(fromBase64),
		...toValues<F>(values, forms),
	}));
	return { ...frame, attributes };
}
