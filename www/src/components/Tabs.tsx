import type { Collection, Summary } from "ldapedge";
import type { KeyboardEventHandler } from "preact";
import { hasTree } from "../lines.ts";
import { definitionsOf } from "../lists.ts";
import { collections, formatRoute } from "../route.ts";
import { number, text } from "../text.ts";
import { memo } from "./memo.ts";

interface TabsProps {
	source: string;
	summary: Summary | undefined;
	/** None while the list is of search results. */
	selected: Collection | undefined;
	/** Whether collections that inherit are shown as trees. */
	tree: boolean;
}

/** Those with definitions and the one that is selected; until the schema is there, those that every server has. */
function shownTabs({ summary, selected }: TabsProps): Collection[] {
	if (!summary) return collections.slice(0, 4);
	return collections.filter((collection) => definitionsOf(summary, collection).length > 0 || collection === selected);
}

/** The collections. They are links, so that each list has its address, and one stop of the tab key, as tabs are. */
export const Tabs = memo((props: TabsProps) => {
	const { source, summary, selected, tree } = props;
	const shown = shownTabs(props);
	const count = (collection: Collection) => summary && definitionsOf(summary, collection).length;
	return (
		<div class="tabs" role="tablist" aria-label={text.list.tabs} onKeyDown={moveAmongTabs}>
			{shown.map((collection) => (
				<a
					key={collection}
					role="tab"
					href={formatRoute({ view: "list", source, collection, tree: (tree && hasTree(collection)) || undefined })}
					data-collection={collection}
					data-count={count(collection)}
					aria-selected={collection === selected}
					aria-controls="panel"
					tabIndex={collection === (selected ?? shown[0]) ? 0 : -1}
				>
					{text.collections[collection].tab} <span class="count">{summary ? number(count(collection) ?? 0) : ""}</span>
				</a>
			))}
		</div>
	);
});

const moveAmongTabs: KeyboardEventHandler<HTMLElement> = (event) => {
	const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
	const at = tabs.indexOf(document.activeElement as HTMLElement);
	const moves: Record<string, HTMLElement | undefined> = {
		ArrowRight: tabs[(at + 1) % tabs.length],
		ArrowLeft: tabs.at(at - 1),
		Home: tabs[0],
		End: tabs.at(-1),
	};
	if (event.key === " ") tabs[at]?.click();
	else if (moves[event.key]) moves[event.key]?.focus();
	else return;
	event.preventDefault();
};
