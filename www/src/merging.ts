/** Puts a file's definitions into a schema, and schemas into texts that can be changed. */
import { type Failure, type Merged, openSchema, type Problem, type Schema } from "ldapedge";
import { pastedFile } from "./files.ts";
import { release } from "./release.ts";
import type { OpenedFile } from "./sources.ts";

/** What becomes of a file that is added to a schema. Files and schemas are named. */
export type Merging = { file: string; base: string } & (
	| { stage: "adding" }
	| { stage: "failed"; failure: Failure }
	| { stage: "nothing new" }
	| {
			stage: "added";
			/** The IDs of the schema before, and of the one that was made. */
			from: string;
			source: string;
			merged: readonly Merged[];
			/** How many problems the file has. */
			problems: number;
	  }
);

/** A schema with the definitions of a file. */
export interface Both {
	/** What the two are together. */
	file: OpenedFile;
	merged: readonly Merged[];
	problems: number;
}

/** Makes a file of a schema and of the definitions of another file. */
export async function merge(base: Schema, added: OpenedFile, name: string): Promise<Both> {
	const other = await openSchema({ text: added.bytes, name: added.name });
	try {
		const both = await base.merge(other, { name });
		const { text } = await both.convert("json").finally(() => release(both));
		return { file: pastedFile(name, text), merged: both.summary.merged, problems: other.summary.problems.length };
	} finally {
		release(other);
	}
}

/** A schema as a text to be changed. */
export interface Editable {
	content: string;
	/** The values that are no definitions, which the text does not have. */
	lost: readonly Problem[];
}

/** Writes a schema as a text of the format that is easier to change, but loses nothing. */
export async function editable(schema: Schema): Promise<Editable> {
	const content = (await asOpenLDAP(schema)) ?? legible((await schema.convert("ldif")).text);
	return { content, lost: schema.summary.problems.filter(({ code }) => code === "syntax") };
}

/** OpenLDAP's format has nothing but definitions, and not of every kind; undefined if it cannot hold the schema. */
async function asOpenLDAP(schema: Schema): Promise<string | undefined> {
	const { origin, collections } = schema.summary;
	if (origin.format !== "openldap" && origin.format !== "definitions") return undefined;
	const { text, changes } = await schema.convert("openldap");
	const written = text.match(/^\w+ \( /gm)?.length ?? 0;
	const all = collections.reduce((sum, { definitions }) => sum + definitions.length, 0);
	return changes.length === 0 && written === all ? text : undefined;
}

/** LDIF that is not folded, and not in base64 where letters will do. */
function legible(ldif: string): string {
	return ldif.replaceAll("\n ", "").replace(/^([^:\n]+):: (.+)$/gm, (line, name: string, encoded: string) => {
		const value = decoded(encoded);
		return value === undefined ? line : `${name}: ${value}`;
	});
}

/** What base64 stands for; undefined if that is no line of LDIF. */
function decoded(base64: string): string | undefined {
	const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
	try {
		const value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return /^[\s:<]|\p{Cc}|\s$/u.test(value) ? undefined : value;
	} catch {
		return undefined;
	}
}
