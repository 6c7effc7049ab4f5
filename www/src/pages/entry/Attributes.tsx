import { type EffectiveAttribute, lookUpOIDs, type Syntax } from "ldapedge";
import { RefLink } from "../../components/RefLink.tsx";
import { number, text } from "../../text.ts";
import { Growing } from "../common/Growing.tsx";
import { useAnswer } from "../common/useAnswer.ts";

/** How many are drawn at once. */
const step = 120;

/** What the registry calls the syntaxes that the schema does not describe, by their OIDs. */
export function useSyntaxNames(attributes: readonly EffectiveAttribute[]): Map<string, string> {
	const unknown = [...new Set(attributes.flatMap(({ syntax }) => (syntax && !syntax.desc ? [syntax.name] : [])))];
	const { value } = useAnswer(unknown.length > 0 ? (signal) => lookUpOIDs(unknown, { signal }) : undefined, [
		unknown.join(),
	]);
	return new Map((value ?? []).flatMap(({ oid, names: [name] }) => (name ? [[oid, name] as const] : [])));
}

interface AttributesProps {
	source: string;
	id: string;
	title: string;
	of: readonly EffectiveAttribute[];
	syntaxes: Map<string, string>;
}

/** Attributes with their syntaxes, and the class that each comes from. */
export function Attributes({ source, id, title, of, syntaxes }: AttributesProps) {
	return (
		<section id={id}>
			<h2>
				{title} <span class="count">{number(of.length)}</span>
			</h2>
			{of.length === 0 ? (
				<p class="muted">{text.definition.none}</p>
			) : (
				<Growing
					items={of}
					step={step}
					draw={(some) => (
						<table class="entry-attributes">
							<thead>
								<tr>
									<th scope="col">{text.entry.attribute}</th>
									<th scope="col">{text.definition.syntax}</th>
									<th scope="col">{text.definition.values}</th>
									<th scope="col">{text.entry.from}</th>
								</tr>
							</thead>
							<tbody>
								{some.map((attribute) => (
									<Attribute key={attribute.name} source={source} of={attribute} syntaxes={syntaxes} />
								))}
							</tbody>
						</table>
					)}
				/>
			)}
		</section>
	);
}

interface AttributeProps {
	source: string;
	of: EffectiveAttribute;
	syntaxes: Map<string, string>;
}

function Attribute({ source, of, syntaxes }: AttributeProps) {
	const { syntax, singleValue, noUserModification, from, known } = of;
	return (
		<tr data-name={of.name}>
			<th scope="row">
				<RefLink source={source} to={of} attribute />
			</th>
			<td>
				{syntax && <SyntaxName source={source} of={syntax} registered={syntaxes.get(syntax.name)} />}
				{syntax?.length !== undefined && <span class="muted"> {text.definition.length(syntax.length)}</span>}
			</td>
			<td>
				{known && (singleValue ? text.definition.single : text.definition.multi)}
				{noUserModification && <span class="muted"> {text.entry.server}</span>}
			</td>
			<td>
				<RefLink source={source} to={from} />
				{from.collection === "dITContentRules" && <span class="muted"> {text.collections.dITContentRules.one}</span>}
			</td>
		</tr>
	);
}

/** A syntax in words: those of the schema, or else the registry's. */
function SyntaxName({ source, of, registered }: { source: string; of: Syntax; registered: string | undefined }) {
	if (of.known) return <RefLink source={source} to={of} label={of.desc ?? registered ?? of.name} />;
	return registered ? <span title={of.name}>{registered}</span> : <RefLink source={source} to={of} />;
}
