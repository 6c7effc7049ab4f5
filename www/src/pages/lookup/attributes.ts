/** What the schema knows of attribute types, for those who search. */
import type { Collection, Definition, Schema } from "ldapedge";
import { useEffect, useState } from "preact/hooks";
import { definitionsOf } from "../../lists.ts";
import { useAnswer } from "../common/useAnswer.ts";

const known = new WeakMap<Schema, Map<string, Promise<Definition | undefined>>>();

/** The definition of an attribute type, options apart; undefined if the schema has none. */
function attributeType(schema: Schema, name: string): Promise<Definition | undefined> {
	const [type = ""] = name.trim().toLowerCase().split(";");
	let definitions = known.get(schema);
	if (!definitions) {
		definitions = new Map();
		known.set(schema, definitions);
	}
	let one = definitions.get(type);
	if (!one) {
		one = schema.definition("attributeTypes", type).catch(() => undefined);
		definitions.set(type, one);
	}
	return one;
}

/** The definition of the attribute type; null if there is none, undefined until that is known. */
export function useAttributeType(schema: Schema, name: string): Definition | null | undefined {
	const [found, setFound] = useState<Definition | null>();
	useEffect(() => {
		let wanted = true;
		setFound(undefined);
		if (name.trim() !== "")
			void attributeType(schema, name).then((definition) => wanted && setFound(definition ?? null));
		return () => {
			wanted = false;
		};
	}, [schema, name]);
	return found;
}

/** DN, and Name and Optional UID (RFC 4517). */
const namesEntries = ["1.3.6.1.4.1.1466.115.121.1.12", "1.3.6.1.4.1.1466.115.121.1.34"];

const none: ReadonlySet<string> = new Set();

/** Which of the attributes have names of entries. */
export function useDNAttributes(schema: Schema, names: readonly string[]): ReadonlySet<string> {
	const each = async (name: string) => {
		const syntax = (await attributeType(schema, name))?.attribute?.syntax?.name;
		return syntax !== undefined && namesEntries.includes(syntax) ? [name] : [];
	};
	const ask = async () => new Set((await Promise.all(names.map(each))).flat());
	return useAnswer(ask, [schema, names.join("\n")]).value ?? none;
}

/** All names of a collection, as lists have them. */
export function namesOf(schema: Schema, collection: Collection): string[] {
	return definitionsOf(schema.summary, collection)
		.map(({ name }) => name)
		.toSorted((a, b) => a.localeCompare(b, "en"));
}
