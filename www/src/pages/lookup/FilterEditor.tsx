import { type Filter, formatFilter, LDAPEdgeError, parseFilter, type Schema } from "ldapedge";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../text.ts";
import { FilterGroup } from "./FilterGroup.tsx";
import { type Group, newCondition, newGroup, rootFilter, treeOf } from "./filtertree.ts";
import { everything } from "./query.ts";

interface FilterEditorProps {
	schema: Schema;
	value: string;
	onChange: (filter: string) => void;
	/** Has the text of the conditions while it is on its way. */
	pending: { current: Promise<string> | undefined };
}

interface Flaw {
	message: string;
	/** The place in the text; undefined if it is of no place. */
	offset: number | undefined;
}

/** A filter as conditions and as text beside; what is done to one is there in the other. */
export function FilterEditor({ schema, value, onChange, pending }: FilterEditorProps) {
	const [tree, setTree] = useState<Group>(() => newGroup("and", [newCondition()]));
	const [flaw, setFlaw] = useState<Flaw>();
	/** What the tree and the text have in common; answers to anything else are late. */
	const agreed = useRef<string>(undefined);
	/** Counts the changes of the conditions: the text of an earlier one is late, and would undo what was typed since. */
	const changes = useRef(0);
	// With each drawing, not after it: until then the conditions may have changed again.
	useLayoutEffect(() => {
		if (agreed.current === value) return;
		agreed.current = value;
		const before = changes.current;
		const current = () => agreed.current === value && changes.current === before;
		parseFilter(value).then(
			({ filter }) => {
				if (!current()) return;
				setTree(treeOf(filter));
				setFlaw(undefined);
			},
			(error: unknown) => current() && setFlaw(flawOf(error)),
		);
	}, [value]);
	const change = (next: Group) => {
		setTree(next);
		changes.current++;
		const mine = changes.current;
		pending.current = textOf(rootFilter(next));
		pending.current.then(
			(written) => {
				if (mine !== changes.current) return;
				pending.current = undefined;
				agreed.current = written;
				setFlaw(undefined);
				onChange(written);
			},
			(error: unknown) => mine === changes.current && setFlaw(flawOf(error)),
		);
	};
	const write = (next: string) => {
		changes.current++;
		pending.current = undefined;
		onChange(next);
	};
	return (
		<div class="filter">
			<div class="builder">
				{flaw && <p class="behind">{text.lookUp.behind}</p>}
				<FilterGroup schema={schema} group={tree} onChange={change} />
			</div>
			<div class="filter-text">
				<label>
					{text.lookUp.filterText}
					<textarea
						id="lookup-filter"
						rows={4}
						spellcheck={false}
						autocapitalize="none"
						autocomplete="off"
						value={value}
						aria-invalid={flaw !== undefined}
						aria-describedby="filter-flaw"
						onInput={(event) => write(event.currentTarget.value)}
					/>
				</label>
				<div id="filter-flaw" role="status">
					{flaw && <FlawView flaw={flaw} of={value} />}
				</div>
			</div>
		</div>
	);
}

async function textOf(filter: Filter | undefined): Promise<string> {
	return filter ? (await formatFilter(filter)).text : everything;
}

function flawOf(error: unknown): Flaw {
	if (error instanceof LDAPEdgeError) return { message: String(error.cause), offset: error.offset };
	return { message: String(error), offset: undefined };
}

/** What is wrong, with the place marked. */
function FlawView({ flaw: { message, offset }, of }: { flaw: Flaw; of: string }) {
	const at = offset === undefined ? undefined : Math.min(offset, of.length);
	return (
		<div class="flaw">
			<p>{text.lookUp.noFilter(message)}</p>
			{at !== undefined && (
				<pre>
					{of.slice(Math.max(0, at - 40), at)}
					<mark>{of.slice(at, at + 1) || <span class="end">{text.problems.end}</span>}</mark>
					{of.slice(at + 1, at + 40)}
				</pre>
			)}
		</div>
	);
}
