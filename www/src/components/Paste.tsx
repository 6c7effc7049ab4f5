import type { Failure } from "ldapedge";
import type { SubmitEventHandler } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { pastedFile } from "../files.ts";
import { type Editable, editable } from "../merging.ts";
import { formatRoute } from "../route.ts";
import { labelOf } from "../sources.ts";
import { failureOf, type Opened, type State, shownFor } from "../state.ts";
import { number, text } from "../text.ts";
import { useViewer } from "../viewer.ts";

/** The longest text that is changed here, in characters: a browser lays all of it out anew with each that is typed. */
const most = 100_000;

/** Opens a text that is pasted, or adds it to the schema on the page, which can be changed as a text too. */
export function Paste({ state }: { state: State }) {
	const viewer = useViewer();
	const shown = shownFor(state);
	const area = useRef<HTMLTextAreaElement>(null);
	const name = useRef<HTMLInputElement>(null);
	const { edited, failure, waiting, edit } = useEditable();
	const editing = edited !== undefined && edited.content.length <= most;
	useLayoutEffect(() => {
		if (!area.current || !name.current || !editing) return;
		area.current.value = edited.content;
		area.current.setSelectionRange(0, 0);
		area.current.focus({ preventScroll: true });
		area.current.closest("section")?.scrollIntoView();
		name.current.value = text.merge.edited(edited.label);
	}, [edited]);
	const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		const file = pastedFile(name.current?.value.trim() || text.sources.pasted, area.current?.value ?? "");
		if (event.submitter?.id === "add-pasted") void viewer.addFile(file);
		else viewer.openFile(file);
	};
	return (
		<section class="paste" data-editing={editing}>
			<h3>{text.sources.paste}</h3>
			{shown && (
				<p>
					<button type="button" id="edit-as-text" disabled={waiting} onClick={() => edit(shown)}>
						{text.merge.edit(labelOf(shown.source))}
					</button>
				</p>
			)}
			<div role="status">
				{waiting && text.merge.writing}
				{failure && text.failure.told(failure)}
				{edited && shown && <Held edited={edited} shown={shown} />}
			</div>
			<form onSubmit={submit}>
				<label>
					{text.sources.pasteHint}
					<textarea ref={area} rows={editing ? 20 : 4} spellcheck={false} autocapitalize="none" required />
				</label>
				<label>
					{text.merge.name}
					<input
						ref={name}
						type="text"
						defaultValue={text.sources.pasted}
						maxLength={200}
						autocomplete="off"
						spellcheck={false}
					/>
				</label>
				<p class="actions">
					<button type="submit">{text.sources.show}</button>
					{shown && (
						<button type="submit" id="add-pasted" disabled={state.merging?.stage === "adding"}>
							{text.merge.add(labelOf(shown.source))}
						</button>
					)}
				</p>
			</form>
		</section>
	);
}

interface Edited extends Editable {
	/** What is edited. */
	label: string;
}

/** A schema as a text, once it is asked for. */
function useEditable() {
	const [{ edited, failure, waiting }, set] = useState<{ edited?: Edited; failure?: Failure; waiting: boolean }>({
		waiting: false,
	});
	const edit = ({ schema, source }: Opened) => {
		set({ waiting: true });
		editable(schema).then(
			(written) => set({ edited: { ...written, label: labelOf(source) }, waiting: false }),
			(error: unknown) => set({ failure: failureOf(error), waiting: false }),
		);
	};
	return { edited, failure, waiting, edit };
}

/** How many values are listed, and how much of each. */
const listed = 20;
const letters = 120;

/** Says what the text cannot hold, or that it is too long. */
function Held({ edited: { content, lost }, shown }: { edited: Edited; shown: Opened }) {
	const viewer = useViewer();
	if (content.length > most)
		return (
			<p>
				{text.merge.tooLong(most)}{" "}
				<a
					href={formatRoute({ view: "export", source: shown.source.id, parameters: "to=ldif&of=selection" })}
					onClick={() => viewer.setDialog(undefined)}
				>
					{text.merge.exportInstead}
				</a>
			</p>
		);
	if (lost.length === 0) return <p>{text.merge.allHeld}</p>;
	return (
		<details class="folds">
			<summary>{text.merge.lost(lost.length)}</summary>
			<ul>
				{lost.slice(0, listed).map(({ collection, text: value, offset }) => (
					<li key={`${collection} ${value} ${offset}`}>
						<code>{value.slice(0, letters)}</code>
					</li>
				))}
			</ul>
			{lost.length > listed && <p class="muted">{number(lost.length - listed)} …</p>}
		</details>
	);
}
