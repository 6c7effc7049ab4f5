import type { Definition, Inherited, Ref } from "ldapedge";
import { text } from "../text.ts";
import { Field } from "./Field.tsx";
import { RefLink, RefLinks } from "./RefLink.tsx";

interface ClassBodyProps {
	source: string;
	of: NonNullable<Definition["class"]>;
}

/** What only an object class has: its place among the classes, and its attributes. */
export function ClassBody({ source, of }: ClassBodyProps) {
	return (
		<>
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
			</dl>
			<div class="attributes">
				<AttributeList source={source} list="must" attributes={of.must} />
				<AttributeList source={source} list="may" attributes={of.may} />
			</div>
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
			{groups(attributes).map(({ from, members }) => (
				<div key={from?.name ?? ""} class={from ? "group lighter" : "group"} data-from={from?.name ?? ""}>
					<h3>{from ? <From source={source} from={from} /> : text.definition.own}</h3>
					<ul>
						{members.map((attribute) => (
							<li key={attribute.name}>
								<RefLink source={source} to={attribute} attribute />
							</li>
						))}
					</ul>
				</div>
			))}
		</section>
	);
}

function From({ source, from }: { source: string; from: Ref }) {
	return (
		<>
			{text.definition.from} <RefLink source={source} to={from} />
		</>
	);
}

interface Group {
	from: Ref | undefined;
	members: Inherited[];
}

/** The attributes by where they come from, in the order in which they come. */
function groups(attributes: Inherited[]): Group[] {
	const byName = new Map<string, Group>();
	for (const attribute of attributes) {
		const { from } = attribute;
		const group = byName.get(from?.name ?? "") ?? { from, members: [] };
		group.members.push(attribute);
		byName.set(from?.name ?? "", group);
	}
	return [...byName.values()];
}
