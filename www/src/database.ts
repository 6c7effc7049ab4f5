/** What the browser keeps for the page, in stores of one database. */
const database = "ldapedge";
const version = 2;

/** The stores, and by what their rows are known. */
const stores = { files: "name", lists: "source" };

/** Does something with a store. Where nothing may be stored, or there is no room, nothing is kept. */
export async function within<T>(
	name: keyof typeof stores,
	mode: IDBTransactionMode,
	work: (store: IDBObjectStore) => Promise<T>,
): Promise<T | undefined> {
	try {
		const opening = indexedDB.open(database, version);
		opening.onupgradeneeded = () => create(opening.result);
		const db = await done(opening);
		try {
			const transaction = db.transaction(name, mode);
			const finished = new Promise<void>((resolve, reject) => {
				transaction.oncomplete = () => resolve();
				transaction.onabort = () => reject(transaction.error);
			});
			const result = await work(transaction.objectStore(name));
			await finished;
			return result;
		} finally {
			db.close();
		}
	} catch {
		return undefined;
	}
}

function create(db: IDBDatabase): void {
	for (const [name, keyPath] of Object.entries(stores))
		if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, { keyPath });
}

export function done<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}
