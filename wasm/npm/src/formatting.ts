/** Values through the module, with or without a schema. */
import type { CallOptions, Module } from "./module.js";
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

/** Of which attribute values are. */
interface OfAttribute {
	attribute: string;
	source?: number;
}

export async function format<F extends ValueForms = JSONForms>(
	used: Module,
	of: OfAttribute,
	values: readonly RawValue[],
	options?: F & CallOptions,
): Promise<TypedValues<F>> {
	return toValues(await used.call("format", { ...of, values: values.map(toBase64) }, options), options ?? {});
}

export async function validate(
	used: Module,
	of: OfAttribute,
	values: readonly ValueInput[],
	options?: CallOptions,
): Promise<Uint8Array[]> {
	const forms = values.map((value, index) => toForm(of.attribute, index, value));
	return (await used.call("validate", { ...of, values: forms }, options)).values.map(fromBase64);
}
