/** The lists of schemas as they were last: the browser keeps them, for the page to show until the schema itself is there. */
import type { Summary } from "ldapedge";
import { done, within } from "./database.ts";
import { isLive, type Source } from "./sources.ts";
import { ownVersion } from "./version.ts";

/** How many lists are kept, and how many characters one may have. */
const most = 10;
const longest = 4 << 20;

interface Row {
	source: string;
	/** The server's URL; empty if it is none's. */
	url: string;
	/** Of the page: another one may have other lists. */
	version: string;
	/** The summary, as JSON. */
	text: string;
	/** When it was last shown, in milliseconds since 1970. */
	used: number;
}

const urlOf = (source: Source): string => (source.kind === "live" ? source.server.url : "");

/** Keeps the list of a source in place of the one before, and forgets those that were kept the longest ago if there are too many. */
export async function keepList(source: Source, summary: Summary): Promise<void> {
	const text = JSON.stringify(summary);
	if (text.length > longest) return forgetList(source.id);
	await within("lists", "readwrite", async (lists) => {
		const row: Row = { source: source.id, url: urlOf(source), version: ownVersion(), text, used: Date.now() };
		await done(lists.put(row));
		if ((await done(lists.count())) <= most) return;
		const rows = await done<Row[]>(lists.getAll());
		for (const { source } of rows.sort((a, b) => b.used - a.used).slice(most)) lists.delete(source);
	});
}

/** The list of a source as it was last; undefined if it is not kept. */
export async function keptList(source: Source): Promise<Summary | undefined> {
	const row = await within("lists", "readonly", (lists) => done<Row | undefined>(lists.get(source.id)));
	return row?.version === ownVersion() && row.url === urlOf(source) ? (JSON.parse(row.text) as Summary) : undefined;
}

export async function forgetList(id: string): Promise<void> {
	await within("lists", "readwrite", (lists) => done(lists.delete(id)));
}

/** Forgets the lists of servers that are not offered any more. */
export async function forgetOtherServers(offered: readonly string[]): Promise<void> {
	await within("lists", "readwrite", async (lists) => {
		for (const id of await done(lists.getAllKeys()))
			if (isLive(String(id)) && !offered.includes(String(id))) lists.delete(id);
	});
}
