/** What is searched for, as addresses have it. A password is in none. */

export const scopes = ["base", "one", "sub"] as const;
export type Scope = (typeof scopes)[number];

export interface Query {
	base: string;
	scope: Scope;
	filter: string;
	/** None are all user attributes. */
	attributes: readonly string[];
	/** The most entries, and seconds; 0 is no limit but the server's. */
	sizeLimit: number;
	timeLimit: number;
}

/** The filter that every entry passes. */
export const everything = "(objectClass=*)";

/** What an address asks for: a search, if it has one, and an entry, if one is open. */
export interface Asking {
	query: Query | undefined;
	entry: string | undefined;
	/** A filter without a base is proposed: the user says where to search. */
	proposed?: string | undefined;
}

export function readAsking(parameters: string | undefined): Asking {
	const given = new URLSearchParams(parameters ?? "");
	const entry = given.get("entry") ?? undefined;
	const filter = given.get("filter");
	const base = given.get("base");
	if (filter === null || base === null) return { query: undefined, entry, proposed: filter ?? undefined };
	const scope = scopes.find((one) => one === given.get("scope")) ?? "sub";
	const query: Query = {
		base,
		scope,
		filter,
		attributes: (given.get("attributes") ?? "").split(",").filter(Boolean),
		sizeLimit: limitOf(given.get("size")),
		timeLimit: limitOf(given.get("time")),
	};
	return { query, entry };
}

/** Reads a limit; what is none is no limit. */
export function limitOf(text: string | null): number {
	const n = Number(text);
	return Number.isInteger(n) && n > 0 && n <= 0x7fffffff ? n : 0;
}

export function writeAsking({ query, entry, proposed }: Asking): string {
	const written = new URLSearchParams();
	if (proposed !== undefined) written.set("filter", proposed);
	if (query) {
		written.set("base", query.base);
		written.set("scope", query.scope);
		written.set("filter", query.filter);
		if (query.attributes.length > 0) written.set("attributes", query.attributes.join(","));
		if (query.sizeLimit > 0) written.set("size", String(query.sizeLimit));
		if (query.timeLimit > 0) written.set("time", String(query.timeLimit));
	}
	if (entry !== undefined) written.set("entry", entry);
	return String(written).replaceAll("+", "%20");
}

/** Whether two searches are for the same. */
export function sameQuery(a: Query | undefined, b: Query | undefined): boolean {
	return writeAsking({ query: a, entry: undefined }) === writeAsking({ query: b, entry: undefined });
}
