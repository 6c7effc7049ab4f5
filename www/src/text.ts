/** All words of the page. */
import type {
	Collection,
	Effect,
	ErrorCode,
	Failure,
	Kind,
	Problem,
	Progress,
	Severity,
	TextFormat,
	Usage,
} from "ldapedge";
import type { Choice, Facet } from "./filters.ts";
import type { Operator } from "./pages/lookup/filtertree.ts";
import type { Scope } from "./pages/lookup/query.ts";
import type { PageView } from "./route.ts";
import type { Status } from "./state.ts";
import type { Theme } from "./theme.ts";

const numbers = new Intl.NumberFormat("en");

const sizes = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A number with its digits grouped: 1,473. */
export const number = (n: number): string => numbers.format(n);

const counted = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** How a search has ended. */
interface SearchOutcome {
	found: number;
	/** In milliseconds. */
	took: number;
	more: boolean;
	estimate: number | undefined;
	limited: "size" | "time" | undefined;
	cancelled: boolean;
}

interface CollectionWords {
	many: string;
	/** Of the tab. */
	tab: string;
	one: string;
	/** Beside a search result, where there is little room. */
	short: string;
}

const collections: Record<Collection, CollectionWords> = {
	objectClasses: { many: "Object classes", tab: "Classes", one: "object class", short: "class" },
	attributeTypes: { many: "Attribute types", tab: "Attributes", one: "attribute type", short: "attribute" },
	matchingRules: { many: "Matching rules", tab: "Rules", one: "matching rule", short: "rule" },
	ldapSyntaxes: { many: "Syntaxes", tab: "Syntaxes", one: "syntax", short: "syntax" },
	matchingRuleUse: {
		many: "Matching rule uses",
		tab: "Rule uses",
		one: "matching rule use",
		short: "rule use",
	},
	dITContentRules: {
		many: "DIT content rules",
		tab: "Content rules",
		one: "DIT content rule",
		short: "content rule",
	},
	dITStructureRules: {
		many: "DIT structure rules",
		tab: "Structure rules",
		one: "DIT structure rule",
		short: "structure rule",
	},
	nameForms: { many: "Name forms", tab: "Name forms", one: "name form", short: "name form" },
};

const kinds: Record<Kind, string> = {
	ABSTRACT: "abstract",
	STRUCTURAL: "structural",
	AUXILIARY: "auxiliary",
};

/** What the narrowing kind: takes. */
const kindWords = [
	"class",
	"abstract",
	"structural",
	"auxiliary",
	"attribute",
	"rule",
	"syntax",
	"ruleuse",
	"contentrule",
	"structurerule",
	"nameform",
];

/** The values of filters. */
const choices: Partial<Record<Facet, Record<string, string>>> = {
	kind: kinds,
	usage: { user: "user", operational: "operational" },
	obsolete: { yes: "obsolete" },
	unused: { yes: "in no class" },
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
	saved: "saved",
	offline: "pre-built",
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
		hint: "Its root DSE names no subschemaSubentry, or that entry may not be read without a bind.",
	},
	result: {
		title: "The LDAP server answered with an error",
		hint: "The technical cause has its result code. Try again, or look into the server’s log.",
	},
	"no-root-dse": {
		title: "There is no root DSE",
		hint: "The server does not show it, or it was not saved with the schema. Open the server live, or a file that has its DsaInfo too.",
	},
	unreadable: {
		title: "This is no schema",
		hint: "Files of python ldap3’s JSON, LDIF of a subschema entry or of Active Directory’s schema, OpenLDAP’s .schema and definitions as they are can be read.",
	},
	"unknown-offline": {
		title: "There is no such pre-built schema",
		hint: "Choose one of the list.",
	},
	unavailable: {
		title: "A file of this page could not be loaded",
		hint: "See that the connector runs and can be reached from here, then try again.",
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

/** So many of a collection: "2 name forms". */
const countedOf = (collection: Collection, n: number): string =>
	counted(n, collections[collection].one, collections[collection].many.toLowerCase());

/** Names, as many as one reads. */
const someOf = (names: readonly string[], most = 8): string =>
	names.slice(0, most).join(", ") + (names.length > most ? ` and ${number(names.length - most)} more` : "");

/** The fields that differ, spelled as in definitions; others go by their own names. */
const fields: Record<string, string> = {
	oid: "OID",
	names: "NAME",
	desc: "DESC",
	obsolete: "OBSOLETE",
	sup: "SUP",
	equality: "EQUALITY",
	ordering: "ORDERING",
	substr: "SUBSTR",
	syntax: "SYNTAX",
	length: "length",
	singleValue: "SINGLE-VALUE",
	collective: "COLLECTIVE",
	noUserModification: "NO-USER-MODIFICATION",
	usage: "USAGE",
	kind: "kind",
	must: "MUST",
	may: "MAY",
	applies: "APPLIES",
	aux: "AUX",
	not: "NOT",
	form: "FORM",
	oc: "OC",
};

export const text = {
	page: {
		title: "LDAP schema viewer",
		description: "Shows the schema of an LDAP server, of a file, or a pre-built one.",
		noScript: "This page needs JavaScript and WebAssembly.",
	},
	titleOf: (...parts: (string | undefined)[]) => [...parts, "LDAP schema"].filter(Boolean).join(" · "),

	collections,
	counted: countedOf,
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
		goneSource: (name: string) => `${name} (not there)`,
		servers: "Servers",
		prebuilt: "Pre-built",
		files: "Files",
		more: "Open …",
		search: "Search the schema",
		placeholder: "Search: name, OID, mail*, must:sn",
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
		passing: (total: number, shown: number) => `${number(shown)} of ${number(total)}`,
		nothing: "Nothing is found. * stands for any characters: *name, 2.5.4.*",
		narrowings: 'kind:, syntax:, must: and usedby: narrow: kind:auxiliary, must:sn, syntax:"Directory String".',
		unknown: ({ narrowing, value }: { narrowing: string; value?: string }) =>
			value === undefined
				? `There is no narrowing “${narrowing}:”. To search for a colon, put the word in quotation marks.`
				: `“${narrowing}:” has no “${value}”. It takes ${kindWords.join(", ")}.`,
		filteredOut: "None passes the filters.",
		clearFilters: "Clear the filters",
		empty: (collection: Collection) => `The schema has no ${collections[collection].many.toLowerCase()}.`,
		problems: (n: number) => counted(n, "problem", "problems"),
		keys: "Keys",
		obsolete: "obsolete",
		shape: "Show as",
		asList: "List",
		asTree: "Tree",
		filters: "Filters",
		origins: "Origin",
		originsChosen: (n: number) => `Origin: ${number(n)}`,
		choice: ({ facet, value }: Pick<Choice, "facet" | "value">) => choices[facet]?.[value] ?? value,
	},

	overview: {
		url: "URL",
		entry: "Subschema entry",
		open: "Choose a definition from the list, or search for a part of a name, an OID or a description.",
		empty: "The schema is empty",
		emptyHint:
			"The server has a subschema entry, but no definitions that may be read are in it. It may show them after a bind.",
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
		moreText: (n: number) => `${number(n)} more characters …`,
		cut: (n: number) => `… (${number(n)} more characters are in the raw definition)`,
		number: "Number",
		theNumber: "the number",
		arc: (oid: string, name: string) => `under ${oid}: ${name}`,
		registered: (kind: string, names: string[]) =>
			`registered as ${[kind.toLowerCase(), names.join(", ")].filter(Boolean).join(" ")}`,
		repository: "OID repository",
		entryOf: "What an entry of it has",
		entriesOf: "Look its entries up",
		entriesWith: "Look up entries that have it",
		usedBy: "Used by",
		unused: "Nothing in this schema uses it.",
		directly: "directly",
		mustOf: "MUST of",
		mayOf: "MAY of",
		subtypes: "Subtypes",
		namedBy: "Named by",
		equalityOf: "EQUALITY of",
		orderingOf: "ORDERING of",
		substrOf: "SUBSTR of",
		applies: "APPLIES",
		ruleUse: "Matching rule use",
		syntaxOf: "Syntax of",
		syntaxBySup: "through SUP, of",
		assertedBy: "Asserted by",
		contentRule: "Content rule",
		contentRules: "Content rules",
		auxiliaryIn: "Auxiliary in",
		nameForm: "Name form",
		nameForms: "Name forms",
		structureRules: "Structure rules",
		matchingRuleUses: "Matching rule uses",
		rule: "Matching rule",
		structuralClass: "Structural class",
		aux: "AUX",
		not: "NOT",
		form: "FORM",
		oc: "OC",
		superiorRules: "Superior rules",
		subordinateRules: "Subordinate rules",
		mustOfName: "MUST, in the RDN",
		mayOfName: "MAY, in the RDN",
		showPlace: "Show the place",
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

	diagram: {
		heading: "Neighbourhood",
		label: (name: string) => `Neighbourhood of ${name}`,
		attributes: "Attributes",
		zoomIn: "Larger",
		zoomOut: "Smaller",
		natural: "Actual size",
		download: "Download SVG",
		asList: "As a list",
		asText: { mermaid: "Mermaid", plantuml: "PlantUML" },
		theText: (format: string) => `the ${format} text`,
		above: "Above",
		below: "Below",
		here: "this definition",
		more: (n: number) => `${number(n)} more …`,
		fewer: "fewer",
		moreAttributes: (n: number) => `and ${number(n)} more`,
		failed: "The diagram cannot be drawn.",
		must: "MUST",
		may: "MAY",
	},

	summary: {
		sup: (names: string[]) => `SUP ${names.join(", ")}`,
		counts: (must: number, may: number) => `${number(must)} MUST, ${number(may)} MAY`,
		length: (n: number) => `up to ${number(n)}`,
		single: "single value",
		multi: "multiple values",
		forClass: (name: string) => `for ${name}`,
		applies: (n: number) => `applies to ${counted(n, "attribute type", "attribute types")}`,
	},

	problems: {
		heading: "Problems",
		title: (n: number) => counted(n, "problem", "problems"),
		explain: "Values of the subschema entry that are not as RFC 4512 has them, with the place marked.",
		codes: problems,
		end: "end of the text",
		none: "The schema has no problems.",
	},

	pages: {
		label: "Pages",
		menu: "Menu",
		names: {
			lint: "Lint",
			diff: "Diff",
			export: "Export",
			entry: "Entry",
			lookup: "Look-up",
			server: "Server",
		} satisfies Record<PageView, string>,
		back: "Back to the definitions",
		loading: "Loading the page …",
		more: (n: number) => `Show ${number(n)} more`,
		download: "Download",
		downloadAs: (what: string) => `Download ${what}`,
		copy: "Copy",
		copyAs: (what: string) => `Copy ${what}`,
		copied: (what: string) => `${what} is copied.`,
		notCopied: "The browser does not let the page copy.",
		exports: "Export",
		waiting: "Working …",
		clear: "Clear the filters",
		nothing: "Nothing passes the filters.",
	},

	lint: {
		title: (n: number) => (n === 0 ? "Lint finds nothing" : `Lint: ${counted(n, "finding", "findings")}`),
		checking: "Checking the schema …",
		explain: "What is wrong with the schema, or merely odd, with the reason for each check.",
		none: "Every definition is as RFC 4512 and good habit have it.",
		shown: (shown: number, all: number) =>
			shown === all
				? counted(all, "finding", "findings")
				: `${number(shown)} of ${counted(all, "finding", "findings")}`,
		severities: { error: "error", warning: "warning", info: "info" } satisfies Record<Severity, string>,
		severity: "Severity",
		kind: "Kind",
		code: "Checks",
		group: "Grouped by",
		by: { definition: "definition", code: "check" },
		schema: "the schema as a whole",
		field: (name: string) => `in ${name}`,
		json: "JSON",
		text: "Text",
	},

	diff: {
		title: "Diff",
		titleOf: (from: string, to: string) => `${from} → ${to}`,
		explain: "Choose what the schema is compared with. The first is taken for the older one.",
		from: "From",
		to: "To",
		choose: "Choose a source …",
		swap: "Exchange the two",
		open: "Open the second source",
		ignore: "Does not matter:",
		descriptions: "descriptions",
		extensions: "X- extensions",
		order: "the order of names and lists",
		prefixes: "Names and OIDs that begin with",
		origins: "Definitions whose X-ORIGIN is",
		none: "The two schemas do not differ.",
		shown: (shown: number, all: number) =>
			shown === all
				? counted(all, "definition differs", "definitions differ")
				: `${number(shown)} of ${number(all)} definitions that differ`,
		effect: "Effect",
		effects: { breaking: "breaking", compatible: "compatible", cosmetic: "cosmetic" } satisfies Record<Effect, string>,
		meaning: {
			breaking: "entries or clients that were right no longer are",
			compatible: "what was right stays right, but more, or other things, can be",
			cosmetic: "nothing behaves differently",
		} satisfies Record<Effect, string>,
		what: "What",
		whats: { added: "added", removed: "removed", changed: "changed" },
		field: "Field",
		fieldOf: (field: string) => fields[field] ?? field,
		raw: "Definitions",
		markdown: "Markdown",
	},

	export: {
		title: "Export",
		scope: "What",
		scopes: { all: "all definitions", selection: "a selection" },
		format: "Format",
		formats: {
			json: { name: "JSON", what: "python ldap3’s JSON of a SchemaInfo, which ldapedge reads too." },
			ldif: { name: "LDIF", what: "LDIF of a subschema entry." },
			openldap: { name: "OpenLDAP", what: "A .schema file for slapd.conf." },
			"openldap-ldif": { name: "OpenLDAP LDIF", what: "An entry of cn=config, for slapadd and ldapadd." },
			jsonschema: { name: "JSON Schema", what: "JSON Schema of entries that have all the selected object classes." },
			typescript: { name: "TypeScript", what: "Types of entries that have the object classes." },
			plantuml: { name: "PlantUML", what: "A diagram of the object classes with their relatives." },
			mermaid: { name: "Mermaid", what: "A diagram of the object classes with their relatives." },
		} satisfies Record<TextFormat, { name: string; what: string }>,
		dependencies: "with what they refer to",
		pick: "Definitions",
		search: "Search the definitions",
		selectFound: (n: number) => `Select ${number(n)}`,
		unselectFound: (n: number) => `Unselect ${number(n)}`,
		selected: (n: number) => `${number(n)} selected`,
		selectSome: "Select the definitions to export.",
		selectClasses: "This format describes entries: select their object classes.",
		preview: "Preview",
		size: (bytes: number) => `${sizes.format(bytes < 1024 ? bytes : bytes / 1024)} ${bytes < 1024 ? "bytes" : "KiB"}`,
		needed: (n: number) => `with ${counted(n, "definition", "definitions")} that the selection refers to`,
		cut: "The preview ends here; copies and downloads have it all.",
		changed: (n: number) => `${counted(n, "place", "places")} that the format cannot hold as they are`,
	},

	entry: {
		title: "Entry helper",
		explain: "Choose the object classes of an entry, to see what it must and may have.",
		add: "Add an object class",
		placeholder: "Name or OID",
		offered: "Object classes that match",
		count: (n: number) => counted(n, "class is offered", "classes are offered"),
		chosen: "Chosen object classes",
		remove: (name: string) => `Remove ${name}`,
		problems: "Why there can be no such entry",
		problem: (message: string) => `There can be no such entry: ${message}.`,
		structural: "Structural class",
		classes: "With superclasses",
		rule: "Content rule",
		precluded: "Precluded",
		any: "Any attribute",
		anyWhy: "extensibleObject allows every user attribute",
		attribute: "Attribute",
		from: "From",
		server: "set by the server",
		must: "MUST",
		may: "MAY",
		template: "Template",
		ldif: "LDIF",
	},

	failure: {
		told: ({ code, cause }: Failure) => `${errors[code].title}: ${cause}`,
		where: "Where:",
		retry: "Try again",
		cause: "Technical cause",
		notOffered: (server: string) => `The connector does not offer “${server}”`,
		forgotten: (name: string) => `“${name}” is not there any more`,
		others: "The connector offers:",
		stays: "The schema stays as it was read.",
	},

	newer: {
		title: "There is a newer version of this page.",
		reload: "Reload",
		later: "Later",
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

	sources: {
		title: "Open a schema",
		open: "Open another …",
		opened: "Open",
		servers: "Servers of the connector",
		prebuilt: "Pre-built",
		recent: "Files opened before",
		file: "A file",
		fileHint:
			"JSON of ldapedge or python ldap3, LDIF of a subschema entry, or an OpenLDAP .schema; or drop it anywhere on the page. It stays in this browser.",
		tooLarge: (name: string, most: number) =>
			`“${name}” is larger than ${number(most >> 20)} MiB, the most that is read.`,
		drop: "Drop the file to show its schema",
		paste: "A text",
		pasteHint: "The same, or single definitions, one on each line",
		pasted: "pasted text",
		show: "Show",
		close: (name: string) => `Close ${name}`,
	},

	merge: {
		edit: (name: string) => `Edit ${name} as text`,
		edited: (name: string) => (name.endsWith(" (edited)") ? name : `${name} (edited)`),
		/** Of two schemas together. */
		both: (base: string, added: string) => `${base} + ${added}`,
		writing: "Writing the schema …",
		allHeld: "All of the schema is in the text.",
		lost: (n: number) =>
			`All of the schema is in the text but ${counted(n, "value that is no definition", "values that are no definitions")}`,
		tooLong: (most: number) => `The schema has more than ${number(most)} characters, the most that is edited here.`,
		exportInstead: "Export a selection, change that, and add it.",
		name: "Its name",
		add: (base: string) => `Add to ${base}`,
		addFile: (base: string) => `Add a file to ${base}`,
		dropToAdd: (base: string) => `Drop it here to add it to ${base}`,
		adding: (file: string, base: string) => `Adding ${file} to ${base} …`,
		failed: (file: string, { code, cause }: Failure) =>
			`“${file}” cannot be added. ${errors[code].title}: ${cause}. ${errors[code].hint}`,
		added: (file: string, base: string) => `${file} was added to ${base}.`,
		nothingNew: (file: string, base: string) => `${base} has all definitions of ${file} as they are.`,
		replacedOf: (collection: Collection, names: readonly string[]) =>
			`${countedOf(collection, names.length)} replaced: ${someOf(names)}`,
		addedOf: (collection: Collection, names: readonly string[]) =>
			`${countedOf(collection, names.length)} added: ${someOf(names)}`,
		problems: (file: string, n: number) => `${file} has ${counted(n, "problem", "problems")}`,
		compare: "See the differences",
		close: "Close the report",
	},

	bind: {
		open: "Bind …",
		title: (server: string) => `Bind to ${server}`,
		explain: "The schema is read once more as this entry. The password is used for that and kept nowhere.",
		dn: "DN",
		password: "Password",
		submit: "Bind and read",
	},

	keys: {
		title: "Keys",
		list: [
			[["/"], "to the search field"],
			[["Esc"], "clears the search"],
			[["↑", "↓"], "move through the list; Home, End, Page Up and Page Down as well"],
			[["→", "←"], "open and close a part of the tree"],
			[["Enter"], "opens; in the search field the best result"],
			[["[", "]"], "open the previous and the next of the list"],
			[["Backspace"], "goes back, as Alt and ← do"],
			[["?"], "shows the keys"],
		] satisfies [string[], string][],
		single: "Use / [ ] ? and Backspace as shortcuts",
		close: "Close",
	},

	values: {
		empty: "(empty)",
		bytes: "bytes",
		bytesOf: (name: string) => `Bytes of ${name}`,
		size: (n: number) => counted(n, "byte", "bytes"),
		problem: (message: string) => `Not what the attribute says: ${message}`,
		photo: "Photo",
		broken: (size: string) => `A picture that cannot be shown, ${size}`,
		never: "never",
	},

	server: {
		saved: "As it was saved: nobody is asked.",
		asking: "Reading the root DSE …",
		noInfo: "This source has a schema and no root DSE.",
		infoFailed: "The root DSE cannot be read",
		facts: "What it says of itself",
		vendor: "Vendor",
		version: "Version",
		ldapVersions: "LDAP versions",
		sasl: "SASL mechanisms",
		contexts: "Naming contexts",
		altServers: "Alternative servers",
		subschema: "Subschema entry",
		unsaid: "It names none.",
		controls: "Controls",
		extensions: "Extended operations",
		features: "Features",
		name: "Name",
		oid: "OID",
		document: "Defined in",
		unknown: "not in the registry",
		rootDSE: "Root DSE",
		session: "A session of this page",
		opening: "Opening a session …",
		target: "Server",
		address: "Address",
		tls: "TLS",
		noTLS: "none: the connector speaks plain LDAP with the server",
		plain: "plain",
		certificate: "Certificate",
		verified: "verified",
		notVerified: "not verified",
		fingerprint: "SHA-256 fingerprint",
		addresses: "Addresses",
		members: (strategy: string) => `Members, ${strategy}`,
		check: "Check now",
		checking: "Checking …",
		checkedAt: (at: Date) => `checked at ${clock.format(at)}`,
		tooOften: "It was checked just now. Wait a moment.",
		state: "State",
		latency: "Latency",
		milliseconds: (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`,
		bindFailed: (cause: string) => `the connector’s login fails: ${cause}`,
		states: {
			up: "up",
			down: "down",
			quarantined: "quarantined",
			exhausted: "left out",
			probation: "on probation",
			slowStart: "starting slowly",
			answers: "answers",
			fails: "fails",
			unknown: "not known yet",
		} as Record<string, string>,
		stages: {
			configure: "its configuration",
			resolve: "looking its name up",
			connect: "connecting",
			starttls: "StartTLS",
			tls: "the TLS handshake",
			ldap: "reading the root DSE",
		} as Record<string, string>,
	},

	lookUp: {
		title: "Look entries up",
		heading: (server: string) => `Look up in ${server}`,
		needsServer: "This schema is not a server’s that could be asked. The connector’s servers:",
		anonymous: "anonymous",
		boundAs: (dn: string) => `bound as ${dn}`,
		unbind: "Be anonymous",
		bind: "Bind",
		bindExplain:
			"Searches are done as this entry until the session ends. The password is used for the bind and kept nowhere.",
		base: "Base",
		rootDSE: "the root DSE",
		scope: "Scope",
		scopes: { base: "the entry itself", one: "one level below", sub: "the whole subtree" } satisfies Record<
			Scope,
			string
		>,
		size: "At most entries",
		time: "At most seconds",
		noLimit: "no limit",
		attributes: "Attributes",
		allAttributes: "all that users have",
		removeAttribute: (name: string) => `Remove ${name}`,
		submit: "Search",
		filterText: "Filter as text",
		behind: "These are the conditions of the last text that was a filter.",
		noFilter: (cause: string) => `This is no filter: ${cause}`,
		join: "Of the conditions",
		and: "all (AND)",
		or: "any (OR)",
		not: "not",
		negated: "negated",
		addCondition: "Add a condition",
		addGroup: "Add a group",
		removeCondition: "Remove the condition",
		removeGroup: "Remove the group",
		attribute: "Attribute",
		operator: "Operator",
		value: "Value",
		rule: "Matching rule",
		asText: "edit it as text",
		notDefined: "The schema does not define this attribute.",
		noRule: (field: string) => `The schema names no ${field} rule for it: a server may find nothing.`,
		operators: {
			equals: "equals",
			contains: "contains",
			begins: "begins with",
			ends: "ends with",
			pattern: "is like (with *)",
			present: "is there",
			atLeast: "is at least",
			atMost: "is at most",
			approx: "sounds like",
			rule: "by the rule",
		} satisfies Record<Operator, string>,
		/** By syntax. */
		examples: {
			"1.3.6.1.4.1.1466.115.121.1.12": "cn=…,dc=example,dc=com",
			"1.3.6.1.4.1.1466.115.121.1.24": "20260131120000Z",
			"1.3.6.1.4.1.1466.115.121.1.27": "1000",
		} as Record<string, string>,
		results: "Results",
		start: "Search to see entries here.",
		dn: "DN",
		searching: "Searching",
		running: (found: number, ms: number) => `${counted(found, "entry", "entries")} so far, ${seconds(ms)} …`,
		done: ({ found, took, more, estimate, limited, cancelled }: SearchOutcome) =>
			[
				`${counted(found, "entry", "entries")}${estimate ? ` of about ${number(estimate)}` : ""} in ${seconds(took)}`,
				more && "there are more",
				limited === "size" && "the size limit is reached: there may be more",
				limited === "time" && "the time limit is reached: there may be more",
				cancelled && "cancelled",
			]
				.filter(Boolean)
				.join("; "),
		nextPage: "Next page",
		references: "Other servers have",
		download: "Download all that is found",
		formats: { ldif: "LDIF", json: "JSON", csv: "CSV" },
		downloading: (found: number) => `${counted(found, "entry", "entries")} …`,
		entry: "Entry",
		theDN: "the DN",
		reading: "Reading the entry …",
		noEntry: "There is no such entry, or it may not be read.",
		backToResults: "Back to the results",
		attributeCount: (n: number) => `${counted(n, "attribute", "attributes")} that may be read`,
		/** Where what is said of schemas does not fit. */
		errors: {
			result: {
				title: "The LDAP server has answered with an error",
				hint: "Correct the search, or bind as somebody who may.",
			},
			"not-permitted": {
				title: "The search is refused",
				hint: "The connector or the LDAP server does not let this client do so.",
			},
		} as Partial<Record<ErrorCode, ErrorWords>>,
	},
};
