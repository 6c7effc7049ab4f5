/** The pre-built schemas: what well-known servers publish, for work without a server to ask. */
import { LDAPEdgeError } from "./error.js";
import { loadPacked, location } from "./load.js";

/** A pre-built schema. */
export interface OfflineSchema {
	name: string;
	/** The server that it was read from. */
	server: string;
}

// Each address is spelled out, for bundlers to find the file.
const sets: Record<string, { server: string; url: () => URL }> = {
	AD_2012_R2: {
		server: "Active Directory, Windows Server 2012 R2",
		url: () => new URL("./offline/AD_2012_R2.json.gz", import.meta.url),
	},
	AD_2016: {
		server: "Active Directory, Samba with the schema of Windows Server 2016",
		url: () => new URL("./offline/AD_2016.json.gz", import.meta.url),
	},
	DS389_1_3_3: {
		server: "389 Directory Server 1.3.3",
		url: () => new URL("./offline/DS389_1_3_3.json.gz", import.meta.url),
	},
	DS389_2_3: {
		server: "389 Directory Server 2.3",
		url: () => new URL("./offline/DS389_2_3.json.gz", import.meta.url),
	},
	EDIR_8_8_8: {
		server: "NetIQ eDirectory 8.8 SP8",
		url: () => new URL("./offline/EDIR_8_8_8.json.gz", import.meta.url),
	},
	EDIR_9_1_4: {
		server: "NetIQ eDirectory 9.1.4",
		url: () => new URL("./offline/EDIR_9_1_4.json.gz", import.meta.url),
	},
	SLAPD_2_4: { server: "OpenLDAP 2.4", url: () => new URL("./offline/SLAPD_2_4.json.gz", import.meta.url) },
	SLAPD_2_5: { server: "OpenLDAP 2.5", url: () => new URL("./offline/SLAPD_2_5.json.gz", import.meta.url) },
};

/** The pre-built schemas, sorted by name. */
export function offlineSchemas(): OfflineSchema[] {
	return Object.entries(sets).map(([name, { server }]) => ({ name, server }));
}

/** Loads the one of that name; case is ignored. `base` is the folder where the files are, if not with the package. */
export async function loadOffline(
	name: string,
	base: string | URL | undefined,
	signal: AbortSignal | undefined,
): Promise<{ name: string; file: Uint8Array<ArrayBuffer> }> {
	const [known, set] = Object.entries(sets).find(([known]) => known.toLowerCase() === name.toLowerCase()) ?? [];
	if (!known || !set) {
		const cause = `there is no pre-built schema ${JSON.stringify(name)}; there are ${Object.keys(sets).join(", ")}`;
		throw LDAPEdgeError.of({ code: "unknown-offline", cause });
	}
	const folder = base === undefined ? undefined : String(base).replace(/\/?$/, "/");
	const url = folder === undefined ? set.url() : new URL(`${known}.json.gz`, new URL(folder, location()));
	return { name: known, file: await loadFile(url, signal) };
}

/** Loads a compressed file of the package. */
export async function loadFile(url: URL, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
	try {
		return await loadPacked(url, signal);
	} catch (error) {
		const code = signal?.aborted ? "cancelled" : "unavailable";
		throw LDAPEdgeError.of({ code, where: url.href, cause: String(error) });
	}
}
