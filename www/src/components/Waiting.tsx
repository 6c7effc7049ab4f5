import { formatRoute } from "../route.ts";
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
				<h1 tabIndex={-1}>{text.stages[loading.stage](loading.server ?? "")}</h1>
			</div>
			<progress aria-label={text.statuses.loading} />
			<button type="button" onClick={() => viewer.session.cancel()}>
				{text.bar.cancel}
			</button>
		</div>
	);
}

/** Says why there is no schema, and offers to try again and the other servers. */
export function LoadFailed({ state }: { state: State }) {
	const viewer = useViewer();
	const { failure, servers = [] } = state;
	if (!failure) return null;
	const others = servers.filter(({ name }) => name !== failure.server);
	const unknown = failure.failure.code === "unknown-server" && failure.server !== undefined;
	return (
		<ErrorPanel failure={failure.failure} {...(unknown && { title: text.failure.notOffered(failure.server ?? "") })}>
			<p>
				<button type="button" class="main" onClick={() => viewer.session.reload()}>
					{text.failure.retry}
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
			<p>
				<button type="button" class="main" onClick={() => viewer.session.reload()}>
					{text.failure.retry}
				</button>
			</p>
		</div>
	);
}
