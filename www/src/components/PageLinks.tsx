import { formatRoute, pageViews } from "../route.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

/** The ways to the pages: side by side where there is room, else behind a button. */
export function PageLinks({ state }: { state: State }) {
	const { route } = state;
	if (!route) return <div class="pages" />; // which keeps the place
	// A link to the page that is open would not close the menu.
	const close = () => document.getElementById("menu")?.hidePopover();
	const links = pageViews.map((view) => (
		<a
			key={view}
			href={formatRoute({ view, source: route.source })}
			aria-current={route.view === view ? "page" : undefined}
			onClick={close}
		>
			{text.pages.names[view]}
		</a>
	));
	return (
		<div class="pages">
			<nav class="wide" aria-label={text.pages.label}>
				{links}
			</nav>
			<button type="button" class="tool" id="menu-button" popovertarget="menu" aria-label={text.pages.menu}>
				<Icon name="menu" />
			</button>
			<nav id="menu" popover="auto" aria-label={text.pages.menu}>
				{links}
			</nav>
		</div>
	);
}
