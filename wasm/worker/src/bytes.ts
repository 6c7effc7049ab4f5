/** Bytes of the host's own, which no memory of a module's lies under. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

export const none: Bytes = new Uint8Array(0);

export const encode = (text: string): Bytes => encoder.encode(text) as Bytes;

export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** One after the other. */
export function concat(parts: readonly Uint8Array[]): Bytes {
	const [only] = parts;
	if (parts.length === 1 && only) return only as Bytes;
	const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

export class TooLarge extends Error {
	override name = "TooLarge";
}

/** Reads all of a body, up to a limit. */
export async function readAll(body: ReadableStream<Uint8Array> | null, most: number): Promise<Bytes> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const part of body ?? []) {
		length += part.length;
		if (length > most) throw new TooLarge(`there are more than ${most} bytes`);
		parts.push(part);
	}
	return parts.length > 0 ? concat(parts) : none;
}
