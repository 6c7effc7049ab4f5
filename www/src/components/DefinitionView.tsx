import type { Collection, Definition, Extension, Schema } from "ldapedge";
import { text } from "../text.ts";
import { AttributeBody, RuleBody } from "./AttributeBody.tsx";
import { ClassBody } from "./ClassBody.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Diagram } from "./Diagram.tsx";
import { Duplicates } from "./Duplicates.tsx";
import { Elsewhere } from "./Elsewhere.tsx";
import { Flaws, flawsOf } from "./Flaws.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { Later } from "./Later.tsx";
import { memo } from "./memo.ts";
import { ObjectIdentifier } from "./ObjectIdentifier.tsx";
import { RawText } from "./RawText.tsx";
import { RuleBodies } from "./RuleBodies.tsx";
import { UsedBy } from "./UsedBy.tsx";

const icons: Record<Collection, IconName> = {
	objectClasses: "class",
	attributeTypes: "attribute",
	matchingRules: "rule",
	ldapSyntaxes: "syntax",
	matchingRuleUse: "rule",
	dITContentRules: "rule",
	dITStructureRules: "rule",
	nameForms: "rule",
};

interface DefinitionProps {
	source: string;
	schema: Schema;
	definition: Definition;
}

/** Everything of one definition, what one looks for first on top. It is not drawn anew with what is typed beside it. */
export const DefinitionView = memo(({ source, schema, definition }: DefinitionProps) => {
	const { collection, name, ordinal, extensions, shared } = definition;
	return (
		<article
			id="definition"
			data-name={name}
			data-ordinal={ordinal}
			data-collection={collection}
			key={`${collection} ${name} ${ordinal}`}
		>
			<Head source={source} definition={definition} />
			{shared.length > 0 && <Duplicates source={source} collection={collection} shared={shared} />}
			<Flaws definition={definition} />
			{definition.class && <ClassBody source={source} of={definition.class} />}
			{definition.attribute && <AttributeBody source={source} definition={definition} of={definition.attribute} />}
			{definition.rule && <RuleBody source={source} of={definition.rule} />}
			<RuleBodies source={source} definition={definition} />
			<UsedBy source={source} definition={definition} />
			{extensions.length > 0 && <Extensions extensions={extensions} />}
			<Diagram source={source} schema={schema} definition={definition} />
			<Later>{() => <Raw definition={definition} />}</Later>
		</article>
	);
});

function Head({ source, definition }: Omit<DefinitionProps, "schema">) {
	const { collection, name, names, oid, desc, obsolete, defaulted } = definition;
	const others = names.filter((other) => other !== name);
	const kind = definition.class && text.kinds[definition.class.kind];
	return (
		<header>
			<h1 tabIndex={-1} class={obsolete ? "obsolete" : undefined}>
				<bdi>{name}</bdi>
			</h1>
			{others.length > 0 && (
				<p class="others">
					{text.definition.also} <bdi>{others.join(", ")}</bdi>
				</p>
			)}
			{collection === "dITStructureRules" ? <RuleNumber number={oid} /> : <ObjectIdentifier oid={oid} />}
			<ul class="badges">
				<li class="badge">
					<Icon name={icons[collection]} /> {text.collections[collection].one}
				</li>
				{kind && <Badge word={kind} isDefault={defaulted.includes("kind")} />}
				{definition.attribute && (
					<Badge word={text.usages[definition.attribute.usage].full} isDefault={defaulted.includes("usage")} />
				)}
				{obsolete && <Badge word={text.definition.obsolete} isDefault={false} />}
			</ul>
			{desc && <Description desc={desc} />}
			<Elsewhere source={source} definition={definition} />
		</header>
	);
}

function Badge({ word, isDefault }: { word: string; isDefault: boolean }) {
	return (
		<li class={isDefault ? "badge lighter" : "badge"} title={isDefault ? text.definition.isDefault : undefined}>
			{word}
			{isDefault && <span class="unseen">, {text.definition.isDefault}</span>}
		</li>
	);
}

function Extensions({ extensions }: { extensions: Extension[] }) {
	return (
		<section>
			<h2>{text.definition.extensions}</h2>
			<table>
				<thead>
					<tr>
						<th scope="col">{text.definition.extensionName}</th>
						<th scope="col">{text.definition.extensionValues}</th>
					</tr>
				</thead>
				<tbody>
					{extensions.map(({ name, values }) => (
						<tr key={name}>
							<th scope="row">{name}</th>
							<td>{values.join(", ")}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

/** A structure rule has a number in the place of an OID. */
function RuleNumber({ number }: { number: string }) {
	return (
		<p class="oid">
			<span class="muted">{text.definition.number}</span> <code>{number}</code>
			<CopyButton what={text.definition.theNumber} content={number} />
		</p>
	);
}

/** How much of a description is shown, in characters. */
const longest = 4000;

function Description({ desc }: { desc: string }) {
	const rest = desc.length - longest;
	return (
		<p class="desc" dir="auto">
			{desc.slice(0, longest)}
			{rest > 0 && <span class="muted"> {text.definition.cut(rest)}</span>}
		</p>
	);
}

function Raw({ definition }: { definition: Definition }) {
	const { raw } = definition;
	return (
		<section class="raw copied" aria-labelledby="raw-title">
			<h2 id="raw-title">{text.definition.raw}</h2>
			<CopyButton what={text.definition.theRaw} content={raw} />
			<RawText raw={raw} flaws={flawsOf(definition)} />
		</section>
	);
}
