/** Files that the user hands over. */
import type { OpenedFile } from "./sources.ts";

/** The largest file that is read, in bytes. */
export const largest = 64 << 20;

/** Reads files, but for those that are too large, of which the first is named. */
export async function readFiles(files: Iterable<File>): Promise<{ opened: OpenedFile[]; tooLarge?: string }> {
	const opened: OpenedFile[] = [];
	let tooLarge: string | undefined;
	for (const file of files)
		if (file.size > largest) tooLarge ??= file.name;
		else opened.push({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
	return { opened, ...(tooLarge !== undefined && { tooLarge }) };
}

/** A text that was pasted, as a file. */
export function pastedFile(name: string, content: string): OpenedFile {
	return { name, bytes: new TextEncoder().encode(content) };
}
