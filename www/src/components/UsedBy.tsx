import type { Definition, Inherited, Ref } from "ldapedge";
import { text } from "../text.ts";
import { RefsField } from "./Field.tsx";
import { Groups } from "./Groups.tsx";

interface UsedByProps {
	source: string;
	definition: Definition;
}

/** What uses an attribute type, a matching rule or a syntax. */
export function UsedBy({ source, definition }: UsedByProps) {
	const uses = usesOf(definition);
	if (!uses) return null;
	const lists = uses.lists.filter(([, members]) => members.length > 0);
	const fields = uses.fields.filter(([, to]) => to.length > 0);
	return (
		<section class="used" aria-labelledby="used-title">
			<h2 id="used-title">{text.definition.usedBy}</h2>
			{lists.length + fields.length === 0 && <p class="muted">{text.definition.unused}</p>}
			{lists.map(([name, members]) => (
				<section key={name} class="use" data-use={name} aria-label={name}>
					<h3>
						{name} <span class="count">{text.counted(members[0]?.collection ?? "attributeTypes", members.length)}</span>
					</h3>
					<div>
						<Groups source={source} members={members} own={text.definition.directly} />
					</div>
				</section>
			))}
			{fields.length > 0 && (
				<dl class="fields">
					{fields.map(([name, to]) => (
						<RefsField key={name} source={source} name={name} to={to} />
					))}
				</dl>
			)}
		</section>
	);
}

interface Uses {
	/** Uses that may be inherited. */
	lists: [name: string, members: Inherited[]][];
	fields: [name: string, to: Ref[]][];
}

function usesOf({ attribute, rule, ldapSyntax }: Definition): Uses | undefined {
	const words = text.definition;
	if (attribute) {
		const rules = (collection: Ref["collection"]) => attribute.rules.filter((ref) => ref.collection === collection);
		return {
			lists: [
				[words.mustOf, attribute.requiredBy],
				[words.mayOf, attribute.allowedBy],
			],
			fields: [
				[words.subtypes, attribute.subtypes],
				[words.contentRules, rules("dITContentRules")],
				[words.nameForms, rules("nameForms")],
				[words.matchingRuleUses, rules("matchingRuleUse")],
			],
		};
	}
	if (rule)
		return {
			lists: [
				[words.equalityOf, rule.equality],
				[words.orderingOf, rule.ordering],
				[words.substrOf, rule.substr],
			],
			fields: [
				[words.applies, rule.applies],
				[words.ruleUse, rule.use ? [rule.use] : []],
			],
		};
	if (ldapSyntax)
		return {
			lists: [],
			fields: [
				[words.syntaxOf, ldapSyntax.attributes],
				[words.syntaxBySup, ldapSyntax.inheriting],
				[words.assertedBy, ldapSyntax.rules],
			],
		};
	return undefined;
}
