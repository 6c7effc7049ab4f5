/** Storage that may be forbidden: then nothing is remembered, and nothing breaks. */
export function remembered(storage: () => Storage, key: string): string {
	try {
		return storage().getItem(key) ?? "";
	} catch {
		return "";
	}
}

/** Remembers a value; an empty one is forgotten. */
export function remember(storage: () => Storage, key: string, value: string): void {
	try {
		if (value) storage().setItem(key, value);
		else storage().removeItem(key);
	} catch {
		// Not remembered.
	}
}
