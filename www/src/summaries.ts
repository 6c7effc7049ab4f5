import type { Definition, Schema } from "ldapedge";
import type { DefinitionRoute } from "./route.ts";
import { text } from "./text.ts";

/** A definition in two lines. */
export interface Summarized {
	name: string;
	facts: string[];
	desc: string;
}

/** How many summaries of a schema are kept. */
const most = 500;

/** How much of a description a summary has, in characters. */
const longest = 240;

const kept = new WeakMap<Schema, Map<string, Promise<Summarized>>>();

/** Summarizes what an address leads to. */
export function summaryOf(schema: Schema, { collection, name, ordinal }: DefinitionRoute): Promise<Summarized> {
	const all = kept.get(schema) ?? new Map<string, Promise<Summarized>>();
	kept.set(schema, all);
	const key = `${collection} ${name} ${ordinal}`;
	const found = all.get(key) ?? schema.definition(collection, name, { ordinal }).then(summarize);
	if (all.size >= most) all.clear();
	all.set(key, found);
	found.catch(() => all.delete(key));
	return found;
}

function summarize(definition: Definition): Summarized {
	const { name, desc = "" } = definition;
	return {
		name,
		facts: factsOf(definition),
		desc: desc.length > longest ? `${desc.slice(0, longest)} …` : desc,
	};
}

function factsOf(definition: Definition): string[] {
	const { collection, oid, obsolete } = definition;
	const facts = [text.collections[collection].one, ...ownFacts(definition), oid];
	return obsolete ? [text.definition.obsolete, ...facts] : facts;
}

function ownFacts({ class: c, attribute, rule, ruleUse, contentRule, nameForm }: Definition): string[] {
	const words = text.summary;
	if (c) {
		const facts = [text.kinds[c.kind], words.counts(c.must.length, c.may.length)];
		return c.sup.length > 0 ? [...facts, words.sup(c.sup.map((sup) => sup.name))] : facts;
	}
	if (attribute) {
		const { syntax } = attribute;
		const facts = syntax ? [syntax.desc ?? syntax.name] : [];
		if (syntax?.length !== undefined) facts.push(words.length(syntax.length));
		return [...facts, attribute.singleValue ? words.single : words.multi];
	}
	if (rule?.syntax) return [rule.syntax.desc ?? rule.syntax.name];
	if (ruleUse) return [words.applies(ruleUse.applies.length)];
	if (contentRule) return [words.forClass(contentRule.class.name)];
	if (nameForm?.oc) return [words.forClass(nameForm.oc.name)];
	return [];
}
