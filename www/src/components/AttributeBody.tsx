import type { Definition, Inherited, Syntax } from "ldapedge";
import { text } from "../text.ts";
import { Field, InheritedField } from "./Field.tsx";
import { RefLink, RefLinks } from "./RefLink.tsx";

interface AttributeBodyProps {
	source: string;
	definition: Definition;
	of: NonNullable<Definition["attribute"]>;
}

/** What only an attribute type has. */
export function AttributeBody({ source, definition, of }: AttributeBodyProps) {
	const yesNo = (is: boolean) => (is ? text.definition.yes : text.definition.no);
	return (
		<dl class="fields">
			<SyntaxField source={source} syntax={of.syntax} />
			<Field name={text.definition.values}>{of.singleValue ? text.definition.single : text.definition.multi}</Field>
			<Field name={text.definition.modifiable}>{yesNo(!of.noUserModification)}</Field>
			<Field name={text.definition.collective}>{yesNo(of.collective)}</Field>
			<Field name={text.definition.usage} isDefault={definition.defaulted.includes("usage")}>
				{text.usages[of.usage].full}
			</Field>
			<RuleField source={source} name={text.definition.equality} rule={of.equality} />
			<RuleField source={source} name={text.definition.ordering} rule={of.ordering} />
			<RuleField source={source} name={text.definition.substr} rule={of.substr} />
			<Field name={text.definition.sup}>
				<RefLinks source={source} to={of.sup ? [of.sup] : []} />
			</Field>
			<div class="field">
				<dt>{text.definition.supertypes}</dt>
				<dd class="chain">
					<RefLinks source={source} to={of.supertypes} />
				</dd>
			</div>
		</dl>
	);
}

/** What only a matching rule has. */
export function RuleBody({ source, of }: { source: string; of: NonNullable<Definition["rule"]> }) {
	return (
		<dl class="fields">
			<SyntaxField source={source} syntax={of.syntax} />
		</dl>
	);
}

/** A syntax in words, if it has any, with its OID and the length of values. */
function SyntaxField({ source, syntax }: { source: string; syntax: Syntax | undefined }) {
	return (
		<InheritedField name={text.definition.syntax} source={source} from={syntax?.from}>
			{syntax ? (
				<RefLink source={source} to={syntax} {...(syntax.desc && { label: syntax.desc })} />
			) : (
				<span class="muted">{text.definition.none}</span>
			)}
			{syntax?.desc && <code class="muted">{syntax.name}</code>}
			{syntax?.length !== undefined && <span>{text.definition.length(syntax.length)}</span>}
		</InheritedField>
	);
}

function RuleField({ source, name, rule }: { source: string; name: string; rule: Inherited | undefined }) {
	return (
		<InheritedField name={name} source={source} from={rule?.from}>
			{rule ? <RefLink source={source} to={rule} /> : <span class="muted">{text.definition.none}</span>}
		</InheritedField>
	);
}
