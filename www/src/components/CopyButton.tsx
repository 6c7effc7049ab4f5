import { useEffect, useRef, useState } from "preact/hooks";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

/** How long the button says what it has done, in milliseconds. */
const shownFor = 2000;

interface CopyButtonProps {
	/** What is copied, in words. */
	what: string;
	content: string;
}

/** Copies a text. Where the clipboard may not be used, the text beside the button is selected for the user to copy. */
export function CopyButton({ what, content }: CopyButtonProps) {
	const [done, setDone] = useState("");
	useEffect(() => {
		if (!done) return;
		const timer = setTimeout(() => setDone(""), shownFor);
		return () => clearTimeout(timer);
	}, [done]);
	const button = useRef<HTMLButtonElement>(null);
	const copy = async () => {
		if (await copied(content)) setDone(text.definition.copied);
		else if (select(button.current)) setDone(text.definition.selected);
	};
	return (
		<>
			<button
				type="button"
				ref={button}
				class="copy"
				aria-label={text.definition.copyWhat(what)}
				onClick={() => void copy()}
			>
				<Icon name="copy" /> {done || text.definition.copy}
			</button>
			<span class="unseen" role="status">
				{done}
			</span>
		</>
	);
}

async function copied(content: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(content);
		return true;
	} catch {
		return false;
	}
}

/** Selects the text that stands with the button. */
function select(button: HTMLElement | null): boolean {
	const element = button?.closest(".oid, .copied")?.querySelector("code");
	if (element) getSelection()?.selectAllChildren(element);
	return element !== null && element !== undefined;
}
