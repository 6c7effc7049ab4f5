/** Typed attribute values: their forms in JavaScript, and the way to and from the module. */
import { LDAPEdgeError } from "./error.js";
import type { EncodedBytes, FrameForm, FrameValue, FrameValues, SecurityDescriptor, ValueProblem } from "./types.js";

/** Which JavaScript forms values take. */
export interface ValueForms {
	/**
	 * `"json"`, the default: RFC 3339 with the zone and every digit that the server sent.
	 * `"Date"`: loses what is finer than a millisecond and the zone; a leap second becomes the second before it.
	 */
	times?: "json" | "Date";
	/**
	 * `"json"`, the default: a number; a bigint where a number would not be exact, beyond ±(2^53 - 1); a string
	 * where the attribute's syntax has 64 bits, and for the ticks of intervals. `"bigint"`: a bigint for every whole
	 * number. Neither loses anything.
	 */
	integers?: "json" | "bigint";
	/** `"json"`, the default: base64 in an object. `"Uint8Array"`: the bytes. Neither loses anything. */
	bytes?: "json" | "Uint8Array";
}

/** The forms that lose nothing and, but for the bigints among them, are JSON: what the `ldapedge` program prints. */
export interface JSONForms extends ValueForms {
	times: "json";
	integers: "json";
	bytes: "json";
}

type Time<Choice> = Choice extends "Date" ? Date : string;
type Integer<Choice> = Choice extends "bigint" ? bigint : number | bigint | string;
type NamedInteger<Choice> = Choice extends "bigint" ? bigint : number | bigint;
type Ticks<Choice> = Choice extends "bigint" ? bigint : string;
type Bytes<Choice> = Choice extends "Uint8Array" ? Uint8Array : EncodedBytes;

/** A value with its kind, in the forms `F`; `Own` is what formatters of one's own return, if there are any. */
export type TypedValue<F extends ValueForms = JSONForms, Own = never> =
	/** What a formatter of one's own has made of the bytes. */
	| ([Own] extends [never] ? never : { kind: "custom"; value: Own })
	| { kind: "text"; value: string }
	/** Any bytes, and each value that is not what its attribute says. */
	| { kind: "bytes"; value: Bytes<F["bytes"]> }
	| { kind: "integer"; value: Integer<F["integers"]> }
	| { kind: "boolean"; value: boolean }
	| { kind: "time"; value: Time<F["times"]> }
	/** An ISO 8601 duration, and the same in ticks of 100 ns. */
	| { kind: "interval"; value: { interval: string; ticks: Ticks<F["integers"]> } }
	/** A time that does not come or has not come yet, or an interval that does not end. */
	| { kind: "never"; value: { never: true } }
	/** In braces where Active Directory keeps it. */
	| { kind: "guid"; value: string }
	/** `S-1-…` */
	| { kind: "sid"; value: string }
	/** A number whose bits have names; those without one are `0x…`. */
	| { kind: "flags"; value: { value: NamedInteger<F["integers"]>; names: string[] } }
	/** A number that has a name, if it is a known one. */
	| { kind: "enumeration"; value: { value: NamedInteger<F["integers"]>; names: string[] } }
	| { kind: "securityDescriptor"; value: EncodedBytes & { sddl: string; descriptor: SecurityDescriptor } };

/** What the kinds of values are called. */
export type ValueKind = TypedValue["kind"];

/** All values of one attribute. */
export interface TypedValues<F extends ValueForms = JSONForms, Own = never> {
	/** In the server's order. */
	values: TypedValue<F, Own>[];
	/** Whether the schema allows one value only, and this is it. */
	single: boolean;
	/** Of the values that are not what their attribute says; they are in `values` as bytes. */
	problems: ValueProblem[];
}

/** A value as a server sends it; strings stand for their UTF-8. */
export type RawValue = Uint8Array | string;

/**
 * A value to be validated: any form of a {@link TypedValue}'s `value`. A string may be the text that stands for a
 * value, such as a time, a GUID, a SID, an ISO 8601 duration or digits. A Date brings milliseconds.
 */
export type ValueInput =
	| string
	| number
	| bigint
	| boolean
	| Date
	| Uint8Array
	| EncodedBytes
	| { never: true }
	| { interval: string; ticks?: string | bigint }
	| { value: number | bigint; names?: readonly string[] };

const encoder = new TextEncoder();

/** The base64 of a value. */
export function toBase64(value: RawValue): string {
	const bytes = typeof value === "string" ? encoder.encode(value) : value;
	let binary = "";
	const most = 0x8000; // arguments of one call
	for (let i = 0; i < bytes.length; i += most) binary += String.fromCharCode(...bytes.subarray(i, i + most));
	return btoa(binary);
}

export function fromBase64(text: string): Uint8Array {
	return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** The bytes of a value that is its own. */
export function toBytes(one: FrameValue): Uint8Array {
	if (one.kind === "bytes") return fromBase64(one.value.encoded);
	return encoder.encode(String(one.value));
}

function wholeNumber(digits: string, form: ValueForms["integers"]): number | bigint {
	const number = Number(digits);
	return form === "bigint" || !Number.isSafeInteger(number) ? BigInt(digits) : number;
}

/** The Date of an RFC 3339 time, of which JavaScript need not read more than three decimals, and no leap second. */
function toDate(time: string): Date {
	return new Date(
		time
			.replace(/:60(?=[.Z+-])/, ":59")
			.replace(/\.(\d+)/, (_, digits: string) => `.${digits.slice(0, 3).padEnd(3, "0")}`),
	);
}

/** A value of the module in the forms asked for. */
export function toValue(one: FrameValue, forms: ValueForms): TypedValue<ValueForms> {
	switch (one.kind) {
		case "integer":
			if (one.wide && forms.integers !== "bigint") return { kind: one.kind, value: one.value };
			return { kind: one.kind, value: wholeNumber(one.value, forms.integers) };
		case "flags":
		case "enumeration": {
			const { value, names } = one.value;
			return { kind: one.kind, value: { value: wholeNumber(value, forms.integers), names } };
		}
		case "time":
			return { kind: one.kind, value: forms.times === "Date" ? toDate(one.value) : one.value };
		case "interval": {
			const { interval, ticks } = one.value;
			return { kind: one.kind, value: { interval, ticks: forms.integers === "bigint" ? BigInt(ticks) : ticks } };
		}
		case "bytes":
			return { kind: one.kind, value: forms.bytes === "Uint8Array" ? fromBase64(one.value.encoded) : one.value };
		default:
			return one;
	}
}

/** The module's answer in the forms asked for. */
export function toValues<F extends ValueForms>(frame: FrameValues, forms: ValueForms): TypedValues<F> {
	// The forms are F's, or the default where it has none: what TypedValue<F> says.
	return { ...frame, values: frame.values.map((value) => toValue(value, forms) as TypedValue<F>) };
}

/** A value as the module reads it. */
export function toForm(attribute: string, index: number, value: ValueInput): FrameForm {
	const invalid = (text: string, reason: string) => {
		const cause = `${attribute}: ${text} is no value of the attribute: ${reason}`;
		return LDAPEdgeError.of({ code: "invalid-value", cause, value: { index, attribute, value: text, reason } });
	};
	const number = (n: number | bigint): FrameForm => {
		if (typeof n === "bigint") return { digits: String(n) };
		if (Number.isInteger(n) && !Number.isSafeInteger(n))
			throw invalid(String(n), "a number is exact up to 2^53 - 1: use a bigint");
		return { json: n };
	};
	if (typeof value === "number" || typeof value === "bigint") return number(value);
	if (typeof value !== "object") return { json: value };
	if (value instanceof Date) {
		if (Number.isNaN(value.getTime())) throw invalid(String(value), "the Date is invalid");
		return { json: value.toISOString().replace(".000Z", "Z") };
	}
	if (value instanceof Uint8Array) return { json: { encoding: "base64", encoded: toBase64(value) } };
	if ("value" in value) return number(value.value);
	if ("ticks" in value && typeof value.ticks === "bigint") return { json: { ...value, ticks: String(value.ticks) } };
	return { json: value };
}
