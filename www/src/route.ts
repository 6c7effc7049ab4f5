/** Addresses: what the page shows, as the fragment of its URL says it. */
import type { Collection } from "ldapedge";
import { type Filters, readFilters, writeFilters } from "./filters.ts";

/** What an address points at. */
export type Route =
	| ListRoute
	| DefinitionRoute
	| { view: "search"; source: string; query: string; filters?: Filters }
	| { view: "problems"; source: string }
	| PageRoute;

export interface ListRoute {
	view: "list";
	source: string;
	collection: Collection;
	filters?: Filters;
	/** Whether it is a tree; undefined is as the user likes it. */
	tree?: boolean | undefined;
}

export interface DefinitionRoute {
	view: "definition";
	source: string;
	collection: Collection;
	name: string;
	/** Which of the definitions with the name; undefined is the first. */
	ordinal?: number | undefined;
}

/** The pages beside the definitions, by what addresses call them. */
export const pageViews = ["lint", "diff", "export", "entry", "lookup", "server"] as const;

export type PageView = (typeof pageViews)[number];

export interface PageRoute {
	view: PageView;
	source: string;
	/** What follows the page's name: the second source of a comparison. */
	at?: string | undefined;
	/** What the page is to show, as it stands in the address: see parameters.ts. */
	parameters?: string | undefined;
}

/** The sources that an address needs. */
export function sourcesOf(route: Route): string[] {
	return route.view === "diff" && route.at ? [route.source, route.at] : [route.source];
}

export function isPage(route: Route | undefined): route is PageRoute {
	return pageViews.some((view) => view === route?.view);
}

/** The collections, in the order of their tabs. */
export const collections = [
	"objectClasses",
	"attributeTypes",
	"matchingRules",
	"ldapSyntaxes",
	"matchingRuleUse",
	"dITContentRules",
	"dITStructureRules",
	"nameForms",
] as const satisfies Collection[];

const slugs: Record<Collection, string> = {
	objectClasses: "object-classes",
	attributeTypes: "attribute-types",
	matchingRules: "matching-rules",
	ldapSyntaxes: "syntaxes",
	matchingRuleUse: "matching-rule-uses",
	dITContentRules: "content-rules",
	dITStructureRules: "structure-rules",
	nameForms: "name-forms",
};

/** Reads a fragment; undefined if it names no source. What it names of the source and there is not, is its first list. */
export function parseRoute(fragment: string): Route | undefined {
	const [path = "", query = ""] = fragment.replace(/^#/, "").split("?", 2);
	let parts: string[];
	try {
		parts = path.split("/").map(decodeURIComponent);
	} catch {
		return undefined;
	}
	const [start, s, source, what = "", name = "", ...more] = parts;
	if (start !== "" || s !== "s" || !source || more.length > 0) return undefined;
	const page = pageViews.find((view) => view === what);
	if (page) return { view: page, source, at: name, parameters: query };
	const parameters = new URLSearchParams(query);
	if (what === "search")
		return { view: "search", source, query: parameters.get("q") ?? "", filters: readFilters(parameters) };
	if (what === "problems") return { view: "problems", source };
	const collection = collections.find((c) => slugs[c] === what);
	if (!collection) return { view: "list", source, collection: collections[0] };
	const filters = readFilters(parameters);
	if (name === "") return { view: "list", source, collection, filters, tree: treeOf(parameters.get("view")) };
	return { view: "definition", source, collection, name, ordinal: ordinalOf(parameters.get("n")) };
}

/** Reads an ordinal; the first needs none. */
function ordinalOf(text: string | null): number | undefined {
	const n = Number(text);
	return Number.isSafeInteger(n) && n > 1 ? n : undefined;
}

/** Reads how a collection is to be shown. */
function treeOf(text: string | null): boolean | undefined {
	return text === "tree" || text === "list" ? text === "tree" : undefined;
}

function shapeOf(tree: boolean | undefined): Record<string, string> {
	return tree === undefined ? {} : { view: tree ? "tree" : "list" };
}

/** Writes parameters, "?" included, if there are any. */
function written(filters: Filters | undefined, first: Record<string, string> = {}): string {
	const parameters = new URLSearchParams(first);
	writeFilters(parameters, filters ?? {});
	return parameters.size > 0 ? `?${parameters}`.replaceAll("+", "%20") : "";
}

/** Writes a fragment, "#" included. */
export function formatRoute(route: Route): string {
	const source = `#/s/${encodeURIComponent(route.source)}`;
	switch (route.view) {
		case "list":
			return `${source}/${slugs[route.collection]}${written(route.filters, shapeOf(route.tree))}`;
		case "definition":
			return `${source}/${slugs[route.collection]}/${encodeURIComponent(route.name)}${route.ordinal ? `?n=${route.ordinal}` : ""}`;
		case "search":
			return `${source}/search${written(route.filters, { q: route.query })}`;
		case "problems":
			return `${source}/problems`;
		default:
			return `${source}/${route.view}${route.at ? `/${encodeURIComponent(route.at)}` : ""}${route.parameters ? `?${route.parameters}` : ""}`;
	}
}
