import type { Schema } from "ldapedge";
import type { SubmitEventHandler } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { memo } from "../../components/memo.ts";
import { text } from "../../text.ts";
import { namesOf } from "./attributes.ts";
import { FilterEditor } from "./FilterEditor.tsx";
import { everything, limitOf, type Query, type Scope, scopes } from "./query.ts";
import { TokenInput } from "./TokenInput.tsx";

interface SearchFormProps {
	schema: Schema;
	/** The search in the address. */
	query: Query | undefined;
	/** A filter that the address proposes. */
	proposed: string | undefined;
	onSubmit: (query: Query) => void;
}

const blank: Query = { base: "", scope: "sub", filter: everything, attributes: [], sizeLimit: 0, timeLimit: 0 };

/** What to search for. */
export function SearchForm({ schema, query, proposed, onSubmit }: SearchFormProps) {
	const contexts = useContexts(schema);
	const [draft, setDraft] = useState(query ?? blank);
	useEffect(() => {
		if (query) setDraft(query);
		else if (proposed) setDraft((before) => ({ ...before, filter: proposed }));
	}, [query, proposed]);
	const [first] = contexts;
	useEffect(() => {
		// The first context is where most look; what has been typed stays.
		if (!query && first !== undefined) setDraft((before) => (before.base === "" ? { ...before, base: first } : before));
	}, [query, first]);
	const set = (change: Partial<Query>) => setDraft((before) => ({ ...before, ...change }));
	const pending = useRef<Promise<string>>(undefined);
	/** Who is quick to press Enter means what was typed last. */
	const submitted = async () => {
		const filter = await pending.current?.catch(() => undefined);
		onSubmit({ ...draft, ...(filter !== undefined && { filter }) });
	};
	const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		void submitted();
	};
	return (
		<form class="search-form" onSubmit={submit}>
			<Names schema={schema} contexts={contexts} />
			<div class="row-of-fields">
				<label class="base">
					{text.lookUp.base}
					<input
						id="lookup-base"
						list="lookup-contexts"
						placeholder={text.lookUp.rootDSE}
						autocomplete="off"
						autocapitalize="none"
						spellcheck={false}
						value={draft.base}
						onInput={(event) => set({ base: event.currentTarget.value })}
					/>
				</label>
				<label>
					{text.lookUp.scope}
					<select
						id="lookup-scope"
						value={draft.scope}
						onChange={(event) => set({ scope: event.currentTarget.value as Scope })}
					>
						{scopes.map((scope) => (
							<option key={scope} value={scope}>
								{text.lookUp.scopes[scope]}
							</option>
						))}
					</select>
				</label>
				<Limit
					id="lookup-size"
					label={text.lookUp.size}
					value={draft.sizeLimit}
					onChange={(sizeLimit) => set({ sizeLimit })}
				/>
				<Limit
					id="lookup-time"
					label={text.lookUp.time}
					value={draft.timeLimit}
					onChange={(timeLimit) => set({ timeLimit })}
				/>
			</div>
			<FilterEditor schema={schema} value={draft.filter} pending={pending} onChange={(filter) => set({ filter })} />
			<div class="row-of-fields">
				<TokenInput
					id="lookup-attributes-input"
					label={text.lookUp.attributes}
					placeholder={text.lookUp.allAttributes}
					list="lookup-attributes"
					tokens={draft.attributes}
					onChange={(attributes) => set({ attributes })}
				/>
				<button type="submit" class="main" id="lookup-submit">
					{text.lookUp.submit}
				</button>
			</div>
		</form>
	);
}

/** The naming contexts of the server; none until they are known. */
function useContexts(schema: Schema): readonly string[] {
	const [contexts, setContexts] = useState<readonly string[]>([]);
	useEffect(() => {
		const asking = new AbortController();
		schema.info({ signal: asking.signal }).then(
			({ namingContexts }) => setContexts(namingContexts.filter(Boolean)),
			() => undefined, // they are an offer, and no more
		);
		return () => asking.abort();
	}, [schema]);
	return contexts;
}

interface LimitProps {
	id: string;
	label: string;
	/** 0 is none. */
	value: number;
	onChange: (value: number) => void;
}

function Limit({ id, label, value, onChange }: LimitProps) {
	return (
		<label class="limit">
			{label}
			<input
				id={id}
				type="number"
				min={1}
				max={0x7fffffff}
				placeholder={text.lookUp.noLimit}
				value={value === 0 ? "" : value}
				onInput={(event) => onChange(limitOf(event.currentTarget.value))}
			/>
		</label>
	);
}

/** What fields offer: thousands of names, which are not drawn anew with each key. */
const Names = memo(({ schema, contexts }: { schema: Schema; contexts: readonly string[] }) => {
	const lists = {
		"lookup-attributes": namesOf(schema, "attributeTypes"),
		"lookup-classes": namesOf(schema, "objectClasses"),
		"lookup-rules": namesOf(schema, "matchingRules"),
		"lookup-contexts": contexts,
	};
	return (
		<>
			{Object.entries(lists).map(([id, names]) => (
				<datalist key={id} id={id}>
					{names.map((name) => (
						<option key={name} value={name} />
					))}
				</datalist>
			))}
		</>
	);
});
