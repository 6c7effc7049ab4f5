import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { formatRoute, type Route } from "../route.ts";
import { type Listed, listedFor, type State, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { DefinitionView } from "./DefinitionView.tsx";
import { ErrorPanel } from "./ErrorPanel.tsx";
import { Icon } from "./Icon.tsx";
import { Overview } from "./Overview.tsx";
import { Problems } from "./Problems.tsx";
import { SummaryTip } from "./SummaryTip.tsx";
import { useScrolled } from "./VirtualRows.tsx";
import { LoadFailed, Loading, NoServers } from "./Waiting.tsx";

/** The pane on the right: what the address points at, or why it is not there. */
export function DetailPane({ state }: { state: State }) {
	const shown = shownFor(state);
	const listed = listedFor(state);
	const { route } = state;
	const pane = useHeadingFocus(contentOf(state));
	const back = route && (route.view === "definition" || route.view === "problems") && listed;
	return (
		<div class="detail" ref={pane} tabIndex={-1}>
			{back && (
				<a class="back" href={formatRoute(listRoute(route, state))}>
					<Icon name="back" />
					<span>{text.definition.back}</span>
				</a>
			)}
			{listed && route ? <Content route={route} listed={listed} state={state} /> : <Absent state={state} />}
			{shown && <SummaryTip schema={shown.schema} within={pane} />}
		</div>
	);
}

/** The list that stands beside what is shown. */
export function listRoute({ source }: Pick<Route, "source">, { listing }: State): Route {
	const { query, collection, filters } = listing;
	if (query !== "") return { view: "search", source, query, filters };
	return { view: "list", source, collection, filters };
}

function Content({ route, listed, state }: { route: Route; listed: Listed; state: State }) {
	if (route.view === "problems") return <Problems summary={listed.summary} />;
	if (route.view !== "definition") return <Overview listed={listed} />;
	const shown = shownFor(state);
	if (!shown) return <Absent state={state} />;
	const { detail } = state;
	if (!detail) return null;
	if (detail.definition)
		return <DefinitionView source={route.source} schema={shown.schema} definition={detail.definition} />;
	if (!detail.failure) return null;
	const missing = detail.failure.code === "unknown-definition";
	const search = formatRoute({ view: "search", source: route.source, query: detail.name });
	return (
		<ErrorPanel
			failure={detail.failure}
			{...(missing && { title: text.definition.missing(detail.collection, detail.name, detail.ordinal) })}
		>
			{missing && (
				<p>
					<a href={search}>{text.definition.searchFor(detail.name)}</a>
				</p>
			)}
		</ErrorPanel>
	);
}

/** Why there is no schema. */
export function Absent({ state }: { state: State }) {
	if (state.loading) return <Loading loading={state.loading} />;
	if (state.failure) return <LoadFailed state={state} />;
	return state.servers?.length === 0 ? <NoServers /> : null;
}

/**
 * Begins another content at its top. Whoever was in the old content, or has
 * opened the new one from a list that is out of sight now, goes on at its
 * heading; whoever goes through the list stays there.
 */
function useHeadingFocus(content: string) {
	const pane = useRef<HTMLDivElement>(null);
	const inside = useRef(false);
	const before = useRef(content);
	const scrolled = useScrolled(pane);
	useEffect(() => {
		// What had the focus may be gone when the new content comes, so it is noted.
		const note = (event: Event) => {
			inside.current = pane.current?.contains(event.target as Node) ?? false;
		};
		addEventListener("focusin", note);
		addEventListener("pointerdown", note);
		return () => {
			removeEventListener("focusin", note);
			removeEventListener("pointerdown", note);
		};
	}, []);
	useLayoutEffect(() => {
		if (content === before.current) return;
		before.current = content;
		if (scrolled.current) pane.current?.scrollTo(0, 0);
		const active = document.activeElement;
		const outOfSight = active !== document.body && !active?.checkVisibility({ visibilityProperty: true });
		if (inside.current || outOfSight) pane.current?.querySelector("h1")?.focus({ preventScroll: true });
	}, [content]);
	return pane;
}

/** What is shown, in a word that is another one for another content. */
function contentOf(state: State): string {
	const { route, detail, failure, loading } = state;
	const there = route?.view === "definition" ? shownFor(state) : listedFor(state);
	if (!there) return loading ? "loading" : `${failure?.source} ${failure?.failure.code}`;
	if (route?.view !== "definition") return route?.view ?? "";
	return `${detail?.collection} ${detail?.name} ${detail?.ordinal}`;
}
