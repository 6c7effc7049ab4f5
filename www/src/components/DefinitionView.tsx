import type { Collection, Definition, Extension } from "ldapedge";
import { useRef } from "preact/hooks";
import { text } from "../text.ts";
import { AttributeBody, RuleBody } from "./AttributeBody.tsx";
import { ClassBody } from "./ClassBody.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { Duplicates } from "./Duplicates.tsx";
import { Icon, type IconName } from "./Icon.tsx";

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
	definition: Definition;
}

/** Everything of one definition, what one looks for first on top. */
export function DefinitionView({ source, definition }: DefinitionProps) {
	const { collection, name, ordinal, extensions, raw, shared } = definition;
	return (
		<article
			id="definition"
			data-name={name}
			data-ordinal={ordinal}
			data-collection={collection}
			key={`${collection} ${name} ${ordinal}`}
		>
			<Head definition={definition} />
			{shared.length > 0 && <Duplicates source={source} collection={collection} shared={shared} />}
			{definition.class && <ClassBody source={source} of={definition.class} />}
			{definition.attribute && <AttributeBody source={source} definition={definition} of={definition.attribute} />}
			{definition.rule && <RuleBody source={source} of={definition.rule} />}
			{extensions.length > 0 && <Extensions extensions={extensions} />}
			<Raw raw={raw} />
		</article>
	);
}

function Head({ definition }: { definition: Definition }) {
	const { collection, name, names, oid, desc, obsolete, defaulted } = definition;
	const others = names.filter((other) => other !== name);
	const oidElement = useRef<HTMLElement>(null);
	const kind = definition.class && text.kinds[definition.class.kind];
	return (
		<header>
			<h1 tabIndex={-1} class={obsolete ? "obsolete" : undefined}>
				{name}
			</h1>
			{others.length > 0 && (
				<p class="others">
					{text.definition.also} {others.join(", ")}
				</p>
			)}
			<p class="oid">
				<span class="muted">{text.definition.oid}</span> <code ref={oidElement}>{oid}</code>
				<CopyButton what={text.definition.theOID} from={oidElement} />
			</p>
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
			{desc && <p class="desc">{desc}</p>}
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

function Raw({ raw }: { raw: string }) {
	const element = useRef<HTMLPreElement>(null);
	return (
		<section class="raw">
			<h2>
				{text.definition.raw} <CopyButton what={text.definition.theRaw} from={element} />
			</h2>
			<pre ref={element}>{raw}</pre>
		</section>
	);
}
