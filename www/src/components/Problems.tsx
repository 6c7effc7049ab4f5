import type { Collection, Summary } from "ldapedge";
import { text } from "../text.ts";
import { RawText } from "./RawText.tsx";

/** Lists what is wrong with the schema's values. */
export function Problems({ summary: { problems } }: { summary: Summary }) {
	return (
		<div class="problems">
			<h1 tabIndex={-1}>{problems.length > 0 ? text.problems.title(problems.length) : text.problems.none}</h1>
			{problems.length > 0 && <p class="desc">{text.problems.explain}</p>}
			<ol>
				{problems.map((problem) => (
					<li key={`${problem.collection} ${problem.text} ${problem.offset} ${problem.message}`}>
						<p>
							{problem.collection && <span class="badge">{collectionName(problem.collection)}</span>}{" "}
							<span class="badge">{text.problems.codes[problem.code]}</span> {problem.message}
						</p>
						{problem.text && <RawText raw={problem.text} flaws={[problem]} />}
					</li>
				))}
			</ol>
		</div>
	);
}

/** A collection in words; one that has no list goes by its LDAP name. */
function collectionName(collection: string): string {
	return collection in text.collections ? text.collections[collection as Collection].one : collection;
}
