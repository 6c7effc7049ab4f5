import { useMemo } from "preact/hooks";
import { type Choice, choicesOf } from "../filters.ts";
import { hasTree, linesOf } from "../lines.ts";
import type { State } from "../state.ts";
import { number, text } from "../text.ts";
import { useViewer } from "../viewer.ts";

/** How the list is shown, and what of it: the filters with their counts. */
export function Filters({ state }: { state: State }) {
	const { listing } = state;
	const { all } = linesOf(state);
	const choices = useMemo(() => choicesOf(all, listing.filters), [all, listing.filters]);
	const origins = choices.filter(({ facet }) => facet === "origin");
	const others = choices.filter(({ facet }) => facet !== "origin");
	const tree = listing.query === "" && hasTree(listing.collection);
	// Without filters its room stays, so that the list does not move.
	if (!tree && choices.length === 0) return <div class="filters" />;
	return (
		<div class="filters">
			{tree && <Shape tree={listing.tree} />}
			<fieldset>
				<legend class="unseen">{text.list.filters}</legend>
				{others.map((choice) => (
					<Chip key={`${choice.facet} ${choice.value}`} choice={choice} />
				))}
				{origins.length > 0 && <Origins choices={origins} />}
			</fieldset>
		</div>
	);
}

function Shape({ tree }: { tree: boolean }) {
	const viewer = useViewer();
	return (
		<fieldset class="shape">
			<legend class="unseen">{text.list.shape}</legend>
			<button type="button" aria-pressed={!tree} data-shape="list" onClick={() => viewer.setTree(false)}>
				{text.list.asList}
			</button>
			<button type="button" aria-pressed={tree} data-shape="tree" onClick={() => viewer.setTree(true)}>
				{text.list.asTree}
			</button>
		</fieldset>
	);
}

function Chip({ choice }: { choice: Choice }) {
	const viewer = useViewer();
	const { facet, value, count, chosen } = choice;
	return (
		<button
			type="button"
			class="chip"
			aria-pressed={chosen}
			data-facet={facet}
			data-value={value}
			data-count={count}
			onClick={() => viewer.filter(choice)}
		>
			<span>{text.list.choice(choice)}</span> <span class="count">{number(count)}</span>
		</button>
	);
}

/** Schemas come from dozens of places: they are folded. */
function Origins({ choices }: { choices: Choice[] }) {
	const chosen = choices.filter((choice) => choice.chosen).length;
	return (
		<details class="origins">
			<summary class="chip" data-chosen={chosen > 0}>
				{chosen > 0 ? text.list.originsChosen(chosen) : text.list.origins}
			</summary>
			<div>
				{choices.map((choice) => (
					<Chip key={choice.value} choice={choice} />
				))}
			</div>
		</details>
	);
}
