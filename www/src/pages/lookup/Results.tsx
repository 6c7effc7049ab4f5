import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { Cause } from "../../components/ErrorPanel.tsx";
import { saveBlob } from "../../save.ts";
import { text } from "../../text.ts";
import type { Format, LookUp, LookUpState } from "./lookup.ts";
import { columnsOf, ResultsTable } from "./ResultsTable.tsx";

interface ResultsProps {
	lookUp: LookUp;
	found: LookUpState;
	/** The address of an entry's view. */
	linkTo: (dn: string) => string;
	/** The entry that is open. */
	current: string | undefined;
	/** What a file is named after. */
	name: string;
}

/** What a search has found, or why it has not. */
export function Results({ lookUp, found, linkTo, current, name }: ResultsProps) {
	const { query, entries } = found;
	// The first page decides: columns do not come and go while others arrive.
	const head = Math.min(entries.length, 50);
	const columns = useMemo(() => columnsOf(query?.attributes ?? [], entries), [query, head]);
	const onEnd = useCallback(() => void lookUp.next(), [lookUp]);
	if (!query) return <p class="none">{text.lookUp.start}</p>;
	return (
		<div class="outcome">
			<Progress lookUp={lookUp} found={found} />
			{found.failure && found.failure.code !== "cancelled" && <Failed found={found} />}
			{entries.length > 0 && (
				<>
					<ResultsTable entries={entries} columns={columns} linkTo={linkTo} current={current} onEnd={onEnd} />
					<div class="under">
						{found.more && (
							<button type="button" id="lookup-next" onClick={() => void lookUp.next()}>
								{text.lookUp.nextPage}
							</button>
						)}
						<Downloads lookUp={lookUp} found={found} columns={columns} name={name} />
					</div>
				</>
			)}
			<References found={found} />
		</div>
	);
}

/** How many entries there are so far, and since when. */
function Progress({ lookUp, found }: { lookUp: LookUp; found: LookUpState }) {
	const { entries, since, took, more, estimate, limited, failure } = found;
	const elapsed = useElapsed(since);
	const running = since !== undefined;
	return (
		<div class="progress" data-running={running}>
			<p role="status" id="lookup-status" data-found={entries.length}>
				{running
					? text.lookUp.running(entries.length, elapsed)
					: text.lookUp.done({
							found: entries.length,
							took,
							more,
							estimate,
							limited,
							cancelled: failure?.code === "cancelled",
						})}
			</p>
			{running && (
				<>
					<progress aria-label={text.lookUp.searching} />
					<button type="button" id="lookup-cancel" onClick={() => lookUp.cancel()}>
						{text.bar.cancel}
					</button>
				</>
			)}
		</div>
	);
}

/** Milliseconds since then, every second. */
function useElapsed(since: number | undefined): number {
	const [now, setNow] = useState(performance.now());
	useEffect(() => {
		if (since === undefined) return;
		setNow(performance.now());
		const timer = setInterval(() => setNow(performance.now()), 1000);
		return () => clearInterval(timer);
	}, [since]);
	return since === undefined ? 0 : Math.max(0, now - since);
}

function Failed({ found: { failure } }: { found: LookUpState }) {
	if (!failure) return null;
	const { title, hint } = text.lookUp.errors[failure.code] ?? text.errors[failure.code];
	return (
		<div class="failed" role="alert" data-code={failure.code}>
			<p>
				<strong>{title}.</strong> {hint}
			</p>
			<p class="where">{failure.cause}</p>
			<Cause failure={failure} />
		</div>
	);
}

/** Parts of the tree that other servers have. */
function References({ found: { references } }: { found: LookUpState }) {
	if (references.length === 0) return null;
	return (
		<section class="references">
			<h2>{text.lookUp.references}</h2>
			<ul>
				{references.map(({ urls, error }) => (
					<li key={urls.join(" ")}>
						<code>{urls.join(" ")}</code> {error && <span class="muted">{error.cause}</span>}
					</li>
				))}
			</ul>
		</section>
	);
}

const formats: Format[] = ["ldif", "json", "csv"];

interface DownloadsProps {
	lookUp: LookUp;
	found: LookUpState;
	columns: readonly string[];
	name: string;
}

/** All that the search finds, the pages that are not here yet too, as a file. */
function Downloads({ lookUp, found: { query, download, downloadFailure }, columns, name }: DownloadsProps) {
	const start = async (format: Format) => {
		if (!query) return;
		const blob = await lookUp.file(query, format, columns);
		if (blob) saveBlob(`${name}.${format}`, blob);
	};
	return (
		<fieldset class="downloads">
			<legend>{text.lookUp.download}</legend>
			{formats.map((format) => (
				<button
					key={format}
					type="button"
					data-format={format}
					aria-disabled={download !== undefined}
					onClick={() => download || void start(format)}
				>
					{text.lookUp.formats[format]}
				</button>
			))}
			{download && (
				<>
					<span role="status">{text.lookUp.downloading(download.found)}</span>
					<button type="button" onClick={() => lookUp.cancelDownload()}>
						{text.bar.cancel}
					</button>
				</>
			)}
			{downloadFailure && <span role="alert">{text.failure.told(downloadFailure)}</span>}
		</fieldset>
	);
}
