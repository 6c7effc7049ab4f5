import type { Failure } from "ldapedge";
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type PageProps, pages } from "../pages/index.tsx";
import { formatRoute, type PageView } from "../route.ts";
import { shownFor } from "../state.ts";
import { text } from "../text.ts";
import { Absent, listRoute } from "./DetailPane.tsx";
import { ErrorPanel } from "./ErrorPanel.tsx";
import { Icon } from "./Icon.tsx";

/** A page beside the definitions, with all the room under the bar. */
export function Page({ route, state }: PageProps) {
	const { Content, failure } = usePage(route.view);
	const page = useRef<HTMLElement>(null);
	const ready = Content !== undefined && shownFor(state) !== undefined;
	useLayoutEffect(() => {
		// Whoever came by a link of the bar goes on at the heading.
		if (ready && !document.querySelector("dialog[open]"))
			page.current?.querySelector("h1")?.focus({ preventScroll: true });
	}, [ready]);
	return (
		<main class="page" id={`page-${route.view}`} ref={page} tabIndex={-1}>
			<a class="back" href={formatRoute(listRoute(route, state))}>
				<Icon name="back" />
				<span>{text.pages.back}</span>
			</a>
			{failure && <ErrorPanel failure={failure} />}
			{!failure && !shownFor(state) && <Absent state={state} />}
			{ready && Content && <Content route={route} state={state} />}
		</main>
	);
}

interface Loaded {
	Content?: ComponentType<PageProps>;
	failure?: Failure;
}

/** A page's code, once it is there. */
function usePage(view: PageView): Loaded {
	const [loaded, setLoaded] = useState<Loaded>({});
	useEffect(() => {
		let wanted = true;
		const set = (next: Loaded) => wanted && setLoaded(next);
		pages[view]().then(
			({ default: Content }) => set({ Content }),
			(error: unknown) =>
				set({ failure: { code: "unavailable", where: text.pages.names[view], cause: String(error) } }),
		);
		return () => {
			wanted = false;
		};
	}, [view]);
	return loaded;
}
