import { offlineSchemas } from "ldapedge";
import type { SubmitEventHandler } from "preact";
import { useRef, useState } from "preact/hooks";
import { largest, pastedFile, readFile } from "../files.ts";
import { fileSource, labelOf, liveSource, offlineSource, type Source } from "../sources.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Dialog } from "./Dialog.tsx";
import { Icon } from "./Icon.tsx";

/** All that can be opened: what is open, servers, files, pre-built schemas, and a text that is pasted. */
export function SourcesDialog({ state }: { state: State }) {
	const viewer = useViewer();
	const { opened, servers = [], recent } = state;
	const open = [...opened.values()];
	const rest = (all: Source[]) => all.filter(({ id }) => !opened.has(id));
	return (
		<Dialog id="sources" title={text.sources.title} onClose={() => viewer.setDialog(undefined)}>
			<div class="sources">
				<Files />
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
				<Paste />
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

/** Opens a file of the user's. */
function Files() {
	const viewer = useViewer();
	const [tooLarge, setTooLarge] = useState("");
	const read = async (file: File | undefined) => {
		if (!file) return;
		const opened = await readFile(file);
		if (opened) viewer.openFile(opened);
		else setTooLarge(text.sources.tooLarge(file.name, largest));
	};
	return (
		<section>
			<h3>{text.sources.file}</h3>
			<label>
				{text.sources.fileHint}
				<input type="file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
			</label>
			<p class="wrong" role="alert">
				{tooLarge}
			</p>
		</section>
	);
}

/** Opens a text that is pasted. */
function Paste() {
	const viewer = useViewer();
	const area = useRef<HTMLTextAreaElement>(null);
	const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		viewer.openFile(pastedFile(text.sources.pasted, area.current?.value ?? ""));
	};
	return (
		<section>
			<h3>{text.sources.paste}</h3>
			<form onSubmit={submit}>
				<label>
					{text.sources.pasteHint}
					<textarea ref={area} rows={4} spellcheck={false} autocapitalize="none" required />
				</label>
				<p class="actions">
					<button type="submit">{text.sources.show}</button>
				</p>
			</form>
		</section>
	);
}
