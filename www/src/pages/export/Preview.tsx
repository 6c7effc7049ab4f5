import type { Converted, TextFormat } from "ldapedge";
import { formatRoute } from "../../route.ts";
import { number, text } from "../../text.ts";
import { type Output, Outputs } from "../common/Outputs.tsx";
import { files } from "./formats.ts";

/** How much is shown, in characters: a browser lays out a text of megabytes for seconds. */
const most = 20_000;

interface PreviewProps {
	source: string;
	/** The schema's name. */
	name: string;
	to: TextFormat;
	converted: Converted;
}

/** What is exported, and what it does not hold. */
export function Preview({ source, name, to, converted }: PreviewProps) {
	const { ending, type } = files[to];
	const output: Output = {
		label: text.export.formats[to].name,
		file: `${name}.${ending}`,
		type,
		content: () => converted.text,
	};
	const shown = beginning(converted.text);
	return (
		<section class="preview" aria-label={text.export.preview}>
			<div class="found-row">
				<p role="status">
					<strong>{text.export.size(new Blob([converted.text]).size)}</strong>
					{converted.needed.length > 0 && `, ${text.export.needed(converted.needed.length)}`}
				</p>
				<Outputs outputs={[output]} />
			</div>
			{converted.changes.length > 0 && <Changes source={source} changes={converted.changes} />}
			{/* It scrolls, so it must be reachable with keys. */}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
			<pre tabIndex={0} id="preview">
				{shown}
			</pre>
			{shown.length < converted.text.length && <p class="muted">{text.export.cut}</p>}
		</section>
	);
}

/** The first lines. */
function beginning(content: string): string {
	if (content.length <= most) return content;
	return content.slice(0, content.lastIndexOf("\n", most) + 1 || most);
}

/** How many changes are listed. */
const listed = 100;

function Changes({ source, changes }: { source: string; changes: Converted["changes"] }) {
	return (
		<details class="folds changes-made">
			<summary>{text.export.changed(changes.length)}</summary>
			<ul>
				{changes.slice(0, listed).map(({ collection, name, message }) => (
					<li key={`${collection} ${name} ${message}`}>
						<a href={formatRoute({ view: "definition", source, collection, name })}>{name}</a>: {message}
					</li>
				))}
			</ul>
			{changes.length > listed && <p class="muted">{number(changes.length - listed)} …</p>}
		</details>
	);
}
