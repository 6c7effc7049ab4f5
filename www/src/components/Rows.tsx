import type { Collection, Definition, Hit, Item } from "ldapedge";
import { formatRoute } from "../route.ts";
import type { Results } from "../state.ts";
import { text } from "../text.ts";
import { memo } from "./memo.ts";
import { Ordinal } from "./RefLink.tsx";

interface RowProps {
	source: string;
	collection: Collection;
	item: Item;
	current: boolean;
	/** Whether the list mixes collections, so that each row has to say its own. */
	mixed: boolean;
}

const Row = memo(({ source, collection, item, current, mixed }: RowProps) => (
	<li>
		<a
			class="row"
			href={formatRoute({ view: "definition", source, collection, name: item.name, ordinal: item.ordinal })}
			data-name={item.name}
			data-ordinal={item.ordinal}
			data-collection={collection}
			data-kind={item.kind}
			aria-current={current ? "page" : undefined}
			title={item.desc}
		>
			<span class={item.obsolete ? "name obsolete" : "name"}>
				{item.name}
				<Ordinal of={item.ordinal} />
			</span>
			<span class="oid">{item.name === item.oid ? item.desc : item.oid}</span>
			<span class="kind">{mixed ? text.collections[collection].short : kindOf(item)}</span>
		</a>
	</li>
));

/** The kind in a word. What is struck through is called obsolete, for those who do not see the stroke. */
function kindOf(item: Item): string {
	if (item.obsolete) return text.list.obsolete;
	if (item.kind) return text.kinds[item.kind];
	return item.usage ? text.usages[item.usage].short : "";
}

interface CollectionRowsProps {
	source: string;
	collection: Collection;
	items: Item[];
	current: Definition | undefined;
}

/** The definitions of a collection. */
export const CollectionRows = memo(({ source, collection, items, current }: CollectionRowsProps) => {
	if (items.length === 0) return <p class="nothing">{text.list.empty(collection)}</p>;
	return (
		<ul id="list" data-of={collection}>
			{items.map((item) => (
				<Row
					key={keyOf(item)}
					source={source}
					collection={collection}
					item={item}
					current={isCurrent(current, collection, item)}
					mixed={false}
				/>
			))}
		</ul>
	);
});

interface ResultRowsProps {
	source: string;
	results: Results;
	current: Definition | undefined;
}

/** What a search has found. */
export const ResultRows = memo(({ source, results, current }: ResultRowsProps) => {
	if (results.failure) return <p class="nothing">{text.errors[results.failure.code].title}.</p>;
	if (results.hits.length === 0) return <p class="nothing">{text.list.nothing}</p>;
	return (
		<ul id="list">
			{results.hits.map((hit: Hit) => (
				<Row
					key={`${hit.collection} ${keyOf(hit)}`}
					source={source}
					collection={hit.collection}
					item={hit}
					current={isCurrent(current, hit.collection, hit)}
					mixed
				/>
			))}
		</ul>
	);
});

/** Tells the definitions of a collection apart: those of a name by their ordinals. */
function keyOf({ name, ordinal = 1 }: Item | Definition): string {
	return `${name} ${ordinal}`;
}

function isCurrent(current: Definition | undefined, collection: Collection, item: Item): boolean {
	return current?.collection === collection && keyOf(current) === keyOf(item);
}
