import type { Viewer } from "./viewer.ts";

/** What each key does outside of text fields. They can be switched off, but for the arrows and Escape. */
const singleKeys: Record<string, (viewer: Viewer) => void> = {
	"/": focusSearch,
	"?": (viewer) => viewer.setDialog("keys"),
	"[": (viewer) => viewer.step(-1),
	"]": (viewer) => viewer.step(1),
	Backspace: () => history.back(),
};

/** Listens to the page's keys. */
export function startKeys(viewer: Viewer): void {
	document.addEventListener("keydown", (event) => {
		if (event.defaultPrevented || isCommand(event) || event.isComposing) return;
		if (document.querySelector("dialog[open]")) return;
		const handled = inSearch(event) ? searchKey(viewer, event.key) : pageKey(viewer, event);
		if (handled) event.preventDefault();
	});
}

/** Whether the key is pressed as one of the browser's or the system's commands. AltGr types: "[" on many keyboards. */
function isCommand(event: KeyboardEvent): boolean {
	return event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
}

function inSearch(event: KeyboardEvent): boolean {
	return event.target instanceof HTMLInputElement && event.target.id === "search";
}

function searchKey(viewer: Viewer, key: string): boolean {
	switch (key) {
		case "Escape":
			if (viewer.store.state.listing.query === "") (document.activeElement as HTMLElement).blur();
			viewer.search("");
			return true;
		case "Enter":
			void viewer.openFirst();
			return true;
		case "ArrowDown":
			return focusList();
		default:
			return false;
	}
}

function pageKey(viewer: Viewer, event: KeyboardEvent): boolean {
	const { key, target } = event;
	const element = target instanceof Element ? target : undefined;
	if (element?.closest("input, select, textarea")) return false;
	const single = viewer.store.state.singleKeys ? singleKeys[key] : undefined;
	if (single) {
		single(viewer);
		return true;
	}
	if (key === "Escape" && viewer.store.state.listing.query !== "") {
		viewer.search("");
		return true;
	}
	// Elsewhere the arrows scroll.
	if (element !== document.body) return false;
	return (key === "ArrowDown" || key === "ArrowUp") && focusList();
}

export function focusSearch(): void {
	const field = document.querySelector<HTMLInputElement>("#search");
	field?.focus();
	field?.select();
}

/** Goes to the row of the list that the tab key goes to; within the list, the list moves it. */
function focusList(): boolean {
	const row = document.querySelector<HTMLElement>('#list [tabindex="0"]');
	row?.focus();
	return row !== null;
}
