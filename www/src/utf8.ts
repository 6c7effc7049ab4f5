const encoder = new TextEncoder();

/** Cuts a text at a place given in UTF-8 bytes: what is before, the character there, what is after. */
export function cutAt(text: string, offset: number): [before: string, at: string, after: string] {
	// As a stream, so that an offset within a character cuts before it.
	const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	const before = decoder.decode(encoder.encode(text).subarray(0, offset), { stream: true });
	const [at = ""] = text.slice(before.length);
	return [before, at, text.slice(before.length + at.length)];
}
