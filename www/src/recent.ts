/** The files that were opened of late: they stay in the browser, for a reload and for another day. */
import { done, within } from "./database.ts";
import type { OpenedFile } from "./sources.ts";

/** A file that is remembered, without its bytes. */
export interface RecentFile {
	name: string;
	/** In bytes. */
	size: number;
	/** When it was last opened, in milliseconds since 1970. */
	opened: number;
}

/** How many are remembered, and how many bytes they may have together. */
const most = 10;
const mostBytes = 64 << 20;

interface Row extends RecentFile {
	bytes: Uint8Array;
}

/** Remembers a file under its name, and forgets those that were opened the longest ago if there are too many. */
export async function rememberFile({ name, bytes }: OpenedFile): Promise<void> {
	if (bytes.length > mostBytes) return;
	await within("files", "readwrite", async (files) => {
		const row: Row = { name, bytes, size: bytes.length, opened: Date.now() };
		await done(files.put(row));
		const rows = await newestFirst(files);
		let total = 0;
		for (const [index, { name, size }] of rows.entries()) {
			total += size;
			if (index >= most || total > mostBytes) files.delete(name);
		}
	});
}

/** The files that are remembered, the newest first. */
export async function recentFiles(): Promise<RecentFile[]> {
	const rows = await within("files", "readonly", newestFirst);
	return (rows ?? []).map(({ name, size, opened }) => ({ name, size, opened }));
}

/** The bytes of a file; undefined if it is not remembered. */
export async function recentFile(name: string): Promise<Uint8Array | undefined> {
	const row = await within("files", "readonly", (files) => done<Row | undefined>(files.get(name)));
	return row?.bytes;
}

export async function forgetFile(name: string): Promise<void> {
	await within("files", "readwrite", (files) => done(files.delete(name)));
}

async function newestFirst(files: IDBObjectStore): Promise<Row[]> {
	return (await done<Row[]>(files.getAll())).sort((a, b) => b.opened - a.opened);
}
