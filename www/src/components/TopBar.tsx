import { useEffect, useState } from "preact/hooks";
import { isLive, labelOf, liveSource, nameOfSource } from "../sources.ts";
import { type State, statusOf } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Icon } from "./Icon.tsx";
import { PageLinks } from "./PageLinks.tsx";

/** The bar on top: where the schema is from, the search, and what concerns the whole page. */
export function TopBar({ state }: { state: State }) {
	const viewer = useViewer();
	const status = statusOf(state);
	const theme = text.bar.theme(text.themes[state.theme]);
	return (
		<header class="bar">
			<button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>(".detail, .page")?.focus()}>
				{text.bar.skip}
			</button>
			<div class="source">
				<SourceSelect state={state} />
				<span id="status" role="status" data-state={status}>
					{text.statuses[status]}
				</span>
			</div>
			<search class="search">
				<Icon name="search" />
				<input
					id="search"
					type="search"
					aria-label={text.bar.search}
					aria-keyshortcuts="/"
					placeholder={text.bar.placeholder}
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					value={state.listing.query}
					onInput={(event) => viewer.search(event.currentTarget.value)}
				/>
			</search>
			<PageLinks state={state} />
			<ReloadButton waiting={state.loading !== undefined} />
			<button
				type="button"
				id="theme"
				class="tool"
				aria-label={theme}
				title={theme}
				onClick={() => viewer.changeTheme()}
			>
				<Icon name={state.theme} />
				<span class="word">{text.themes[state.theme]}</span>
			</button>
		</header>
	);
}

/** Stand for a source without a name, and for the dialog with all: an option with an empty value would be one with its words as value. */
const unnamed = " ";
const more = "  ";

/** The sources that are one step away: servers, pre-built schemas and files that are open; and the way to all others. */
function SourceSelect({ state }: { state: State }) {
	const viewer = useViewer();
	const source = state.route?.source ?? "";
	const servers = state.servers ?? [];
	const opened = [...state.opened.values()].map((one) => one.source);
	const groups = [
		{ title: text.bar.servers, sources: servers.map(liveSource) },
		{ title: text.bar.prebuilt, sources: opened.filter(({ kind }) => kind === "offline") },
		{ title: text.bar.files, sources: opened.filter(({ kind }) => kind === "file") },
	];
	const there = groups.some(({ sources }) => sources.some(({ id }) => id === source));
	const change = (select: HTMLSelectElement) => {
		if (select.value === more) {
			select.value = source || unnamed; // which it stays until another is opened
			viewer.setDialog("sources");
		} else viewer.changeSource(select.value);
	};
	return (
		<select
			id="source"
			aria-label={text.bar.source}
			value={source || unnamed}
			onChange={(event) => change(event.currentTarget)}
		>
			{!there && (
				<option value={source || unnamed} disabled>
					{absentSource(state, source)}
				</option>
			)}
			{groups.map(
				({ title, sources }) =>
					sources.length > 0 && (
						<optgroup key={title} label={title}>
							{sources.map((one) => (
								<option key={one.id} value={one.id} title={one.kind === "live" ? one.server.url : labelOf(one)}>
									{labelOf(one)}
								</option>
							))}
						</optgroup>
					),
			)}
			<option value={more}>{text.bar.more}</option>
		</select>
	);
}

/** What the select says of a source that is not among the others: it is on its way, gone, or there is none. */
function absentSource(state: State, source: string): string {
	if (!source) return state.servers ? text.bar.noSource : "";
	const waits = state.loading?.source === source || (!state.servers && isLive(source));
	return waits ? nameOfSource(source) : text.bar.goneSource(nameOfSource(source));
}

/** How long loading takes before it can be cancelled with the button that started it, in milliseconds. */
const patience = 400;

/** Reloads; while that takes long, cancels. */
function ReloadButton({ waiting }: { waiting: boolean }) {
	const viewer = useViewer();
	const [long, setLong] = useState(false);
	useEffect(() => {
		setLong(false);
		if (!waiting) return;
		const timer = setTimeout(() => setLong(true), patience);
		return () => clearTimeout(timer);
	}, [waiting]);
	const cancels = waiting && long;
	const word = cancels ? text.bar.cancel : text.bar.reload;
	const act = () => (cancels ? viewer.session.cancel() : viewer.session.reload());
	return (
		<button type="button" id="reload" class="tool" aria-label={word} title={word} onClick={act}>
			<Icon name={cancels ? "cancel" : "reload"} />
			<span class="word">{word}</span>
		</button>
	);
}
