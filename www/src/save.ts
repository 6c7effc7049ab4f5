/** Hands a text to the user as a file. */
export const save = (name: string, type: string, content: string): void =>
	saveBlob(name, new Blob([content], { type }));

/** Hands bytes to the user as a file. */
export function saveBlob(name: string, content: Blob): void {
	const url = URL.createObjectURL(content);
	const link = document.createElement("a");
	link.href = url;
	link.download = name.replaceAll(/[^\w.-]/g, "_");
	link.click();
	// The browser takes the content in its own time.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
