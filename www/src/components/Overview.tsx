import type { Collection } from "ldapedge";
import { definitionsOf } from "../lists.ts";
import { collections, formatRoute } from "../route.ts";
import { labelOf } from "../sources.ts";
import type { Listed } from "../state.ts";
import { number, text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Field } from "./Field.tsx";

/** What there is to say about the schema as a whole, while no definition is open. */
export function Overview({ listed: { source, summary } }: { listed: Listed }) {
	const viewer = useViewer();
	const count = (collection: Collection) => definitionsOf(summary, collection).length;
	const empty = collections.every((collection) => count(collection) === 0);
	return (
		<div class="overview">
			<h1 tabIndex={-1}>{empty ? text.overview.empty : labelOf(source)}</h1>
			<p class="desc">{empty ? text.overview.emptyHint : text.overview.open}</p>
			{empty && source.kind === "live" && (
				<p class="actions">
					<button type="button" onClick={() => viewer.setDialog("bind")}>
						{text.bind.open}
					</button>
				</p>
			)}
			<dl class="fields">
				{summary.url && <Field name={text.overview.url}>{summary.url}</Field>}
				{summary.entry && <Field name={text.overview.entry}>{summary.entry}</Field>}
				{collections.map((collection) => (
					<Field key={collection} name={text.collections[collection].many}>
						<a href={formatRoute({ view: "list", source: source.id, collection })}>{number(count(collection))}</a>
					</Field>
				))}
			</dl>
		</div>
	);
}
