import { render } from "preact";
import { App } from "./components/App.tsx";
import { startKeys } from "./keys.ts";
import { Viewer } from "./viewer.ts";

/** Draws the page, and starts it. */
export function start(root: Element): void {
	const viewer = new Viewer(new URL("/", location.href));
	viewer.start();
	startKeys(viewer);
	render(<App viewer={viewer} />, root);
}
