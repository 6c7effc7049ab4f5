import type { Schema } from "ldapedge";
import { useState } from "preact/hooks";
import { CopyButton } from "../components/CopyButton.tsx";
import { text } from "../text.ts";

interface AsTextProps {
	schema: Schema;
	/** The class that is drawn. */
	name: string;
}

/** The diagram of a class for programs that draw from text. */
export function AsText({ schema, name }: AsTextProps) {
	return (
		<>
			<Format schema={schema} name={name} to="mermaid" />
			<Format schema={schema} name={name} to="plantuml" />
		</>
	);
}

type Written = { content: string } | "failed";

/** One of the texts; it is written when it is looked at first. */
function Format({ schema, name, to }: AsTextProps & { to: "mermaid" | "plantuml" }) {
	const [written, setWritten] = useState<Written>();
	const word = text.diagram.asText[to];
	const write = (event: Event & { currentTarget: HTMLDetailsElement }) => {
		if (!event.currentTarget.open || written) return;
		schema.convert(to, { selection: [{ collection: "objectClasses", name }] }).then(
			({ text: content }) => setWritten({ content }),
			() => setWritten("failed"),
		);
	};
	return (
		<details class="as-list folds copied" data-format={to} onToggle={write}>
			<summary>{word}</summary>
			{written === "failed" && <p class="muted">{text.diagram.failed}</p>}
			{written && written !== "failed" && (
				<>
					<CopyButton what={text.diagram.theText(word)} content={written.content} />
					<pre>
						<code>{written.content}</code>
					</pre>
				</>
			)}
		</details>
	);
}
