/** The pages beside the definitions: each is loaded when it is first opened. */
import type { ComponentType } from "preact";
import type { PageRoute, PageView } from "../route.ts";
import type { State } from "../state.ts";

export type { PageView } from "../route.ts";

export interface PageProps {
	route: PageRoute;
	state: State;
}

export const pages: Record<PageView, () => Promise<{ default: ComponentType<PageProps> }>> = {
	lint: () => import("./LintPage.tsx"),
	diff: () => import("./DiffPage.tsx"),
	export: () => import("./ExportPage.tsx"),
	entry: () => import("./EntryPage.tsx"),
	lookup: () => import("./LookUpPage.tsx"),
	server: () => import("./ServerPage.tsx"),
};
