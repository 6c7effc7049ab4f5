import type { Definition, Schema } from "ldapedge";
import { useEffect, useRef } from "preact/hooks";
import { definitionsOf } from "../../lists.ts";
import { text } from "../../text.ts";
import { useAttributeType } from "./attributes.ts";
import { type Condition, type Operator, operators } from "./filtertree.ts";

interface FilterConditionProps {
	schema: Schema;
	condition: Condition;
	onChange: (condition: Condition) => void;
}

/** An attribute, an operator and a value. */
export function FilterCondition({ schema, condition, onChange }: FilterConditionProps) {
	const { attribute, operator, value, rule } = condition;
	const definition = useAttributeType(schema, attribute);
	const first = useRef<HTMLInputElement>(null);
	// A new one is to be filled in at once; the one that is there from the start waits.
	useEffect(() => {
		if (attribute === "" && document.activeElement?.closest(".adds")) first.current?.focus();
	}, []);
	const hint = hintFor(operator, definition, schema);
	return (
		<>
			<input
				ref={first}
				class="attribute"
				list="lookup-attributes"
				aria-label={text.lookUp.attribute}
				placeholder={text.lookUp.attribute}
				autocomplete="off"
				autocapitalize="none"
				spellcheck={false}
				value={attribute}
				onInput={(event) => onChange({ ...condition, attribute: event.currentTarget.value })}
			/>
			<select
				aria-label={text.lookUp.operator}
				value={operator}
				onChange={(event) => onChange({ ...condition, operator: event.currentTarget.value as Operator })}
			>
				{operators.map((one) => (
					<option key={one} value={one}>
						{text.lookUp.operators[one]}
					</option>
				))}
			</select>
			{operator === "rule" && (
				<input
					class="rule"
					aria-label={text.lookUp.rule}
					placeholder={text.lookUp.rule}
					list="lookup-rules"
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					value={rule}
					onInput={(event) => onChange({ ...condition, rule: event.currentTarget.value })}
				/>
			)}
			{operator !== "present" && (
				<ValueField
					value={value}
					definition={definition ?? undefined}
					isClass={attribute.trim().toLowerCase() === "objectclass"}
					onChange={(next) => onChange({ ...condition, value: next })}
				/>
			)}
			{hint && <p class="hint">{hint}</p>}
		</>
	);
}

/** The syntax of truth values (RFC 4517). */
const booleans = "1.3.6.1.4.1.1466.115.121.1.7";

interface ValueFieldProps {
	value: string;
	definition: Definition | undefined;
	isClass: boolean;
	onChange: (value: string) => void;
}

function ValueField({ value, definition, isClass, onChange }: ValueFieldProps) {
	const syntax = definition?.attribute?.syntax?.name ?? "";
	if (syntax === booleans)
		return (
			<select aria-label={text.lookUp.value} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
				{["", "TRUE", "FALSE"].map((one) => (
					<option key={one} value={one}>
						{one}
					</option>
				))}
			</select>
		);
	return (
		<input
			class="value"
			aria-label={text.lookUp.value}
			placeholder={text.lookUp.examples[syntax] ?? text.lookUp.value}
			list={isClass ? "lookup-classes" : undefined}
			autocomplete="off"
			autocapitalize="none"
			spellcheck={false}
			value={value}
			onInput={(event) => onChange(event.currentTarget.value)}
		/>
	);
}

/** Why a server may find nothing. Some publish no matching rules: then there is nothing to be told from that. */
function hintFor(operator: Operator, definition: Definition | null | undefined, schema: Schema): string | undefined {
	if (definition === null) return text.lookUp.notDefined;
	const attribute = definition?.attribute;
	if (!attribute || definitionsOf(schema.summary, "matchingRules").length === 0) return undefined;
	switch (operator) {
		case "equals":
			return attribute.equality ? undefined : text.lookUp.noRule("EQUALITY");
		case "contains":
		case "begins":
		case "ends":
		case "pattern":
			return attribute.substr ? undefined : text.lookUp.noRule("SUBSTR");
		case "atLeast":
		case "atMost":
			return attribute.ordering ? undefined : text.lookUp.noRule("ORDERING");
		default:
			return undefined;
	}
}
