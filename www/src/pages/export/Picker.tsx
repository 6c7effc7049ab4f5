import type { Collection, Schema } from "ldapedge";
import { useMemo, useState } from "preact/hooks";
import { collections } from "../../route.ts";
import type { Opened } from "../../state.ts";
import { text } from "../../text.ts";
import { FacetFilter } from "../common/FacetFilter.tsx";
import { Growing } from "../common/Growing.tsx";
import { useAnswer } from "../common/useAnswer.ts";
import { type Entry, keyOf, type Selection } from "./selection.ts";

/** How many are drawn at once. */
const step = 200;

interface PickerProps {
	shown: Opened;
	selection: Selection;
	onChange: (selection: Selection) => void;
}

/** The definitions to tick, of the kinds that are chosen and that a search finds. */
export function Picker({ shown, selection, onChange }: PickerProps) {
	const { schema, lists } = shown;
	const [kinds, setKinds] = useState<readonly string[]>([]);
	const [query, setQuery] = useState("");
	const { value: hits } = useAnswer(query === "" ? undefined : (signal) => search(schema, query, signal), [
		schema,
		query,
	]);
	const found = useMemo(() => {
		const all = query === "" ? entriesOf(lists) : (hits ?? []);
		return all.filter(({ collection }) => kinds.length === 0 || kinds.includes(collection));
	}, [lists, hits, query, kinds]);
	const choices = collections
		.filter((collection) => lists[collection].length > 0)
		.map((value) => ({ facet: "kind", value, count: lists[value].length, chosen: kinds.includes(value) }));
	const select = (some: readonly Entry[], on: boolean) => onChange(selection.with(some, on, lists));
	return (
		<section class="picker" aria-label={text.export.pick}>
			<div>
				<input
					type="search"
					id="export-search"
					aria-label={text.export.search}
					placeholder={text.export.search}
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					value={query}
					onInput={(event) => setQuery(event.currentTarget.value)}
				/>
			</div>
			<FacetFilter
				label={text.lint.kind}
				choices={choices}
				word={(value) => text.collections[value as Collection].many}
				onToggle={({ value, chosen }) => setKinds(chosen ? kinds.filter((kind) => kind !== value) : [...kinds, value])}
			/>
			<p class="picks">
				<button type="button" id="select-found" onClick={() => select(found, true)}>
					{text.export.selectFound(found.length)}
				</button>
				<button type="button" id="unselect-found" onClick={() => select(found, false)}>
					{text.export.unselectFound(found.length)}
				</button>
				<span role="status">{text.export.selected(selection.total(lists))}</span>
			</p>
			<div class="ticks">
				<Growing
					items={found}
					step={step}
					draw={(some) => (
						<ul>
							{some.map((entry) => (
								<Tick
									key={`${entry.collection} ${keyOf(entry.item)}`}
									entry={entry}
									ticked={selection.has(entry.collection, entry.item)}
									onTick={(on) => select([entry], on)}
								/>
							))}
						</ul>
					)}
				/>
				{found.length === 0 && <p class="muted">{text.list.nothing}</p>}
			</div>
		</section>
	);
}

interface TickProps {
	entry: Entry;
	ticked: boolean;
	onTick: (on: boolean) => void;
}

function Tick({ entry: { collection, item }, ticked, onTick }: TickProps) {
	return (
		<li>
			<label class="check" title={item.desc}>
				<input
					type="checkbox"
					data-collection={collection}
					data-name={item.name}
					checked={ticked}
					onChange={(event) => onTick(event.currentTarget.checked)}
				/>
				<span>{item.name === item.oid ? (item.desc ?? item.name) : item.name}</span>
				<span class="muted">{text.collections[collection].short}</span>
			</label>
		</li>
	);
}

function entriesOf(lists: Opened["lists"]): Entry[] {
	return collections.flatMap((collection) => lists[collection].map((item) => ({ collection, item })));
}

async function search(schema: Schema, query: string, signal: AbortSignal): Promise<Entry[]> {
	const { hits } = await schema.search(query, 0, { signal });
	return hits.map(({ collection, ...item }) => ({ collection, item }));
}
