import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

/** How long the button says what it has done, in milliseconds. */
const shownFor = 2000;

interface CopyButtonProps {
	/** What is copied, in words. */
	what: string;
	/** The element whose text is copied. */
	from: RefObject<HTMLElement | null>;
}

/** Copies a text. Where the clipboard may not be used, the text is selected for the user to copy. */
export function CopyButton({ what, from }: CopyButtonProps) {
	const [done, setDone] = useState("");
	useEffect(() => {
		if (!done) return;
		const timer = setTimeout(() => setDone(""), shownFor);
		return () => clearTimeout(timer);
	}, [done]);
	const copy = async () => setDone((await copied(from.current)) ? text.definition.copied : text.definition.selected);
	return (
		<>
			<button type="button" class="copy" aria-label={text.definition.copyWhat(what)} onClick={() => void copy()}>
				<Icon name="copy" /> {done || text.definition.copy}
			</button>
			<span class="unseen" role="status">
				{done}
			</span>
		</>
	);
}

async function copied(element: HTMLElement | null): Promise<boolean> {
	if (!element) return false;
	try {
		await navigator.clipboard.writeText(element.textContent ?? "");
		return true;
	} catch {
		getSelection()?.selectAllChildren(element);
		return false;
	}
}
