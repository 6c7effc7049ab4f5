/** Files that the user hands over. */
import type { OpenedFile } from "./sources.ts";

/** The largest file that is read, in bytes. */
export const largest = 64 << 20;

/** Reads a file; undefined if it is too large. */
export async function readFile(file: File): Promise<OpenedFile | undefined> {
	if (file.size > largest) return undefined;
	return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** A text that was pasted, as a file. */
export function pastedFile(name: string, content: string): OpenedFile {
	return { name, bytes: new TextEncoder().encode(content) };
}
