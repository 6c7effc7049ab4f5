const encoder = new TextEncoder();

/** Cuts a text at a place given in UTF-8 bytes: what is before, the character there, what is after. */
export function cutAt(text: string, offset: number): [before: string, at: string, after: string] {
	const start = indexAt(text, offset);
	const [at = ""] = text.slice(start);
	return [text.slice(0, start), at, text.slice(start + at.length)];
}

/** The index in a text of a place given in UTF-8 bytes. */
export function indexAt(text: string, offset: number): number {
	// As a stream, so that an offset within a character is the place before it.
	const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	return decoder.decode(encoder.encode(text.slice(0, offset)).subarray(0, offset), { stream: true }).length;
}
