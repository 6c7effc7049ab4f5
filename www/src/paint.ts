/** Marks the moment at which what is in the document now has been painted, as "list-painted". */
export function markPainted(): void {
	// The first callback runs before the frame that shows it, the second after.
	requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("list-painted")));
}
