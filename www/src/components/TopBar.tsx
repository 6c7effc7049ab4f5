import { useEffect, useState } from "preact/hooks";
import { type State, statusOf } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Icon } from "./Icon.tsx";

/** The bar on top: where the schema is from, the search, and what concerns the whole page. */
export function TopBar({ state }: { state: State }) {
	const viewer = useViewer();
	const status = statusOf(state);
	const theme = text.bar.theme(text.themes[state.theme]);
	return (
		<header class="bar">
			<button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>(".detail")?.focus()}>
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

/** Stands for a source without a name: an option with an empty value would be one with its words as value. */
const unnamed = " ";

function SourceSelect({ state }: { state: State }) {
	const viewer = useViewer();
	const servers = state.servers ?? [];
	const source = state.route?.source ?? "";
	const offered = servers.some((server) => server.name === source);
	return (
		<select
			id="source"
			aria-label={text.bar.source}
			value={source || unnamed}
			disabled={servers.length === 0}
			onChange={(event) => viewer.changeSource(event.currentTarget.value)}
		>
			{!offered && (
				<option value={source || unnamed} disabled>
					{state.servers ? absentSource(source) : source}
				</option>
			)}
			{servers.map(({ name, url }) => (
				<option key={name} value={name} title={url}>
					{name}
				</option>
			))}
		</select>
	);
}

/** What the select says of a source that the connector does not offer, which is none if it offers none at all. */
function absentSource(source: string): string {
	return source ? text.bar.goneSource(source) : text.bar.noSource;
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
