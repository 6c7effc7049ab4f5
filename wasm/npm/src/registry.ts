/** The registry of OIDs: a file of the package, which a module is given when something first needs it. */
import type { CallOptions, Module } from "./module.js";
import { loadFile } from "./offline.js";
import { toolkit } from "./running.js";
import type { OIDInfo } from "./types.js";

const given = new WeakMap<Module, Promise<void>>();

/** Gives the registry to a module, once. */
export function useRegistry(module: Module): Promise<void> {
	let giving = given.get(module);
	if (!giving) {
		giving = loadFile(new URL("./oids.txt.gz", import.meta.url)).then(async (file) => {
			await module.call("oids", {}, {}, file);
		});
		giving.catch(() => given.delete(module)); // to be tried again
		given.set(module, giving);
	}
	return giving;
}

/** What the registry knows of OIDs: those of IANA, and of servers' own controls, extensions, syntaxes and so on. */
export async function lookUpOIDs(oids: readonly string[], options?: CallOptions): Promise<OIDInfo[]> {
	const module = toolkit();
	await useRegistry(module);
	return (await module.call("describe", { oids }, options)).oids;
}
