import { useEffect, useState } from "preact/hooks";
import registryURL from "../../schemajson/oids/registry.txt?url";

/** What the registry of object identifiers has for one. */
export interface Registered {
	/** What it identifies: "Attribute Type". */
	kind: string;
	/** The document that defines it; may be empty. */
	doc: string;
	names: string[];
}

let loading: Promise<string> | undefined;

/** The registry's text. It is loaded when it is needed first, and again if that has failed. */
async function registry(): Promise<string> {
	loading ??= fetch(registryURL).then((response) => {
		if (!response.ok) throw new Error(`status ${response.status}`);
		return response.text();
	});
	try {
		return await loading;
	} catch {
		loading = undefined;
		return "";
	}
}

/** Looks an OID up in the registry's text: lines of OID, kind, document and names, separated by tabs. */
function lookUp(table: string, oid: string): Registered | undefined {
	const begin = table.indexOf(`\n${oid}\t`);
	if (begin < 0) return undefined;
	const [, kind = "", doc = "", ...names] = table.slice(begin + 1, table.indexOf("\n", begin + 1)).split("\t");
	return { kind, doc, names };
}

/** What the registry has for an OID, once it is there. */
export function useRegistered(oid: string): Registered | undefined {
	const [found, setFound] = useState<Registered>();
	useEffect(() => {
		let current = true;
		setFound(undefined);
		void registry().then((table) => {
			if (current) setFound(lookUp(table, oid));
		});
		return () => {
			current = false;
		};
	}, [oid]);
	return found;
}
