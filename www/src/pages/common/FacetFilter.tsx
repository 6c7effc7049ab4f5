import { number } from "../../text.ts";
import type { Choice } from "./facets.ts";

interface FacetFilterProps {
	label: string;
	choices: Choice[];
	/** A value in words. */
	word: (value: string) => string;
	onToggle: (choice: Choice) => void;
	/** Whether the choices are many, and folded. */
	folded?: boolean;
}

/** The values of a facet to choose from, with how many there are of each. */
export function FacetFilter({ label, choices, word, onToggle, folded = false }: FacetFilterProps) {
	if (choices.length === 0) return null;
	const chosen = choices.filter((choice) => choice.chosen).length;
	const chips = choices.map((choice) => (
		<button
			key={choice.value}
			type="button"
			class="choice"
			aria-pressed={choice.chosen}
			data-facet={choice.facet}
			data-value={choice.value}
			data-count={choice.count}
			onClick={() => onToggle(choice)}
		>
			{word(choice.value)} <span class="count">{number(choice.count)}</span>
		</button>
	));
	if (!folded)
		return (
			<fieldset class="facet">
				<legend>{label}</legend>
				{chips}
			</fieldset>
		);
	return (
		<details class="facet folds" open={chosen > 0}>
			<summary>
				{label} <span class="count">{chosen > 0 ? `${chosen} / ${choices.length}` : number(choices.length)}</span>
			</summary>
			<fieldset>
				<legend class="unseen">{label}</legend>
				{chips}
			</fieldset>
		</details>
	);
}
