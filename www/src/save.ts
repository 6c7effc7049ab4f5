/** Hands a text to the user as a file. */
export function save(name: string, type: string, content: string): void {
	const url = URL.createObjectURL(new Blob([content], { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name.replaceAll(/[^\w.-]/g, "_");
	link.click();
	// The browser takes the content in its own time.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
