import type { Definition, Inherited } from "ldapedge";
import { text } from "../text.ts";
import { Field, RefsField } from "./Field.tsx";
import { Groups } from "./Groups.tsx";
import { RefLinks } from "./RefLink.tsx";

interface ClassBodyProps {
	source: string;
	of: NonNullable<Definition["class"]>;
}

/** What only an object class has: its attributes, its place among the classes, and what governs it. */
export function ClassBody({ source, of }: ClassBodyProps) {
	return (
		<>
			<div class="attributes">
				<AttributeList source={source} list="must" attributes={of.must} />
				<AttributeList source={source} list="may" attributes={of.may} />
			</div>
			<dl class="fields">
				<Field name={text.definition.sup}>
					<RefLinks source={source} to={of.sup} />
				</Field>
				<div class="field">
					<dt>{text.definition.superclasses}</dt>
					<dd class="chain" data-superclasses>
						<RefLinks source={source} to={of.superclasses} />
					</dd>
				</div>
				<Field name={text.definition.subclasses}>
					<RefLinks source={source} to={of.subclasses} />
				</Field>
				<RefsField source={source} name={text.definition.contentRule} to={of.contentRule ? [of.contentRule] : []} />
				<RefsField source={source} name={text.definition.auxiliaryIn} to={of.auxiliaryIn} />
				<RefsField source={source} name={text.definition.nameForms} to={of.nameForms} />
				<RefsField source={source} name={text.definition.structureRules} to={of.structureRules} />
			</dl>
		</>
	);
}

interface AttributeListProps {
	source: string;
	list: "must" | "may";
	attributes: Inherited[];
}

/** MUST or MAY: the class's own attributes, then those of each class that it inherits from. */
function AttributeList({ source, list, attributes }: AttributeListProps) {
	return (
		<section data-list={list} aria-labelledby={`${list}-title`}>
			<h2 id={`${list}-title`}>
				{text.definition[list]} <span class="count">{attributes.length}</span>
			</h2>
			{attributes.length === 0 && <p class="muted">{text.definition.none}</p>}
			<Groups source={source} members={attributes} own={text.definition.own} attributes />
		</section>
	);
}
