import type { ErrorCode } from "ldapedge";
import { formatRoute } from "../route.ts";
import { isLive, nameOfSource } from "../sources.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { ErrorPanel } from "./ErrorPanel.tsx";

/** Says what is being waited for. */
export function Loading({ loading }: { loading: NonNullable<State["loading"]> }) {
	const viewer = useViewer();
	return (
		<div class="loading">
			<div role="status">
				<h1 tabIndex={-1}>{text.stages[loading.stage](nameOfSource(loading.source ?? ""))}</h1>
			</div>
			<progress aria-label={text.statuses.loading} />
			<button type="button" onClick={() => viewer.session.cancel()}>
				{text.bar.cancel}
			</button>
		</div>
	);
}

/** Failures that may pass when the client is bound. */
const bindable: ErrorCode[] = ["not-permitted", "no-schema", "result"];

/** Says why there is no schema, and offers to try again and the other servers. */
export function LoadFailed({ state }: { state: State }) {
	const viewer = useViewer();
	const { failure, servers = [] } = state;
	if (!failure) return null;
	const { source = "" } = failure;
	const others = servers.filter(({ name }) => name !== source);
	const unknown = failure.failure.code === "unknown-server" && source !== "";
	const title = isLive(source) ? text.failure.notOffered(source) : text.failure.forgotten(nameOfSource(source));
	return (
		<ErrorPanel failure={failure.failure} {...(unknown && { title })}>
			<p class="actions">
				<button type="button" class="main" onClick={() => viewer.session.reload()}>
					{text.failure.retry}
				</button>
				{bindable.includes(failure.failure.code) && (
					<button type="button" onClick={() => viewer.setDialog("bind")}>
						{text.bind.open}
					</button>
				)}
				<button type="button" onClick={() => viewer.setDialog("sources")}>
					{text.sources.open}
				</button>
			</p>
			{others.length > 0 && (
				<>
					<p>{text.failure.others}</p>
					<ul class="servers">
						{others.map(({ name, url }) => (
							<li key={name}>
								<a href={formatRoute({ view: "list", source: name, collection: state.listing.collection })}>{name}</a>{" "}
								<span class="muted">{url}</span>
							</li>
						))}
					</ul>
				</>
			)}
		</ErrorPanel>
	);
}

/** Says that there is nothing to open. */
export function NoServers() {
	const viewer = useViewer();
	return (
		<div class="overview">
			<h1 tabIndex={-1}>{text.overview.noServers}</h1>
			<p>{text.overview.noServersHint}</p>
			<p class="actions">
				<button type="button" class="main" onClick={() => viewer.setDialog("sources")}>
					{text.sources.open}
				</button>
				<button type="button" onClick={() => viewer.session.reload()}>
					{text.failure.retry}
				</button>
			</p>
		</div>
	);
}
