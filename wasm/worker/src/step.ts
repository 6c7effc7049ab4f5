/** Steps and events as text: what package edge says of them, from the host's side. */
import { type Bytes, concat, decode, encode, none } from "./bytes.ts";

/** What the host is to do next for a task. */
export interface Step {
	do: string;
	/** What belongs to it, decoded. */
	arguments: string[];
	/** The header fields of an answer. */
	fields: [name: string, value: string][];
	bytes: Bytes;
}

const newline = 10;

/** Where the empty line begins that ends a head. */
function headEnd(text: Bytes): number {
	for (let at = text.indexOf(newline); at >= 0; at = text.indexOf(newline, at + 1)) {
		if (text[at + 1] === newline) return at;
	}
	throw new Error("a step without an end");
}

export function parseStep(text: Bytes): Step {
	const end = headEnd(text);
	const [first = "", ...lines] = decode(text.subarray(0, end)).split("\n");
	const [what = "", ...rest] = first.split(" ");
	return {
		do: what,
		arguments: rest.map(decodeURIComponent),
		fields: lines.map((line) => {
			const colon = line.indexOf(": ");
			return [line.slice(0, colon), line.slice(colon + 2)];
		}),
		bytes: text.subarray(end + 2),
	};
}

/** Whether the task needs nothing more. */
export const isOver = (step: Step): boolean =>
	step.do === "END" || (step.do === "RESPOND" && step.arguments[1] === "last");

/** What has become of a step. */
export interface Event {
	kind: "DONE" | "NONE" | "FOUND" | "LOADED" | "UNCHANGED" | "FAILED" | "OPENED" | "RECEIVED" | "CLOSED" | "TIMEOUT";
	code?: number;
	reason?: string;
	etag?: string | undefined;
	seconds?: number | undefined;
	connection?: number;
	bytes?: Bytes;
}

export const done: Event = { kind: "DONE" };
export const nothing: Event = { kind: "NONE" };

/** A text that cannot be more than the one line that it is put into. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is replaced
export const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, " ");

export function formatEvent(event: Event): Bytes {
	let head: string = event.kind;
	for (const name of ["code", "reason", "etag", "seconds", "connection"] as const) {
		const value = event[name];
		if (value) head += `\n${name}: ${oneLine(String(value))}`;
	}
	return concat([encode(`${head}\n\n`), event.bytes ?? none]);
}
