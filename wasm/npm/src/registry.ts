/** The registry of OIDs: a file of the package, which is loaded when something first needs it. */
import { cancelled } from "./error.js";
import type { Module } from "./module.js";
import { loadFile } from "./offline.js";
import type { OIDInfo } from "./types.js";

let loading: Promise<{ file: Uint8Array<ArrayBuffer>; text: string }> | undefined;

/** The table: lines of OID, kind, document and names, separated by tabs. */
function table() {
	if (!loading) {
		loading = loadFile(new URL("./oids.txt.gz", import.meta.url)).then((file) => ({
			file,
			text: new TextDecoder().decode(file),
		}));
		loading.catch(() => {
			loading = undefined; // to be tried again
		});
	}
	return loading;
}

const given = new WeakMap<Module, Promise<void>>();

/** Gives the registry to a module, once. */
export function useRegistry(module: Module): Promise<void> {
	let giving = given.get(module);
	if (!giving) {
		giving = table().then(async ({ file }) => {
			await module.call("oids", {}, {}, file);
		});
		giving.catch(() => given.delete(module)); // to be tried again
		given.set(module, giving);
	}
	return giving;
}

/**
 * What the registry knows of OIDs: those of IANA, and of servers' own controls, extensions, syntaxes and so on. Of one that
 * it does not know there are no names. It needs no module.
 */
export async function lookUpOIDs(oids: readonly string[], options: { signal?: AbortSignal } = {}): Promise<OIDInfo[]> {
	const { text } = await table();
	if (options.signal?.aborted) throw cancelled();
	return oids.map((oid) => lookUp(text, oid));
}

function lookUp(text: string, oid: string): OIDInfo {
	const begin = /^[\d.]+$/.test(oid) ? text.indexOf(`\n${oid}\t`) : -1;
	if (begin < 0) return { oid, names: [] };
	const [, kind = "", doc, ...names] = text.slice(begin + 1, text.indexOf("\n", begin + 1)).split("\t");
	return { oid, kind, names, ...(doc && { doc }) };
}
