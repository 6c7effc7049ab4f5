import type { Viewer } from "./viewer.ts";

/** What each key does outside of text fields. They can be switched off, but for the arrows and Escape. */
const singleKeys: Record<string, (viewer: Viewer) => void> = {
	"/": focusSearch,
	"?": (viewer) => viewer.setDialog("keys"),
	"[": () => step(-1),
	"]": () => step(1),
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
			return focusRow(rows()[0]);
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
	if (element !== document.body && !element?.closest("#list")) return false;
	if (key === "ArrowDown") return moveFocus(1);
	if (key === "ArrowUp") return moveFocus(-1);
	return false;
}

function focusSearch(): void {
	const field = document.querySelector<HTMLInputElement>("#search");
	field?.focus();
	field?.select();
}

function rows(): HTMLAnchorElement[] {
	return [...document.querySelectorAll<HTMLAnchorElement>("#list a.row")];
}

function focusRow(row: HTMLAnchorElement | undefined): boolean {
	row?.focus();
	return row !== undefined;
}

/** Moves the focus to the next row; up from the first one is the search field. */
function moveFocus(by: 1 | -1): boolean {
	const all = rows();
	const at = all.indexOf(document.activeElement as HTMLAnchorElement);
	const from = at >= 0 ? at : currentRow(all);
	if (at === 0 && by < 0) {
		focusSearch();
		return true;
	}
	return focusRow(from < 0 ? all[0] : all[from + by]);
}

/** Opens the next row. */
function step(by: 1 | -1): void {
	const all = rows();
	const at = currentRow(all);
	const next = at >= 0 ? all[at + by] : all.at(by > 0 ? 0 : -1);
	next?.click();
}

/** The row of the definition in the address, which may be on its way still, or of the one on the page. */
function currentRow(all: HTMLAnchorElement[]): number {
	const addressed = all.findIndex((row) => row.hash === location.hash);
	if (addressed >= 0) return addressed;
	return all.findIndex((row) => row.hasAttribute("aria-current"));
}
