import type { Parameters } from "../../parameters.ts";
import { text } from "../../text.ts";

interface IgnoredProps {
	parameters: Parameters;
	onChange: (changes: Parameters) => void;
}

/** What of the schemas does not matter. */
export function Ignored({ parameters, onChange }: IgnoredProps) {
	const { ignore = [], order, prefix = [], origin = [] } = parameters;
	const toggle = (what: string) =>
		onChange({ ignore: ignore.includes(what) ? ignore.filter((other) => other !== what) : [...ignore, what] });
	return (
		<fieldset class="ignored">
			<legend>{text.diff.ignore}</legend>
			<Check
				name="desc"
				label={text.diff.descriptions}
				checked={ignore.includes("desc")}
				onChange={() => toggle("desc")}
			/>
			<Check name="ext" label={text.diff.extensions} checked={ignore.includes("ext")} onChange={() => toggle("ext")} />
			<Check
				name="order"
				label={text.diff.order}
				checked={order === undefined}
				onChange={() => onChange({ order: order ? [] : ["yes"] })}
			/>
			<Words
				name="prefix"
				label={text.diff.prefixes}
				words={prefix}
				onChange={(words) => onChange({ prefix: words })}
			/>
			<Words name="origin" label={text.diff.origins} words={origin} onChange={(words) => onChange({ origin: words })} />
		</fieldset>
	);
}

interface CheckProps {
	name: string;
	label: string;
	checked: boolean;
	onChange: () => void;
}

function Check({ name, label, checked, onChange }: CheckProps) {
	return (
		<label class="check">
			<input type="checkbox" name={name} checked={checked} onChange={onChange} />
			{label}
		</label>
	);
}

interface WordsProps {
	name: string;
	label: string;
	words: readonly string[];
	onChange: (words: string[]) => void;
}

/** Words with commas between them. */
function Words({ name, label, words, onChange }: WordsProps) {
	const take = (value: string) =>
		onChange(
			value
				.split(",")
				.map((word) => word.trim())
				.filter(Boolean),
		);
	return (
		<label class="words">
			<span>{label}</span>
			<input
				type="text"
				name={name}
				autocomplete="off"
				autocapitalize="none"
				spellcheck={false}
				value={words.join(", ")}
				onChange={(event) => take(event.currentTarget.value)}
			/>
		</label>
	);
}
