import type { EffectiveAttribute } from "ldapedge";
import { RefLink } from "../../components/RefLink.tsx";
import { number, text } from "../../text.ts";
import { Growing } from "../shared/Growing.tsx";

/** How many are drawn at once. */
const step = 120;

interface AttributesProps {
	source: string;
	id: string;
	title: string;
	of: readonly EffectiveAttribute[];
}

/** Attributes with their syntaxes, and the class that each comes from. */
export function Attributes({ source, id, title, of }: AttributesProps) {
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
									<Attribute key={attribute.name} source={source} of={attribute} />
								))}
							</tbody>
						</table>
					)}
				/>
			)}
		</section>
	);
}

function Attribute({ source, of }: { source: string; of: EffectiveAttribute }) {
	const { syntax, singleValue, noUserModification, from, known } = of;
	return (
		<tr data-name={of.name}>
			<th scope="row">
				<RefLink source={source} to={of} attribute />
			</th>
			<td>
				{syntax && <RefLink source={source} to={syntax} label={syntax.desc ?? syntax.name} />}
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
