/** What schemas answer, and what they are asked: the part of the boundary that is about them. */
import type { Collection, Definition, FrameValue, Ref, Summary, Syntax, ValueProblem } from "./types.js";

/** Where a schema comes from, and of when it is. */
export interface Origin {
	kind: "live" | "file" | "offline";
	/** The name of the server, the file or the pre-built set; it may be empty. */
	name: string;
	/** Of what is not live, nor merged. */
	format?: "json" | "ldif" | "openldap" | "definitions";
	/** When the schema was last modified, in RFC 3339; absent if it does not tell. */
	modified?: string;
	/** When the server was asked, in RFC 3339; absent if what was saved of its root DSE does not tell. */
	saved?: string;
}

/** An attribute that an entry must or may have. */
export interface EffectiveAttribute extends Ref {
	/** The class that requires or allows it, or the content rule. */
	from: Ref;
	/** Absent if the schema does not tell it. */
	syntax?: Syntax;
	/** Whether it has one value at most. */
	singleValue: boolean;
	/** Whether the server alone writes it. */
	noUserModification: boolean;
}

/** Why no entry can have some classes. */
export interface EffectiveProblem {
	code: /** The schema does not define a class. */
		| "unknown-class"
		/** No class is structural. */
		| "no-structural-class"
		/** Structural classes are not all one's superclasses. */
		| "several-structural"
		/** The content rule does not list an auxiliary class. */
		| "auxiliary-not-allowed"
		/** The content rule forbids what a class requires. */
		| "required-precluded"
		/** The schema does not define a required attribute. */
		| "unknown-attribute";
	/** The names of the classes or attributes at fault. */
	definitions: string[];
	message: string;
}

/** What an entry of some classes must and may have (RFC 4512 §2.4, §4.1.6). */
export interface Effective {
	/** The classes with all their superclasses, each once. */
	classes: Ref[];
	/** The most subordinate structural class; absent if there is none. */
	structural?: Ref;
	/** The rule that governs the entry; absent if there is none. */
	contentRule?: Ref;
	must: EffectiveAttribute[];
	may: EffectiveAttribute[];
	/** What the content rule forbids. */
	precluded: EffectiveAttribute[];
	/** Whether the entry may have any user attribute. */
	any: boolean;
	problems: EffectiveProblem[];
}

/** An object identifier with what the registry knows of it. */
export interface OIDInfo {
	oid: string;
	/** What it identifies: "Control", "Extension", "Feature", "Attribute Type" …; absent if it is not known. */
	kind?: string;
	/** None if it is not known. */
	names: string[];
	/** The document that defines it, such as "RFC4511"; absent if none is known. */
	doc?: string;
}

/** What a server says of itself in its root DSE (RFC 4512 §5.1), but for the attributes themselves. */
export interface DSAFacts {
	altServers: string[];
	namingContexts: string[];
	controls: OIDInfo[];
	extensions: OIDInfo[];
	/** Those of supportedFeatures, then those of Active Directory's supportedCapabilities. */
	features: OIDInfo[];
	ldapVersions: string[];
	saslMechanisms: string[];
	vendorName: string[];
	vendorVersion: string[];
	subschemaEntry: string[];
}

/** A root DSE as the module answers it; `raw` is in base64. */
export interface FrameInfo extends DSAFacts {
	attributes: { name: string; raw: string[]; values: FrameValue[]; single: boolean; problems: ValueProblem[] }[];
}

/** How bad a finding is. */
export type Severity = "error" | "warning" | "info";

/** Something wrong with a schema, or merely odd. */
export interface Finding {
	/** Which check found it; {@link lintChecks} lists them. */
	code: string;
	severity: Severity;
	collection: Collection;
	/** The definition's first name, or its OID; absent if it is about no definition. */
	definition?: string;
	oid?: string;
	raw?: string;
	/** The keyword of the field at fault. */
	field?: string;
	message: string;
}

/** What {@link Schema.lint} looks for. */
export interface Check {
	code: string;
	severity: Severity;
	description: string;
}

/** What {@link Schema.lint} reports. */
export interface LintOptions {
	/** Only these codes. */
	only?: readonly string[];
	/** Not these codes. */
	ignore?: readonly string[];
	/** Not definitions of which a name or the OID begins so, in any case. */
	ignorePrefixes?: readonly string[];
	/** This severity and worse. Default: "info", which is all. */
	severity?: Severity;
}

/** What a difference does to entries and clients that were right: break them, nothing bad, nothing at all. */
export type Effect = "breaking" | "compatible" | "cosmetic";

/** A definition that one schema has and the other has not. */
export interface DifferentDefinition {
	name: string;
	oid: string;
	raw: string;
	effect: Effect;
	reason: string;
}

/** What has become of one field of a definition. */
export interface Change {
	/** "sup", "must", "syntax" …, or the name of an extension. */
	field: string;
	kind: "added" | "removed" | "changed" | "reordered";
	from: string[];
	to: string[];
	effect: Effect;
	reason: string;
}

/** A definition that two schemas do not have alike. */
export interface ChangedDefinition {
	/** Name and OID are those of the first schema. */
	name: string;
	oid: string;
	rawFrom: string;
	rawTo: string;
	/** The gravest among the changes'. */
	effect: Effect;
	changes: Change[];
}

/** The difference between two schemas. In each list what breaks comes first. */
export interface Difference {
	summary: Record<"added" | "removed" | "changed" | Effect, number>;
	/** Those that differ. */
	collections: {
		name: Collection;
		added: DifferentDefinition[];
		removed: DifferentDefinition[];
		changed: ChangedDefinition[];
	}[];
}

/** What {@link Schema.diff} looks at. */
export interface DiffOptions {
	/** Descriptions do not matter. */
	ignoreDescriptions?: boolean;
	/** Extensions do not matter. */
	ignoreExtensions?: boolean;
	/** The order of names and lists matters. */
	order?: boolean;
	/** Not definitions of which a name or the OID begins so, in any case. */
	ignorePrefixes?: readonly string[];
	/** Not definitions whose X-ORIGIN is one of these. */
	ignoreOrigins?: readonly string[];
	/** Only these collections. */
	collections?: readonly Collection[];
}

/** The formats that schemas are written in. */
export type TextFormat =
	/** python ldap3's. */
	| "json"
	/** A subschema entry. */
	| "ldif"
	/** A .schema file. */
	| "openldap"
	/** The same for cn=config. */
	| "openldap-ldif"
	/** Of entries that have all the selected object classes. */
	| "jsonschema"
	/** Of entries that have the selected object classes, or all. */
	| "typescript"
	/** Diagrams of the selected object classes, or all, with their relatives. */
	| "plantuml"
	| "mermaid";

/** Names a definition: by any of its names, or by its OID. */
export interface Selected {
	collection: Collection;
	name: string;
}

/** What {@link Schema.convert} writes. */
export interface ConvertOptions {
	/** The definitions to write. Default: all. */
	selection?: readonly Selected[];
	/** Whether to write what the selection refers to as well. Default: no. */
	dependencies?: boolean;
	/** The schema's name in cn=config, for "openldap-ldif". Default: "converted". */
	name?: string;
	/** The $id of a JSON Schema, an absolute URI. Default: none. */
	id?: string;
	/** The title of a JSON Schema. Default: the names of the classes. */
	title?: string;
}

/** A schema in another format. */
export interface Converted {
	text: string;
	/** What was added because the selection refers to it. */
	needed: Selected[];
	/** What the format could not hold as it is. */
	changes: (Selected & { message: string })[];
}

/** What {@link Schema.merge} has done to a collection. */
export interface Merged {
	collection: Collection;
	/** The names of the definitions that took the place of others, but for those whose text is the same. */
	replaced: string[];
	/** The names of those that follow. */
	added: string[];
}

/** The summary of a schema that was merged. */
export interface MergedSummary extends Summary {
	/** The collections that are not as before. */
	merged: Merged[];
}

/** The keys under which a formatter of one's own may stand, in the order in which they count. */
export interface Keys {
	keys: string[];
	single: boolean;
}

interface OfSource {
	source: number;
}

/** The calls about schemas. */
export interface SchemaCalls {
	/** With the bytes of a file, unless there are definitions. */
	read: {
		params: {
			kind: "file" | "offline";
			/** Whether another module has the schema: the answer is the source alone. */
			copy?: boolean;
			name: string;
			info?: string;
			definitions?: Partial<Record<Collection, readonly string[]>>;
		};
		result: Summary;
	};
	text: { params: OfSource; result: { text: string } };
	rootDSE: { params: OfSource; result: { text: string } };
	info: { params: OfSource & { rootDSE: string }; result: FrameInfo };
	/** With the bytes of the registry. */
	oids: { params: Record<string, never>; result: Record<string, never> };
	definition: { params: OfSource & { collection: Collection; name: string; ordinal: number }; result: Definition };
	entry: { params: OfSource & { classes: readonly string[] }; result: Effective };
	lint: { params: OfSource & LintOptions; result: { findings: Finding[] } };
	checks: { params: Record<string, never>; result: { checks: Check[] } };
	diff: { params: OfSource & DiffOptions & { other: number }; result: Difference };
	convert: {
		params: OfSource & ConvertOptions & { to: TextFormat; without?: readonly number[] };
		result: Converted;
	};
	merge: { params: OfSource & { other: number; name: string }; result: MergedSummary };
	keys: { params: { source?: number; attribute: string }; result: Keys };
}
