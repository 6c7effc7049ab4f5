/** What a schema can be read from, and how addresses name it. */
import type { Offer } from "ldapedge";

/** A source of a schema. Its ID stands in addresses. */
export type Source =
	| { kind: "live"; id: string; server: Offer }
	| { kind: "offline"; id: string; name: string }
	| { kind: "file"; id: string; name: string };

/** A file that has been opened, with its bytes. */
export interface OpenedFile {
	name: string;
	bytes: Uint8Array;
}

const offline = "offline:";
const file = "file:";

export function liveSource(server: Offer): Source {
	return { kind: "live", id: server.name, server };
}

export function offlineSource(name: string): Source {
	return { kind: "offline", id: offline + name, name };
}

export function fileSource(name: string): Source {
	return { kind: "file", id: file + name, name };
}

/**
 * The source of an ID; undefined if there is none. A server of the connector goes before what its name looks like.
 * Whether there is such a pre-built schema or file shows when it is opened.
 */
export function sourceOf(id: string, servers: readonly Offer[]): Source | undefined {
	const server = servers.find((s) => s.name === id);
	if (server) return liveSource(server);
	if (id.startsWith(offline)) return offlineSource(id.slice(offline.length));
	if (id.startsWith(file)) return fileSource(id.slice(file.length));
	return undefined;
}

/** Whether the connector must be asked before it is clear what an ID means. */
export function isLive(id: string): boolean {
	return !id.startsWith(offline) && !id.startsWith(file);
}

/** What a source is called. */
export function labelOf(source: Source): string {
	return source.kind === "live" ? source.server.name : source.name;
}

/** What a source is called of which the ID alone is known. */
export function nameOfSource(id: string): string {
	return id.replace(/^(offline|file):/, "");
}
