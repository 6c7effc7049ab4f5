import type { Failure, Offer, Schema } from "ldapedge";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { LoginDialog } from "../components/LoginDialog.tsx";
import { formatRoute, type PageRoute } from "../route.ts";
import { type State, shownFor } from "../state.ts";
import { useStore } from "../store.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import type { PageProps } from "./index.tsx";
import { EntryPanel } from "./lookup/EntryPanel.tsx";
import { type LookUp, lookUpFor } from "./lookup/lookup.ts";
import { type Query, readAsking, sameQuery, writeAsking } from "./lookup/query.ts";
import { Results } from "./lookup/Results.tsx";
import { SearchForm } from "./lookup/SearchForm.tsx";
import "./server.css";
import "./lookup.css";

/** Looks entries up on a live server. */
export default function LookUpPage({ route, state }: PageProps) {
	const shown = shownFor(state);
	if (!shown) return null;
	const { source, schema } = shown;
	if (source.kind !== "live") return <NoServer state={state} />;
	return <OnServer key={source.id} route={route} offer={source.server} schema={schema} />;
}

/** A schema that was saved has no entries; servers have. */
function NoServer({ state }: { state: State }) {
	return (
		<article class="look-up">
			<h1 tabIndex={-1}>{text.lookUp.title}</h1>
			<p>{text.lookUp.needsServer}</p>
			<ul class="servers">
				{(state.servers ?? []).map(({ name, url }) => (
					<li key={name}>
						<a href={formatRoute({ view: "lookup", source: name })}>{name}</a> <span class="muted">{url}</span>
					</li>
				))}
			</ul>
		</article>
	);
}

interface OnServerProps {
	route: PageRoute;
	offer: Offer;
	schema: Schema;
}

function OnServer({ route, offer, schema }: OnServerProps) {
	const viewer = useViewer();
	const lookUp = lookUpFor(offer, schema, () => viewer.session.access);
	const found = useStore(lookUp.store);
	const { query, entry, proposed } = useMemo(() => readAsking(route.parameters), [route.parameters]);
	const asked = query && writeAsking({ query, entry: undefined });
	useEffect(() => {
		if (query && !sameQuery(query, lookUp.store.state.query)) void lookUp.search(query);
	}, [lookUp, asked]);
	const linkTo = useCallback((dn: string) => addressOf(route.source, query, dn), [route.source, asked]);
	const submit = (next: Query) => {
		// The same once more is no other address.
		if (sameQuery(next, query)) void lookUp.search(next);
		else location.hash = addressOf(route.source, next, undefined);
	};
	return (
		<article class="look-up" data-entry={entry !== undefined}>
			<header class="headed">
				<h1 tabIndex={-1}>{text.lookUp.heading(offer.name)}</h1>
				<Identity lookUp={lookUp} server={offer.name} identity={found.identity} refused={found.refused} />
			</header>
			<SearchForm schema={schema} query={query} proposed={proposed} onSubmit={submit} />
			<div class="found">
				<Results lookUp={lookUp} found={found} linkTo={linkTo} current={entry} name={offer.name} />
				{entry !== undefined && (
					<EntryPanel
						key={`${entry} ${found.identity}`}
						lookUp={lookUp}
						schema={schema}
						source={route.source}
						dn={entry}
						back={addressOf(route.source, query, undefined)}
						linkTo={linkTo}
					/>
				)}
			</div>
		</article>
	);
}

function addressOf(source: string, query: Query | undefined, entry: string | undefined): string {
	return formatRoute({ view: "lookup", source, parameters: writeAsking({ query, entry }) });
}

interface IdentityProps {
	lookUp: LookUp;
	server: string;
	identity: string | undefined;
	refused: Failure | undefined;
}

/** As whom one searches, and how to be somebody else. */
function Identity({ lookUp, server, identity, refused }: IdentityProps) {
	const [asks, setAsks] = useState(false);
	const bind = async (login: { dn: string; password: string }) => {
		if (await lookUp.bind(login)) setAsks(false);
	};
	return (
		<p class="identity">
			<span id="identity" role="status">
				{identity === undefined ? text.lookUp.anonymous : text.lookUp.boundAs(identity)}
			</span>
			<button type="button" id="lookup-bind-button" onClick={() => setAsks(true)}>
				{text.bind.open}
			</button>
			{identity !== undefined && (
				<button type="button" onClick={() => void bind({ dn: "", password: "" })}>
					{text.lookUp.unbind}
				</button>
			)}
			{asks && (
				<LoginDialog
					id="lookup-bind"
					title={text.bind.title(server)}
					explain={text.lookUp.bindExplain}
					submit={text.lookUp.bind}
					wrong={refused && text.failure.told(refused)}
					onLogin={(login) => void bind(login)}
					onClose={() => setAsks(false)}
				/>
			)}
		</p>
	);
}
