import { useEffect, useLayoutEffect } from "preact/hooks";
import { isPage } from "../route.ts";
import { nameOfSource } from "../sources.ts";
import { type Listed, listedFor, type State } from "../state.ts";
import { useStore } from "../store.ts";
import { text } from "../text.ts";
import { type Viewer, ViewerContext } from "../viewer.ts";
import { Banner } from "./Banner.tsx";
import { BindDialog } from "./BindDialog.tsx";
import { DetailPane } from "./DetailPane.tsx";
import { DropZone } from "./DropZone.tsx";
import { KeysDialog } from "./KeysDialog.tsx";
import { ListPane } from "./ListPane.tsx";
import { MergeNotice } from "./MergeNotice.tsx";
import { NewerVersion } from "./NewerVersion.tsx";
import { Page } from "./Page.tsx";
import { SourcesDialog } from "./SourcesDialog.tsx";
import { TokenDialog } from "./TokenDialog.tsx";
import { TopBar } from "./TopBar.tsx";

/** The whole page. */
export function App({ viewer }: { viewer: Viewer }) {
	const state = useStore(viewer.store);
	useTitle(state);
	usePaintMark(listedFor(state));
	return (
		<ViewerContext.Provider value={viewer}>
			<TopBar state={state} />
			<Banner state={state} />
			<MergeNotice state={state} />
			{isPage(state.route) ? (
				<Page key={state.route.view} route={state.route} state={state} />
			) : (
				<main class="panes" data-pane={paneOf(state)}>
					<ListPane state={state} />
					<DetailPane state={state} />
				</main>
			)}
			{state.dialog === "token" && <TokenDialog refused={state.tokenRefused} />}
			{state.dialog === "bind" && <BindDialog state={state} />}
			{state.dialog === "sources" && <SourcesDialog state={state} />}
			<DropZone state={state} />
			{state.dialog === "keys" && <KeysDialog singleKeys={state.singleKeys} />}
			<NewerVersion />
		</ViewerContext.Provider>
	);
}

/** The pane that is shown where there is room for one; without a schema there is no list to show. */
function paneOf(state: State): "list" | "detail" | "single" {
	if (!listedFor(state)) return state.failure || state.servers?.length === 0 ? "single" : "detail";
	return state.route?.view === "list" || state.route?.view === "search" ? "list" : "detail";
}

function useTitle({ route, detail, listing }: State): void {
	const name = route?.view === "definition" ? (detail?.definition?.name ?? route.name) : undefined;
	const list = listing.query || text.collections[listing.collection].many;
	const place =
		route?.view === "problems" ? text.problems.heading : isPage(route) ? text.pages.names[route.view] : list;
	const source = route && nameOfSource(route.source);
	useEffect(() => {
		document.title = text.titleOf(name ?? place, source);
	}, [name, place, source]);
}

/** Marks the moment at which a list has been painted first, as "list-painted". */
function usePaintMark(listed: Listed | undefined): void {
	const lists = listed?.lists;
	useLayoutEffect(() => {
		if (!lists) return;
		// The first callback runs before the frame that shows it, the second after.
		requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("list-painted")));
	}, [lists]);
}
