import type { Difference } from "ldapedge";
import { useMemo } from "preact/hooks";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import { Loading } from "../components/Waiting.tsx";
import { nameOfSource } from "../sources.ts";
import { shownFor } from "../state.ts";
import { number, text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { FacetFilter } from "./common/FacetFilter.tsx";
import { choicesOf, passing, toggled } from "./common/facets.ts";
import { Growing } from "./common/Growing.tsx";
import { type Output, Outputs } from "./common/Outputs.tsx";
import { Choosers } from "./diff/Choosers.tsx";
import {
	diffFacets,
	type Entry,
	effectFacet,
	effects,
	entriesOf,
	kindFacet,
	markdownOf,
	optionsOf,
	whatFacet,
} from "./diff/differences.ts";
import { EntryView } from "./diff/EntryView.tsx";
import { Ignored } from "./diff/Ignored.tsx";
import type { PageProps } from "./index.tsx";
import "./common/common.css";
import { useAnswer } from "./common/useAnswer.ts";
import { usePageParameters } from "./common/usePageParameters.ts";
import "./diff/diff.css";

/** How many definitions of an effect are drawn at once. */
const step = 40;

/** What differs between two sources. */
export default function DiffPage({ route, state }: PageProps) {
	const first = shownFor(state)?.schema;
	const second = state.opened.get(route.at ?? "")?.schema;
	const [parameters, change] = usePageParameters(route);
	const options = optionsOf(parameters);
	const { value, failure, waiting } = useAnswer(
		first && second && ((signal) => first.diff(second, { ...options, signal })),
		[first, second, JSON.stringify(options)],
	);
	const names = { from: nameOfSource(route.source), to: nameOfSource(route.at ?? "") };
	return (
		<div class="diff" aria-busy={waiting}>
			<h1 tabIndex={-1}>{route.at ? text.diff.titleOf(names.from, names.to) : text.diff.title}</h1>
			<Choosers route={route} state={state} />
			<Ignored parameters={parameters} onChange={change} />
			{!route.at && <p class="desc">{text.diff.explain}</p>}
			{route.at && !second && <Absent state={state} />}
			{failure && <ErrorPanel failure={failure} />}
			{second && value && route.at && (
				<Differences value={value} from={route.source} to={route.at} chosen={parameters} onChange={change} />
			)}
		</div>
	);
}

/** Why the second schema is not there. */
function Absent({ state }: Pick<PageProps, "state">) {
	const viewer = useViewer();
	if (state.loading) return <Loading loading={state.loading} />;
	const again = (
		<p>
			<button type="button" class="main" onClick={() => viewer.session.reload()}>
				{text.failure.retry}
			</button>
		</p>
	);
	if (state.failure) return <ErrorPanel failure={state.failure.failure}>{again}</ErrorPanel>;
	return (
		<p>
			<button type="button" class="main" onClick={() => viewer.session.follow()}>
				{text.diff.open}
			</button>
		</p>
	);
}

interface DifferencesProps {
	value: Difference;
	from: string;
	to: string;
	chosen: ReturnType<typeof usePageParameters>[0];
	onChange: ReturnType<typeof usePageParameters>[1];
}

function Differences({ value, from, to, chosen, onChange }: DifferencesProps) {
	const entries = useMemo(() => entriesOf(value), [value]);
	const found = useMemo(() => passing(entries, diffFacets, chosen), [entries, chosen]);
	if (entries.length === 0) return <p class="desc">{text.diff.none}</p>;
	const filters = [
		{ facet: effectFacet, label: text.diff.effect, word: (v: string) => text.diff.effects[v as "breaking"] },
		{ facet: whatFacet, label: text.diff.what, word: (v: string) => text.diff.whats[v as "added"] },
		{ facet: kindFacet, label: text.lint.kind, word: (v: string) => text.collections[v as "objectClasses"].many },
	];
	return (
		<>
			<div class="filters-row">
				{filters.map(({ facet, label, word }) => (
					<FacetFilter
						key={facet.name}
						label={label}
						word={word}
						choices={choicesOf(entries, diffFacets, chosen, facet)}
						onToggle={(choice) => onChange(toggled(chosen, choice))}
					/>
				))}
			</div>
			<div class="found-row">
				<p role="status">{text.diff.shown(found.length, entries.length)}</p>
				<Outputs outputs={outputsOf(found, nameOfSource(from), nameOfSource(to))} />
			</div>
			{effects.map((effect) => (
				<OfEffect key={effect} effect={effect} found={found} from={from} to={to} />
			))}
			{found.length === 0 && <p class="muted">{text.pages.nothing}</p>}
		</>
	);
}

interface OfEffectProps {
	effect: Entry["effect"];
	found: readonly Entry[];
	from: string;
	to: string;
}

/** What does the same to entries and clients. */
function OfEffect({ effect, found, from, to }: OfEffectProps) {
	const some = useMemo(() => found.filter((entry) => entry.effect === effect), [found, effect]);
	if (some.length === 0) return null;
	return (
		<section data-effect={effect}>
			<h2>
				<span class="badge effect" data-effect={effect}>
					{text.diff.effects[effect]}
				</span>{" "}
				<span class="count">{number(some.length)}</span> <span class="why">{text.diff.meaning[effect]}</span>
			</h2>
			<Growing
				items={some}
				step={step}
				draw={(shown) => (
					<ol class="groups">
						{shown.map((entry) => (
							<EntryView
								key={`${entry.collection} ${entry.what} ${entry.name} ${entry.oid}`}
								entry={entry}
								from={from}
								to={to}
							/>
						))}
					</ol>
				)}
			/>
		</section>
	);
}

function outputsOf(found: readonly Entry[], from: string, to: string): Output[] {
	const file = `${from}-${to}-diff`;
	return [
		{
			label: text.lint.json,
			file: `${file}.json`,
			type: "application/json",
			content: () => `${JSON.stringify({ from, to, differences: found }, null, "\t")}\n`,
		},
		{
			label: text.diff.markdown,
			file: `${file}.md`,
			type: "text/markdown",
			content: () => markdownOf(found, from, to),
		},
	];
}
