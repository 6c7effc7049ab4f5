import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { text } from "../../text.ts";

interface GrowingProps<T> {
	items: readonly T[];
	/** How many are drawn at first, and more each time. */
	step: number;
	draw: (shown: readonly T[]) => ComponentChildren;
}

/** A long list, of which more is drawn as it is asked for: all at once would hold up the page. */
export function Growing<T>({ items, step, draw }: GrowingProps<T>) {
	const [most, setMost] = useState(step);
	useEffect(() => setMost(step), [items, step]);
	const left = items.length - most;
	return (
		<>
			{draw(items.slice(0, most))}
			{left > 0 && (
				<button type="button" class="more" onClick={() => setMost(most + step)}>
					{text.pages.more(Math.min(step, left))}
				</button>
			)}
		</>
	);
}
