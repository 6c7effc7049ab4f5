import type { Definition, Ref } from "ldapedge";
import { text } from "../text.ts";
import { Field, RefsField } from "./Field.tsx";
import { RefLinks } from "./RefLink.tsx";

interface BodyProps {
	source: string;
	definition: Definition;
}

/** What only definitions have that say how others are used: rule uses, content rules, structure rules, name forms. */
export function RuleBodies({ source, definition }: BodyProps) {
	const fields = fieldsOf(definition);
	if (fields.length === 0) return null;
	return (
		<dl class="fields">
			{fields.map(([name, to, optional]) =>
				optional ? (
					<RefsField key={name} source={source} name={name} to={to} />
				) : (
					<Field key={name} name={name}>
						<RefLinks source={source} to={to} />
					</Field>
				),
			)}
		</dl>
	);
}

/** A name and what stands under it; an optional field is left out where there is nothing. */
type RefsFieldOf = [name: string, to: Ref[], optional?: true];

function fieldsOf({ ruleUse, contentRule, structureRule, nameForm }: Definition): RefsFieldOf[] {
	const words = text.definition;
	if (ruleUse)
		return [
			[words.rule, [ruleUse.rule]],
			[words.applies, ruleUse.applies],
		];
	if (contentRule)
		return [
			[words.structuralClass, [contentRule.class]],
			[words.aux, contentRule.aux],
			[words.must, contentRule.must],
			[words.may, contentRule.may],
			[words.not, contentRule.not],
		];
	if (structureRule)
		return [
			[words.form, optional(structureRule.form)],
			[words.structuralClass, optional(structureRule.oc), true],
			[words.superiorRules, structureRule.sup],
			[words.subordinateRules, structureRule.subordinates],
		];
	if (nameForm)
		return [
			[words.oc, optional(nameForm.oc)],
			[words.mustOfName, nameForm.must],
			[words.mayOfName, nameForm.may],
			[words.structureRules, nameForm.structureRules],
		];
	return [];
}

const optional = (ref: Ref | undefined): Ref[] => (ref ? [ref] : []);
