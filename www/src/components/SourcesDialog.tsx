import { offlineSchemas } from "ldapedge";
import { useState } from "preact/hooks";
import { largest, readFiles } from "../files.ts";
import { fileSource, labelOf, liveSource, type OpenedFile, offlineSource, type Source } from "../sources.ts";
import { type State, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Dialog } from "./Dialog.tsx";
import { Icon } from "./Icon.tsx";
import { Paste } from "./Paste.tsx";

/** All that can be opened: what is open, servers, files, pre-built schemas, and a text that is pasted. */
export function SourcesDialog({ state }: { state: State }) {
	const viewer = useViewer();
	const { opened, servers = [], recent } = state;
	const open = [...opened.values()];
	const rest = (all: Source[]) => all.filter(({ id }) => !opened.has(id));
	return (
		<Dialog id="sources" title={text.sources.title} onClose={() => viewer.setDialog(undefined)}>
			<div class="sources">
				<Files state={state} />
				<Group
					title={text.sources.opened}
					sources={open.map(({ source }) => source)}
					onClose={({ id }) => viewer.closeSource(id)}
				/>
				<Group title={text.sources.servers} sources={rest(servers.map(liveSource))} />
				<Group title={text.sources.prebuilt} sources={rest(offlineSchemas().map(({ name }) => offlineSource(name)))} />
				<Group
					title={text.sources.recent}
					sources={rest(recent.map(({ name }) => fileSource(name)))}
					onClose={(source) => viewer.session.forget(labelOf(source))}
				/>
				<Paste state={state} />
			</div>
			<p class="actions">
				<button type="button" onClick={() => viewer.setDialog(undefined)}>
					{text.keys.close}
				</button>
			</p>
		</Dialog>
	);
}

interface GroupProps {
	title: string;
	sources: Source[];
	/** Lets go of one. */
	onClose?: (source: Source) => void;
}

/** Sources to go to; nothing if there are none. */
function Group({ title, sources, onClose }: GroupProps) {
	const viewer = useViewer();
	if (sources.length === 0) return null;
	const go = (source: Source) => {
		viewer.setDialog(undefined);
		viewer.changeSource(source.id);
	};
	return (
		<section>
			<h3>{title}</h3>
			<ul>
				{sources.map((source) => (
					<li key={source.id} data-source={source.id}>
						<button type="button" class="plain" onClick={() => go(source)}>
							{labelOf(source)}
						</button>{" "}
						{source.kind === "live" && <span class="muted">{source.server.url}</span>}
						{onClose && (
							<button
								type="button"
								class="plain icon-button"
								aria-label={text.sources.close(labelOf(source))}
								onClick={() => onClose(source)}
							>
								<Icon name="cancel" />
							</button>
						)}
					</li>
				))}
			</ul>
		</section>
	);
}

/** Opens files of the user's, or adds them to the schema on the page. */
function Files({ state }: { state: State }) {
	const viewer = useViewer();
	const shown = shownFor(state);
	const { merging } = state;
	const [tooLarge, setTooLarge] = useState("");
	const read = async (input: HTMLInputElement, use: (files: OpenedFile[]) => Promise<void>) => {
		const { opened, tooLarge } = await readFiles(input.files ?? []);
		input.value = ""; // to be chosen again
		setTooLarge(tooLarge === undefined ? "" : text.sources.tooLarge(tooLarge, largest));
		await use(opened);
	};
	return (
		<section>
			<h3>{text.sources.file}</h3>
			<label>
				{text.sources.fileHint}
				<input
					type="file"
					multiple
					onChange={({ currentTarget }) => void read(currentTarget, (files) => viewer.openFiles(files))}
				/>
			</label>
			{shown && (
				<label>
					{text.merge.addFile(labelOf(shown.source))}
					<input
						type="file"
						id="add-file"
						multiple
						onChange={({ currentTarget }) => void read(currentTarget, (files) => viewer.addFiles(files))}
					/>
				</label>
			)}
			<p role="status">{merging?.stage === "adding" && text.merge.adding(merging.file, merging.base)}</p>
			<p class="wrong" role="alert">
				{tooLarge || (merging?.stage === "failed" && text.merge.failed(merging.file, merging.failure))}
			</p>
		</section>
	);
}
