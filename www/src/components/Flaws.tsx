import type { Definition, Flaw } from "ldapedge";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

/** What is wrong with a definition's text. That it shares a name is said elsewhere, and is at no place. */
export const flawsOf = ({ problems }: Definition): Flaw[] => problems.filter(({ code }) => code !== "duplicate");

/** Says what is wrong with a definition's text, and leads to the place. */
export function Flaws({ definition }: { definition: Definition }) {
	const flaws = flawsOf(definition);
	if (flaws.length === 0) return null;
	return (
		<ul class="duplicates flaws">
			{flaws.map(({ code, offset, message }, i) => (
				<li key={`${offset} ${message}`} data-flaw={code}>
					<Icon name="warning" /> {text.problems.codes[code]}: {message}{" "}
					<button type="button" class="plain" onClick={() => showMark(i)}>
						{text.definition.showPlace}
					</button>
				</li>
			))}
		</ul>
	);
}

/** Brings a mark in the raw definition into view; several flaws may have one. */
function showMark(flaw: number): void {
	const marks = document.querySelectorAll<HTMLElement>("#definition .raw mark");
	const mark = marks[Math.min(flaw, marks.length - 1)];
	mark?.scrollIntoView({ block: "center" });
	if (mark) getSelection()?.selectAllChildren(mark);
}
