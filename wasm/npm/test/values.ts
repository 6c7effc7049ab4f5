// The types of values, held against what is expected of them.
import type { EncodedBytes, TypedValue, TypedValues, ValueForms, ValueInput } from "../src/index.js";
import { formatValues, validateValues } from "../src/index.js";

type Same<A, B> = [A, B] extends [B, A] ? true : false;
type Of<F extends ValueForms, K extends TypedValue["kind"]> = Extract<TypedValue<F>, { kind: K }>["value"];
type Ask<F extends ValueForms> = ReturnType<typeof formatValues<F>>;

export const expected: true[] = [
	true satisfies Same<Of<{ times: "json" }, "time">, string>,
	true satisfies Same<Of<{ times: "Date" }, "time">, Date>,
	true satisfies Same<Of<{ bytes: "Uint8Array" }, "time">, string>,
	true satisfies Same<Of<ValueForms, "time">, string | Date>,
	true satisfies Same<Of<{ bytes: "json" }, "integer">, number | bigint | string>,
	true satisfies Same<Of<{ integers: "bigint" }, "integer">, bigint>,
	true satisfies Same<Of<{ integers: "bigint" }, "interval">, { interval: string; ticks: bigint }>,
	true satisfies Same<Of<{ integers: "bigint" }, "flags">, { value: bigint; names: string[] }>,
	true satisfies Same<Of<{ times: "Date" }, "bytes">, EncodedBytes>,
	true satisfies Same<Of<{ bytes: "Uint8Array" }, "bytes">, Uint8Array>,
	true satisfies Same<Awaited<Ask<{ times: "Date" }>>, TypedValues<{ times: "Date" }>>,
];

/** Inference: without options the default forms, with options theirs. */
export async function inferred(signal: AbortSignal): Promise<ValueInput[]> {
	const lossless = await formatValues("cn", ["x"]);
	lossless satisfies TypedValues;
	const { values } = await formatValues("whenCreated", [new Uint8Array(1), "x"], { times: "Date", signal });
	for (const one of values) {
		if (one.kind === "time") one.value.getTime();
		if (one.kind === "interval") one.value.ticks satisfies string;
	}
	// @ts-expect-error There is no such form.
	await formatValues("cn", ["x"], { times: "Temporal" });
	// @ts-expect-error A symbol is no value.
	await validateValues("cn", [Symbol()]);
	// What was formatted can go back, in any forms.
	const back = [...lossless.values, ...values].flatMap((one): ValueInput[] => [one.value]);
	await validateValues("cn", back, { signal });
	return back;
}
