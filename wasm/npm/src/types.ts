/**
 * What crosses the boundary to the module, spelled out by hand. The module's
 * own tests write samples of its answers, and the type check holds these types
 * against them.
 */

import type { Origin, SchemaCalls } from "./schematypes.js";

export type * from "./schematypes.js";

/** The collections of definitions, by the LDAP attribute that holds them (RFC 4512 §4.2). */
export type Collection = "objectClasses" | "attributeTypes" | "matchingRules" | "ldapSyntaxes" | OtherCollection;

/** The collections of which many servers publish nothing. */
export type OtherCollection = "matchingRuleUse" | "dITContentRules" | "dITStructureRules" | "nameForms";

/** The kind of an object class (RFC 4512 §2.4). */
export type Kind = "ABSTRACT" | "STRUCTURAL" | "AUXILIARY";

/** The application of an attribute type (RFC 4512 §4.1.2). */
export type Usage = "userApplications" | "directoryOperation" | "distributedOperation" | "dSAOperation";

/** Why a call failed. */
export type ErrorCode =
	/** The connector does not answer, or refuses this page's origin. */
	| "connector-unreachable"
	/** The connector wants a token, or another one. */
	| "not-authenticated"
	/** The connector or the server refuses. */
	| "not-permitted"
	/** The connector has no such server. */
	| "unknown-server"
	/** The connector cannot reach the server, or has lost it. */
	| "server-unreachable"
	/** The server does not answer in time. */
	| "timeout"
	/** The connector has too many sessions. */
	| "too-many"
	/** The session was idle for too long. */
	| "idle"
	/** The connector is shutting down. */
	| "draining"
	/** Someone does not speak the protocol. */
	| "protocol"
	/** The server publishes no schema. */
	| "no-schema"
	/** The server answered with another result than success. */
	| "result"
	/** The source has no root DSE. */
	| "no-root-dse"
	/** A text is no schema. */
	| "unreadable"
	/** There is no such pre-built schema. */
	| "unknown-offline"
	/** A file of the package, or of the caller's, could not be loaded. */
	| "unavailable"
	/** The schema has no such definition. */
	| "unknown-definition"
	/** A value cannot be one of its attribute. */
	| "invalid-value"
	/** The connector does not offer the server, which a referral may have named. */
	| "not-offered"
	/** The server's schema has no such attribute type or object class. */
	| "unknown-name"
	/** A text is no filter. */
	| "invalid-filter"
	/** A bind must be alone on its connection. */
	| "busy"
	/** No server of a pool could be opened. */
	| "pool-exhausted"
	/** The call was cancelled. */
	| "cancelled"
	/** The call makes no sense. */
	| "usage"
	/** A fault of this program. */
	| "internal"
	/** The module could not be loaded, or has ended. */
	| "module";

/** A failure as the module reports it. */
export interface Failure {
	code: ErrorCode;
	/** What could not be reached or asked; absent if it is no place. */
	where?: string;
	/** The technical cause. */
	cause: string;
	/** The value at fault, with the code "invalid-value". */
	value?: InvalidValue;
	/** What a server has answered in place of success, where it has. */
	result?: LDAPResult;
	/** The place in a filter's text, with the code "invalid-filter". */
	offset?: number;
}

/** A value that cannot be one of its attribute. */
export interface InvalidValue {
	/** Its place among the values of the call. */
	index: number;
	/** The attribute description. */
	attribute: string;
	/** The beginning of the value, as text. */
	value: string;
	/** Why it cannot be. */
	reason: string;
}

/** A server as the connector lists it. */
export interface Offer {
	name: string;
	url: string;
	tls: boolean;
}

/** What an open call is doing. */
export interface Progress {
	stage: "connecting" | "reading";
	where: string;
}

/** A definition as a line of a list. */
export interface Item {
	name: string;
	/** Its place among the definitions with the name; absent if it is the first, which is the one that look-ups take. */
	ordinal?: number;
	oid: string;
	desc?: string;
	/** Of object classes. */
	kind?: Kind;
	/** Of attribute types. */
	usage?: Usage;
	obsolete?: boolean;
	/** The places in the list of the direct superclasses, or of the supertype. */
	sup?: number[];
	/** Where it comes from, as X-ORIGIN or X-SCHEMA-FILE says. */
	origin?: string[];
	/** Of an attribute type that no class names. */
	unused?: boolean;
}

export interface CollectionList {
	collection: Collection;
	/** In the server's order. */
	definitions: Item[];
}

/** A value of the subschema entry that is not as it should be. */
export interface Problem {
	code: "syntax" | "value" | "keyword" | "repeated" | "quote" | "duplicate" | "more";
	/** The attribute that holds the value, which may be none of the lists'; absent if it is of no value. */
	collection?: string;
	/** The value, or of a long one what stands around the place. */
	text: string;
	/** The place in the text, in UTF-8 bytes. */
	offset: number;
	message: string;
}

/** A schema as far as lists need it. */
export interface Summary {
	source: number;
	/** Where it comes from, and of when it is. */
	origin: Origin;
	server: string;
	url: string;
	/** The DN of the subschema entry. */
	entry: string;
	collections: CollectionList[];
	problems: Problem[];
}

/** A definition named from within another. */
export interface Ref<C = Collection> {
	collection: C;
	/** As it is written there: a name or an OID. */
	name: string;
	desc?: string;
	/** Whether the schema defines it. */
	known: boolean;
	/** Its place among the definitions with the name; absent if it is the first. */
	ordinal?: number;
}

export interface Inherited extends Ref {
	/** What it is inherited from; absent if it is the definition's own. */
	from?: Ref;
}

export interface Syntax extends Inherited {
	/** The minimum upper bound on a value's length; absent if there is none. */
	length?: number;
}

export interface Extension {
	name: string;
	values: string[];
}

/** A name or an OID that several definitions of a collection have. */
export interface Shared {
	name: string;
	/** The definition's place among those that have it, from 1. */
	ordinal: number;
	/** How many have it. */
	total: number;
	/** The one that look-ups take. */
	first: { name: string; oid: string };
}

/** Something wrong with a definition's text. */
export interface Flaw {
	code: Problem["code"];
	/** The place in the text, in UTF-8 bytes. */
	offset: number;
	message: string;
}

/** Everything of one definition. */
export interface Definition {
	collection: Collection;
	/** The first name, or the OID of a definition without a name. */
	name: string;
	/** Its place among the definitions with that name; absent if it is the first. */
	ordinal?: number;
	names: string[];
	oid: string;
	desc?: string;
	obsolete: boolean;
	/** The fields that the text leaves to the RFC's default. */
	defaulted: ("kind" | "usage")[];
	extensions: Extension[];
	raw: string;
	/** The names and the OID that other definitions of the collection have too. */
	shared: Shared[];
	/** What is wrong with the text. */
	problems: Flaw[];
	/** Of object classes. */
	class?: {
		kind: Kind;
		sup: Ref[];
		/** Nearest first. */
		superclasses: Ref[];
		/** The direct ones. */
		subclasses: Ref[];
		/** Own first, then inherited, nearest first. */
		must: Inherited[];
		may: Inherited[];
		/** The content rule for the class; absent if there is none. */
		contentRule?: Ref<OtherCollection>;
		/** The content rules that list the class in AUX. */
		auxiliaryIn: Ref<OtherCollection>[];
		/** Those for the class. */
		nameForms: Ref<OtherCollection>[];
		/** Those for its name forms. */
		structureRules: Ref<OtherCollection>[];
	};
	/** Of attribute types. */
	attribute?: {
		sup?: Ref;
		/** Nearest first. */
		supertypes: Ref[];
		/** The direct ones. */
		subtypes: Ref[];
		syntax?: Syntax;
		equality?: Inherited;
		ordering?: Inherited;
		substr?: Inherited;
		singleValue: boolean;
		collective: boolean;
		noUserModification: boolean;
		usage: Usage;
		/** The classes whose entries must have the attribute, those that name it first. */
		requiredBy: Inherited[];
		/** The classes whose entries may have it, likewise. */
		allowedBy: Inherited[];
		/** The content rules, name forms and matching rule uses that name it. */
		rules: Ref<OtherCollection>[];
	};
	/** Of matching rules. */
	rule?: {
		syntax?: Syntax;
		/** The attribute types that have the rule in that place, with the supertype that they inherit it from. */
		equality: Inherited[];
		ordering: Inherited[];
		substr: Inherited[];
		/** Those that its matchingRuleUse lists. */
		applies: Ref[];
		/** The rule's matchingRuleUse; absent if there is none. */
		use?: Ref<OtherCollection>;
	};
	/** Of syntaxes. */
	ldapSyntax?: {
		/** The attribute types that name it. */
		attributes: Ref[];
		/** Those that have it through SUP. */
		inheriting: Ref[];
		/** The matching rules that assert it. */
		rules: Ref[];
	};
	/** Of matching rule uses. */
	ruleUse?: {
		rule: Ref;
		applies: Ref[];
	};
	/** Of DIT content rules. */
	contentRule?: {
		/** The structural class that it is for. */
		class: Ref;
		aux: Ref[];
		must: Ref[];
		may: Ref[];
		not: Ref[];
	};
	/** Of DIT structure rules. */
	structureRule?: {
		form?: Ref<OtherCollection>;
		/** The class of the name form. */
		oc?: Ref;
		sup: Ref<OtherCollection>[];
		/** The rules that name it in SUP. */
		subordinates: Ref<OtherCollection>[];
	};
	/** Of name forms. */
	nameForm?: {
		oc?: Ref;
		must: Ref[];
		may: Ref[];
		/** Those that are for it. */
		structureRules: Ref<OtherCollection>[];
	};
}

/** A definition that a search has found. */
export interface Hit extends Item {
	collection: Collection;
	/** The name that matches, if it is another than the first one. */
	also?: string;
	/** Whether it is the description that matches. */
	inDesc?: boolean;
}

/** What a search has found, best first. */
export interface Hits {
	hits: Hit[];
	/** How many there are beyond the limit too. */
	total: number;
	/** The pieces of text that were searched for, in small letters. */
	marks: string[];
	/** A narrowing that the query has and searches do not know, or whose value they do not. */
	unknown?: { narrowing: string; value?: string };
}

/**
 * What the module answers to a search: hits are places, that of the list among those of the summary and that in the list,
 * with a 1 where it is the description that matches, or the name that matches where it is another than the first one.
 */
export interface FrameHits extends Omit<Hits, "hits"> {
	hits: ([collection: number, index: number] | [collection: number, index: number, how: 1 | string])[];
}

/** A server of a connector. */
export interface Endpoint {
	/** The connector's base URL. */
	connector: string;
	/** The connector's token; empty if it asks for none. */
	token: string;
	/** The name under which the connector knows the server. */
	server: string;
	/** The server's URL. */
	url: string;
}

/** Bytes in JSON, as python ldap3 writes them. */
export interface EncodedBytes {
	encoding: "base64";
	encoded: string;
}

/** A list of access control entries; null for one that is there and grants everything. */
export type AccessControlList = AccessControlEntry[] | null;

/** An access control entry ([MS-DTYP] 2.4.4). */
export interface AccessControlEntry {
	type: string;
	flags: string[];
	/** Absent, as are all that follow it, in an entry of an unknown type. */
	mask?: number;
	rights?: string[];
	objectType?: string;
	inheritedObjectType?: string;
	sid?: string;
	/** In base64. */
	applicationData?: string;
	/** An entry of an unknown type, in base64. */
	raw?: string;
}

/** A security descriptor ([MS-DTYP] 2.4.6). */
export interface SecurityDescriptor {
	control: string[];
	resourceManager?: number;
	owner?: string;
	group?: string;
	dacl?: AccessControlList;
	sacl?: AccessControlList;
}

/**
 * A value as the module answers it: its JSON form, but for whole numbers, which
 * are digits, for JSON.parse would round them.
 */
export type FrameValue =
	| { kind: "text" | "time" | "guid" | "sid"; value: string }
	| { kind: "bytes"; value: EncodedBytes }
	/** `wide`: the syntax has 64 bits. */
	| { kind: "integer"; value: string; wide?: true }
	| { kind: "boolean"; value: boolean }
	| { kind: "interval"; value: { interval: string; ticks: string } }
	| { kind: "never"; value: { never: true } }
	| { kind: "flags" | "enumeration"; value: { value: string; names: string[] } }
	| { kind: "securityDescriptor"; value: EncodedBytes & { sddl: string; descriptor: SecurityDescriptor } };

/** What is wrong with one of several values. */
export interface ValueProblem {
	/** Its place among the values. */
	index: number;
	message: string;
}

/** The values of an attribute as the module answers them. */
export interface FrameValues {
	values: FrameValue[];
	single: boolean;
	problems: ValueProblem[];
}

/** A value as the module reads it: its JSON form, or the digits of a whole number, which JSON.stringify would round. */
export type FrameForm = { json: unknown } | { digits: string };

/** An attribute, of an open schema if source is there; else its name alone decides. */
interface OfAttribute {
	source?: number;
	attribute: string;
}

interface OfSource {
	source: number;
}

/** A result other than success (RFC 4511 §4.1.9). */
export interface LDAPResult {
	code: number;
	/** The code's name: "noSuchObject". */
	name: string;
	/** What was asked for: "bind", "search". */
	operation: string;
	matchedDN: string;
	diagnosticMessage: string;
	referrals: string[];
}

/** A server or pool by the name that a connector has for it. */
export interface NamedServer {
	url: string;
	name: string;
}

/** A server as package server defines it. */
export interface ServerDefinition {
	host: string;
	allowed_referral_hosts?: readonly (readonly [string, boolean])[];
	get_info?: string;
	connect_timeout?: number;
}

export interface PoolMemberDefinition {
	server?: ServerDefinition;
	pool?: PoolDefinition;
	weight?: number;
	max_connections?: number;
}

/** A pool as package pool defines it. */
export interface PoolDefinition {
	servers: PoolMemberDefinition[];
	[option: string]: unknown;
}

/** The order in which the members of a pool are tried. */
export type Strategy = "FIRST" | "ROUND_ROBIN" | "RANDOM" | "WEIGHTED" | "FEWEST_CONNECTIONS" | "FASTEST";

/** How a server does; a pool within another is "up" or "down". */
export type Health = "up" | "quarantined" | "exhausted" | "probation" | "slowStart" | "down";

/** How a member of a pool does. */
export interface MemberState {
	/** The server's; absent for a pool. */
	url?: string;
	/** The pool within. */
	pool?: PoolState;
	state: Health;
	/** When it is no longer out. */
	until?: string;
	weight: number;
	/** Absent without a limit. */
	maxConnections?: number;
	/** Those that are open or being opened. */
	connections: number;
	/** How often it was chosen. */
	picks: number;
	/** How often in a row opening and checking it failed. */
	failures: number;
	/** How often in a row it was quarantined. */
	quarantines: number;
	lastError?: string;
	lastCheck?: string;
	/** How long opening it takes on average. */
	latencySeconds?: number;
}

/** How a pool does. */
export interface PoolState {
	strategy: Strategy;
	active: boolean | number;
	exhaust: boolean | number;
	connections: number;
	members: MemberState[];
}

/** What has happened to a pool. */
export interface PoolEvent {
	kind: "down" | "probation" | "up" | "added" | "removed" | "exhausted" | "returnHome";
	/** The URL of the server that it is about; absent if it is the pool. */
	server?: string;
	error?: Failure;
	/** RFC 3339. */
	at: string;
}

/** The facts of an open session. */
export interface Session {
	/** The server's URL. */
	url: string;
	/** The name under which the connector knows it. */
	server: string;
	/** The address that the connector has dialled. */
	address: string;
	/** Null for plain TCP from the connector to the server. */
	tls: { version: string; cipher: string; verified: boolean; fingerprint: string } | null;
}

/** A part of the tree that another server has. */
export interface Reference {
	/** Where it is; each will do. */
	urls: string[];
	/** Why it was not searched there; absent if it was not tried. */
	error?: Failure;
}

/** What is known once a search has found all. */
export interface SearchEnd {
	references: Reference[];
	/** In base64; absent if there is no further page. */
	cookie?: string;
	/** How many entries there are, as the server thinks. */
	estimate?: number;
}

/** A search as the module reads it. */
export interface FrameSearch {
	base: string;
	scope: "base" | "one" | "sub";
	filter?: string;
	attributes?: readonly string[];
	deref?: "never" | "search" | "find" | "always";
	sizeLimit?: number;
	timeLimit?: number;
	typesOnly?: boolean;
	pageSize?: number;
	manageDsaIT?: boolean;
	page?: { size: number; cookie: string };
	sort?: readonly { attribute: string; rule?: string; reverse?: boolean }[];
}

/** An entry as the module answers it; `raw` is absent where the value is the bytes itself. */
export interface FrameEntry {
	dn: string;
	attributes: {
		name: string;
		single?: boolean;
		values: (FrameValue & { raw?: string })[];
		problems?: ValueProblem[];
	}[];
}

/** What a search has found since the last batch. */
export interface Batch {
	entries?: FrameEntry[];
	text?: string;
	count: number;
	/** With the last one. */
	end?: SearchEnd;
}

/** A value of a filter: a text, or bytes that are none. */
export type FilterValue = string | EncodedBytes;

/** A filter as data (RFC 4511 §4.5.1.7). */
export type Filter =
	| { kind: "and" | "or"; parts?: Filter[] }
	| { kind: "not"; parts: Filter[] }
	| { kind: "present"; attribute: string }
	| {
			kind: "equalityMatch" | "greaterOrEqual" | "lessOrEqual" | "approxMatch";
			attribute: string;
			value: FilterValue;
	  }
	| { kind: "substrings"; attribute: string; initial?: FilterValue; any?: FilterValue[]; final?: FilterValue }
	| { kind: "extensibleMatch"; attribute?: string; rule?: string; value: FilterValue; dnAttributes?: boolean };

/** A filter as text (RFC 4515) and as data. */
export interface ParsedFilter {
	text: string;
	filter: Filter;
}

/** A name and a password as the module reads them; empty is anonymous. */
interface FrameCredentials {
	dn: string;
	password: string;
}

interface ConnectorAddress {
	connector: string;
	token: string;
}

interface OfPool {
	pool: number;
}

interface OfConnection {
	connection: number;
}

interface OfSearch {
	search: number;
}

/** The calls about connections, pools and filters. */
interface ConnectionCalls {
	newPool: { params: { definition: PoolDefinition; named: NamedServer[]; checks?: ConnectorAddress }; result: OfPool };
	poolState: { params: OfPool; result: PoolState };
	poolEvents: { params: OfPool & { after: number }; result: { events: PoolEvent[]; next: number; missed: number } };
	closePool: { params: OfPool; result: Record<string, never> };
	newConnection: {
		params: ConnectorAddress & {
			server?: ServerDefinition;
			pool?: number;
			named: NamedServer[];
			credentials?: FrameCredentials;
			options: Record<string, unknown>;
		};
		result: OfConnection;
	};
	openConnection: { params: OfConnection; result: Session };
	bind: { params: OfConnection & { credentials?: FrameCredentials }; result: Record<string, never> };
	whoAmI: { params: OfConnection; result: { identity: string } };
	compare: {
		params: OfConnection & { dn: string; attribute: string; value: FilterValue };
		result: { matches: boolean };
	};
	watchConnection: { params: OfConnection; result: Record<string, never> };
	closeConnection: { params: OfConnection; result: Record<string, never> };
	searchEntries: { params: OfConnection & { request: FrameSearch; format?: string }; result: OfSearch };
	nextEntries: { params: OfSearch; result: Batch };
	endSearch: { params: OfSearch; result: Record<string, never> };
	parseFilter: { params: { text: string }; result: ParsedFilter };
	formatFilter: { params: { filter: Filter }; result: ParsedFilter };
	escapeFilterValue: { params: { value: FilterValue }; result: { text: string } };
}

/** The calls: what each takes and answers. */
export interface Calls extends SchemaCalls, ConnectionCalls {
	open: { params: Endpoint & { credentials?: { dn: string; password: string } }; result: Summary };
	check: { params: OfSource; result: Record<string, never> };
	watch: { params: OfSource; result: Record<string, never> };
	search: { params: OfSource & { query: string; limit: number }; result: FrameHits };
	/** The values are in base64, here and in the answer of validate. */
	format: { params: OfAttribute & { values: string[] }; result: FrameValues };
	validate: { params: OfAttribute & { values: FrameForm[] }; result: { values: string[] } };
	close: { params: OfSource; result: Record<string, never> };
}

/** A frame to the module. */
export type Request<C extends keyof Calls = keyof Calls> =
	| { id: number; call: C; params: Calls[C]["params"] }
	| { cancel: number };

/** A frame from the module. */
export type Response =
	| { id: number; result: Calls[keyof Calls]["result"] }
	| { id: number; progress: Progress }
	| { id: number; error: Failure };
