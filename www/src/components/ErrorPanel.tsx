import type { Failure } from "ldapedge";
import type { ComponentChildren } from "preact";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

interface ErrorPanelProps {
	failure: Failure;
	/** What failed, if there are better words than those of the code. */
	title?: string;
	/** What can be done about it. */
	children?: ComponentChildren;
}

/** Says what failed, where and what to try, with the technical cause folded below. */
export function ErrorPanel({ failure, title, children }: ErrorPanelProps) {
	const words = text.errors[failure.code];
	return (
		<div id="error" role="alert" data-code={failure.code}>
			<h1 tabIndex={-1}>
				<Icon name="warning" /> {title ?? words.title}
			</h1>
			{failure.where && (
				<p class="where">
					{text.failure.where} {failure.where}
				</p>
			)}
			<p>{words.hint}</p>
			{children}
			<Cause failure={failure} />
		</div>
	);
}

/** The technical cause, folded. */
export function Cause({ failure }: { failure: Failure }) {
	return (
		<details class="cause folds">
			<summary>{text.failure.cause}</summary>
			<p>
				<code>
					{failure.code}: {failure.cause}
				</code>
			</p>
		</details>
	);
}
