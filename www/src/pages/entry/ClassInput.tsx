import type { Hit, Schema } from "ldapedge";
import { useId, useState } from "preact/hooks";
import { text } from "../../text.ts";
import { useAnswer } from "../common/useAnswer.ts";

/** How many classes are offered. */
const most = 12;

interface ClassInputProps {
	schema: Schema;
	/** What is chosen, and need not be offered. */
	chosen: readonly string[];
	onChoose: (name: string) => void;
}

/** Finds an object class as one types: arrows move through what is offered, Enter takes it. */
export function ClassInput({ schema, chosen, onChoose }: ClassInputProps) {
	const list = useId();
	const [query, setQuery] = useState("");
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(0);
	const { value } = useAnswer(query === "" ? undefined : (signal) => offered(schema, query, signal), [schema, query]);
	const hits = query === "" || value?.query !== query ? [] : value.hits.filter(({ name }) => !chosen.includes(name));
	const shown = open && hits.length > 0;
	const current = Math.min(at, hits.length - 1);
	const choose = (hit: Hit | undefined) => {
		if (!hit) return;
		onChoose(hit.name);
		setQuery("");
		setOpen(false);
	};
	const moves: Record<string, () => void> = {
		ArrowDown: () => (open ? setAt((current + 1) % hits.length) : setOpen(true)),
		ArrowUp: () => setAt((current + hits.length - 1) % hits.length),
		Enter: () => choose(hits[current]),
		Escape: () => setOpen(false),
	};
	const onKeyDown = (event: KeyboardEvent) => {
		const move = hits.length > 0 && !event.isComposing ? moves[event.key] : undefined;
		if (!move || (event.key === "Escape" && !open)) return;
		event.preventDefault();
		move();
	};
	return (
		<div class="class-input">
			<label for={`${list}-input`}>{text.entry.add}</label>
			<input
				type="text"
				id={`${list}-input`}
				name="class"
				role="combobox"
				aria-expanded={shown}
				aria-controls={list}
				aria-autocomplete="list"
				aria-activedescendant={shown ? `${list}-${current}` : undefined}
				placeholder={text.entry.placeholder}
				autocomplete="off"
				autocapitalize="none"
				spellcheck={false}
				value={query}
				onInput={(event) => {
					setQuery(event.currentTarget.value);
					setOpen(true);
					setAt(0);
				}}
				onKeyDown={onKeyDown}
				onBlur={() => setOpen(false)}
			/>
			<div id={list} role="listbox" aria-label={text.entry.offered} hidden={!shown}>
				{hits.map((hit, i) => (
					<div
						key={`${hit.name} ${hit.ordinal}`}
						id={`${list}-${i}`}
						role="option"
						tabIndex={-1}
						aria-selected={i === current}
						data-name={hit.name}
						// Before the field loses the focus, which would close the list.
						onPointerDown={(event) => {
							event.preventDefault();
							choose(hit);
						}}
					>
						<span>{hit.also ? `${hit.name} (${hit.also})` : hit.name}</span>
						<span class="muted">{hit.kind && text.kinds[hit.kind]}</span>
					</div>
				))}
			</div>
			<span class="unseen" role="status">
				{shown ? text.entry.count(hits.length) : ""}
			</span>
		</div>
	);
}

async function offered(schema: Schema, query: string, signal: AbortSignal) {
	const hits = await schema.find(query, { collections: ["objectClasses"], limit: most, signal });
	return { query, hits };
}
