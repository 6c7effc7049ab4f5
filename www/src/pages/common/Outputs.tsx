import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/Icon.tsx";
import { save } from "../../save.ts";
import { text } from "../../text.ts";

/** How long it says that it has copied, in milliseconds. */
const shownFor = 2000;

/** A form in which what is on the page can be taken along. */
export interface Output {
	/** What it is called: "JSON". */
	label: string;
	/** The name of the file. */
	file: string;
	type: string;
	content: () => string;
}

/** Copies or downloads what is on the page. */
export function Outputs({ outputs }: { outputs: Output[] }) {
	const [said, say] = useState("");
	useEffect(() => {
		if (!said) return;
		const timer = setTimeout(() => say(""), shownFor);
		return () => clearTimeout(timer);
	}, [said]);
	const copy = async ({ label, content }: Output) => {
		try {
			await navigator.clipboard.writeText(content());
			say(text.pages.copied(label));
		} catch {
			say(text.pages.notCopied);
		}
	};
	return (
		<fieldset class="outputs">
			<legend class="unseen">{text.pages.exports}</legend>
			<span role="status" class="muted">
				{said}
			</span>
			{outputs.map((output) => (
				<span class="output" key={output.label}>
					<span>{output.label}</span>
					<button type="button" aria-label={text.pages.copyAs(output.label)} onClick={() => void copy(output)}>
						<Icon name="copy" /> {text.pages.copy}
					</button>
					<button
						type="button"
						aria-label={text.pages.downloadAs(output.label)}
						onClick={() => save(output.file, output.type, output.content())}
					>
						<Icon name="download" /> {text.pages.download}
					</button>
				</span>
			))}
		</fieldset>
	);
}
