/** All words of the page. */
import type { Collection, ErrorCode, Kind, Problem, Progress, Usage } from "ldapedge";
import type { Status } from "./state.ts";
import type { Theme } from "./theme.ts";

const numbers = new Intl.NumberFormat("en");

/** A number with its digits grouped: 1,473. */
export const number = (n: number): string => numbers.format(n);

const counted = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;

interface CollectionWords {
	/** Of the tab. */
	many: string;
	one: string;
	/** Beside a search result, where there is little room. */
	short: string;
}

const collections: Record<Collection, CollectionWords> = {
	objectClasses: { many: "Object classes", one: "object class", short: "class" },
	attributeTypes: { many: "Attribute types", one: "attribute type", short: "attribute" },
	matchingRules: { many: "Matching rules", one: "matching rule", short: "rule" },
	ldapSyntaxes: { many: "Syntaxes", one: "syntax", short: "syntax" },
};

const kinds: Record<Kind, string> = {
	ABSTRACT: "abstract",
	STRUCTURAL: "structural",
	AUXILIARY: "auxiliary",
};

interface UsageWords {
	full: string;
	/** Beside a name in the list. */
	short: string;
}

const usages: Record<Usage, UsageWords> = {
	userApplications: { full: "user applications", short: "user" },
	directoryOperation: { full: "directory operation", short: "operational" },
	distributedOperation: { full: "distributed operation", short: "distributed" },
	dSAOperation: { full: "DSA operation", short: "DSA" },
};

const statuses: Record<Status, string> = {
	loading: "loading",
	live: "live",
	lost: "lost",
	failed: "failed",
};

const stages: Record<"listing" | Progress["stage"], (server: string) => string> = {
	listing: () => "Asking the connector for its servers …",
	connecting: (server) => `Connecting to ${server} …`,
	reading: (server) => `Reading the schema of ${server} …`,
};

const themes: Record<Theme, string> = { system: "System", light: "Light", dark: "Dark" };

interface ErrorWords {
	/** What failed. */
	title: string;
	/** What to try. */
	hint: string;
}

const errors: Record<ErrorCode, ErrorWords> = {
	"connector-unreachable": {
		title: "The connector does not answer",
		hint: `It is not running, or it refuses pages from ${globalThis.location?.origin}. Start it, or add this origin to “origins” in its configuration.`,
	},
	"not-authenticated": {
		title: "The connector asks for a token",
		hint: "Try again, and enter the token that the connector printed when it started.",
	},
	"not-permitted": {
		title: "The schema may not be read",
		hint: "The connector or the LDAP server refuses. Ask whoever runs them to let this client read the schema.",
	},
	"unknown-server": {
		title: "The connector does not offer this server",
		hint: "It may have been renamed or taken out of the connector’s configuration. Choose another one, or try again.",
	},
	"server-unreachable": {
		title: "The LDAP server cannot be reached",
		hint: "The connector is running but gets no connection to the server, or has lost it. See that the server is running and that the connector’s host can reach it.",
	},
	timeout: {
		title: "The LDAP server does not answer in time",
		hint: "It may be busy, or a firewall may drop what is sent to it. Try again in a moment.",
	},
	"too-many": {
		title: "The connector has too many sessions",
		hint: "Close pages that are not needed, and try again.",
	},
	idle: {
		title: "The session was idle for too long",
		hint: "Try again to open a new one.",
	},
	draining: {
		title: "The connector is shutting down",
		hint: "Try again once it is back.",
	},
	protocol: {
		title: "The other side does not speak the protocol",
		hint: "See that the URL of the server leads to an LDAP server, and that connector and page are of the same version.",
	},
	"no-schema": {
		title: "The server publishes no schema",
		hint: "Its root DSE names no subschemaSubentry, or that entry may not be read without a bind. Give the connector credentials for this server.",
	},
	result: {
		title: "The LDAP server answered with an error",
		hint: "The technical cause has its result code. Try again, or look into the server’s log.",
	},
	"unknown-definition": {
		title: "This schema has no such definition",
		hint: "Another server’s schema may have it, or it goes by another name. Search for a part of the name or for the OID.",
	},
	"invalid-value": {
		title: "This cannot be a value of the attribute",
		hint: "The technical cause says why. Correct the value.",
	},
	"not-offered": {
		title: "The connector does not offer this server",
		hint: "It may be one that a referral names. Whoever runs the connector can add it.",
	},
	"unknown-name": {
		title: "The server’s schema has no such name",
		hint: "The technical cause names it. Correct the attribute or the object class.",
	},
	"invalid-filter": {
		title: "This is no filter",
		hint: "The technical cause says what is wrong, and where.",
	},
	busy: {
		title: "The connection is busy",
		hint: "Try again once what is in progress is over.",
	},
	"pool-exhausted": {
		title: "No server of the pool can be opened",
		hint: "The technical cause says why of each.",
	},
	cancelled: {
		title: "Cancelled",
		hint: "Nothing has been read. Try again to read the schema.",
	},
	usage: {
		title: "The page has asked for something that makes no sense",
		hint: "This is a fault of the page. Reload it.",
	},
	internal: {
		title: "The page has failed",
		hint: "This is a fault of the page. Reload it.",
	},
	module: {
		title: "The WebAssembly module cannot be loaded, or has ended",
		hint: "Try again. If it goes on, see that the browser allows WebAssembly and that the connector is running.",
	},
};

const problems: Record<Problem["code"], string> = {
	syntax: "not readable",
	value: "value out of range",
	keyword: "unknown keyword",
	repeated: "repeated field",
	quote: "apostrophe",
	duplicate: "defined twice",
	more: "more",
};

export const text = {
	page: {
		title: "LDAP schema viewer",
		description: "Reads the schema of a live LDAP server.",
		noScript: "This page needs JavaScript and WebAssembly.",
	},
	titleOf: (...parts: (string | undefined)[]) => [...parts, "LDAP schema"].filter(Boolean).join(" · "),

	collections,
	kinds,
	usages,
	statuses,
	stages,
	themes,
	errors,

	bar: {
		skip: "Skip to the definition",
		source: "Source",
		noSource: "no server",
		goneSource: (name: string) => `${name} (not offered)`,
		search: "Search the schema",
		placeholder: "Search: name, OID, mail*",
		reload: "Reload",
		cancel: "Cancel",
		theme: (name: string) => `Theme: ${name}`,
	},

	list: {
		label: "Definitions",
		tabs: "Collections",
		results: "Search results",
		found: (total: number, shown: number) =>
			total > shown ? `${number(shown)} of ${number(total)} found` : `${number(total)} found`,
		nothing: "Nothing is found. * stands for any characters: *name, 2.5.4.*",
		empty: (collection: Collection) => `The schema has no ${collections[collection].many.toLowerCase()}.`,
		problems: (n: number) => counted(n, "problem", "problems"),
		keys: "Keys",
		obsolete: "obsolete",
	},

	overview: {
		url: "URL",
		entry: "Subschema entry",
		open: "Choose a definition from the list, or search for a part of a name, an OID or a description.",
		empty: "The schema is empty",
		emptyHint:
			"The server has a subschema entry, but no definitions that may be read are in it. It may show them after a bind: give the connector credentials for this server.",
		noServers: "The connector offers no servers",
		noServersHint: "Add one under “servers” in its configuration, start it again, and try again.",
	},

	definition: {
		back: "Back to the list",
		also: "also",
		oid: "OID",
		copy: "Copy",
		copied: "Copied",
		selected: "Selected",
		copyWhat: (what: string) => `Copy ${what}`,
		theOID: "the OID",
		theRaw: "the raw definition",
		obsolete: "obsolete",
		isDefault: "the default: the definition does not say",
		sup: "SUP",
		superclasses: "Superclasses",
		subclasses: "Subclasses",
		supertypes: "Supertypes",
		must: "MUST",
		may: "MAY",
		own: "its own",
		from: "from",
		none: "none",
		notDefined: "not defined",
		all: (n: number) => `all ${number(n)}`,
		syntax: "Syntax",
		length: (n: number) => `length up to ${n}`,
		values: "Values",
		single: "single",
		multi: "multiple",
		modifiable: "Modifiable by users",
		collective: "Collective",
		usage: "Usage",
		equality: "EQUALITY",
		ordering: "ORDERING",
		substr: "SUBSTR",
		yes: "yes",
		no: "no",
		extensions: "Extensions",
		extensionName: "Name",
		extensionValues: "Values",
		raw: "Raw definition",
		ordinal: (n: number) => `no. ${number(n)}`,
		shared: (name: string, ordinal: number, total: number) =>
			`This is definition ${number(ordinal)} of ${number(total)} under “${name}”.`,
		takesThis: "Look-ups take this one, not",
		takesFirst: "Look-ups take the first:",
		definitionNo: (n: number) => `definition ${number(n)}`,
		moreDefinitions: (n: number) => `and ${counted(n, "more", "more")}`,
		missing: (collection: Collection, name: string, ordinal = 1) =>
			`There is no ${collections[collection].one} “${name}”${ordinal > 1 ? `, no. ${number(ordinal)}` : ""}`,
		searchFor: (name: string) => `Search for “${name}”`,
	},

	problems: {
		heading: "Problems",
		title: (n: number) => counted(n, "problem", "problems"),
		explain: "Values of the subschema entry that are not as RFC 4512 has them, with the place marked.",
		codes: problems,
		end: "end of the text",
		none: "The schema has no problems.",
	},

	failure: {
		where: "Where:",
		retry: "Try again",
		cause: "Technical cause",
		notOffered: (server: string) => `The connector does not offer “${server}”`,
		others: "The connector offers:",
		stays: "The schema stays as it was read.",
	},

	token: {
		title: "Enter the connector’s token",
		explain: "The connector asks for the token that it printed when it started.",
		label: "Token",
		wrong: "The connector does not accept this token.",
		keep: "It is kept for this tab only.",
		submit: "Use the token",
		cancel: "Cancel",
	},

	keys: {
		title: "Keys",
		list: [
			[["/"], "to the search field"],
			[["Esc"], "clears the search"],
			[["↑", "↓"], "move through the list"],
			[["Enter"], "opens; in the search field the best result"],
			[["[", "]"], "open the previous and the next of the list"],
			[["?"], "shows the keys"],
		] satisfies [string[], string][],
		single: "Use / [ ] ? as shortcuts",
		close: "Close",
	},
};
