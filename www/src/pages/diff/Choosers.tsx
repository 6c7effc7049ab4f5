import { offlineSchemas } from "ldapedge";
import type { PageRoute } from "../../route.ts";
import { fileSource, labelOf, liveSource, nameOfSource, offlineSource, type Source } from "../../sources.ts";
import type { State } from "../../state.ts";
import { text } from "../../text.ts";
import { useViewer } from "../../viewer.ts";

/** The two sources, and their exchange. */
export function Choosers({ route, state }: { route: PageRoute; state: State }) {
	const viewer = useViewer();
	const { source, at = "" } = route;
	return (
		<div class="choosers">
			<SourceChooser
				id="diff-from"
				label={text.diff.from}
				chosen={source}
				state={state}
				onChange={(id) => viewer.changePage({ ...route, source: id })}
			/>
			<button
				type="button"
				id="diff-swap"
				disabled={at === ""}
				aria-label={text.diff.swap}
				title={text.diff.swap}
				onClick={() => viewer.changePage({ ...route, source: at, at: source })}
			>
				⇄
			</button>
			<SourceChooser
				id="diff-to"
				label={text.diff.to}
				chosen={at}
				state={state}
				onChange={(id) => viewer.changePage({ ...route, at: id })}
			/>
			<button type="button" class="plain" onClick={() => viewer.setDialog("sources")}>
				{text.bar.more}
			</button>
		</div>
	);
}

interface SourceChooserProps {
	id: string;
	label: string;
	/** The ID of the source that is chosen, empty if none is. */
	chosen: string;
	state: State;
	onChange: (id: string) => void;
}

function SourceChooser({ id, label, chosen, state, onChange }: SourceChooserProps) {
	const groups = groupsOf(state);
	const there = groups.some(({ sources }) => sources.some((one) => one.id === chosen));
	return (
		<label class="chooser">
			<span>{label}</span>
			<select id={id} value={chosen} onChange={(event) => onChange(event.currentTarget.value)}>
				{chosen === "" && <option value="">{text.diff.choose}</option>}
				{chosen !== "" && !there && <option value={chosen}>{nameOfSource(chosen)}</option>}
				{groups.map(({ title, sources }) => (
					<optgroup key={title} label={title}>
						{sources.map((one) => (
							<option key={one.id} value={one.id}>
								{labelOf(one)}
							</option>
						))}
					</optgroup>
				))}
			</select>
		</label>
	);
}

/** All that can be compared: servers, pre-built schemas, files that are open or were. */
function groupsOf({ servers = [], opened, recent }: State): { title: string; sources: Source[] }[] {
	const open = [...opened.values()].map(({ source }) => source).filter(({ kind }) => kind === "file");
	const files = new Map([...open, ...recent.map(({ name }) => fileSource(name))].map((one) => [one.id, one]));
	return [
		{ title: text.bar.servers, sources: servers.map(liveSource) },
		{ title: text.bar.prebuilt, sources: offlineSchemas().map(({ name }) => offlineSource(name)) },
		{ title: text.bar.files, sources: [...files.values()] },
	].filter(({ sources }) => sources.length > 0);
}
