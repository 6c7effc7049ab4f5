/** The files that were opened of late: they stay in the browser, for a reload and for another day. */
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

const database = "ldapedge";
const store = "files";

interface Row extends RecentFile {
	bytes: Uint8Array;
}

/** Remembers a file under its name, and forgets those that were opened the longest ago if there are too many. */
export async function rememberFile({ name, bytes }: OpenedFile): Promise<void> {
	if (bytes.length > mostBytes) return;
	await within("readwrite", async (files) => {
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
	const rows = await within("readonly", newestFirst);
	return (rows ?? []).map(({ name, size, opened }) => ({ name, size, opened }));
}

/** The bytes of a file; undefined if it is not remembered. */
export async function recentFile(name: string): Promise<Uint8Array | undefined> {
	const row = await within("readonly", (files) => done<Row | undefined>(files.get(name)));
	return row?.bytes;
}

export async function forgetFile(name: string): Promise<void> {
	await within("readwrite", (files) => done(files.delete(name)));
}

async function newestFirst(files: IDBObjectStore): Promise<Row[]> {
	return (await done<Row[]>(files.getAll())).sort((a, b) => b.opened - a.opened);
}

/** Does something with the store. Where nothing may be stored, or there is no room, nothing is remembered. */
async function within<T>(
	mode: IDBTransactionMode,
	work: (files: IDBObjectStore) => Promise<T>,
): Promise<T | undefined> {
	try {
		const opening = indexedDB.open(database, 1);
		opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: "name" });
		const db = await done(opening);
		try {
			const transaction = db.transaction(store, mode);
			const finished = new Promise<void>((resolve, reject) => {
				transaction.oncomplete = () => resolve();
				transaction.onabort = () => reject(transaction.error);
			});
			const result = await work(transaction.objectStore(store));
			await finished;
			return result;
		} finally {
			db.close();
		}
	} catch {
		return undefined;
	}
}

function done<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}
