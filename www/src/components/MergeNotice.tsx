import type { Merged } from "ldapedge";
import type { Merging } from "../merging.ts";
import { formatRoute, sourcesOf } from "../route.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Icon } from "./Icon.tsx";

/** Says what was replaced and added in the schema on the page, or that it is on its way. */
export function MergeNotice({ state }: { state: State }) {
	const { merging, route } = state;
	const there = merging && route && (merging.stage !== "added" || sourcesOf(route).includes(merging.source));
	return (
		<div id="merged" role="status" data-stage={there && merging.stage}>
			{there && <Told merging={merging} />}
		</div>
	);
}

function Told({ merging }: { merging: Merging }) {
	const viewer = useViewer();
	const { stage, file, base } = merging;
	if (stage === "failed") return null; // which the dialog says
	if (stage === "adding") return <p>{text.merge.adding(file, base)}</p>;
	const compare = stage === "added" && formatRoute({ view: "diff", source: merging.from, at: merging.source });
	return (
		<>
			<div>
				<p>{stage === "added" ? text.merge.added(file, base) : text.merge.nothingNew(file, base)}</p>
				{stage === "added" && (
					<ul>
						{merging.merged.flatMap(linesOf).map((line) => (
							<li key={line}>{line}</li>
						))}
						{merging.problems > 0 && <li>{text.merge.problems(file, merging.problems)}</li>}
					</ul>
				)}
				{compare && (
					<p>
						<a href={compare}>{text.merge.compare}</a>
					</p>
				)}
			</div>
			<button
				type="button"
				class="plain icon-button"
				aria-label={text.merge.close}
				onClick={() => viewer.store.update({ merging: undefined })}
			>
				<Icon name="cancel" />
			</button>
		</>
	);
}

function linesOf({ collection, replaced, added }: Merged): string[] {
	return [
		...(replaced.length > 0 ? [text.merge.replacedOf(collection, replaced)] : []),
		...(added.length > 0 ? [text.merge.addedOf(collection, added)] : []),
	];
}
