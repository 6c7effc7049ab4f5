import type { Change } from "ldapedge";
import { formatRoute } from "../../route.ts";
import { nameOfSource } from "../../sources.ts";
import { text } from "../../text.ts";
import type { Entry } from "./differences.ts";
import { compareWords, type Piece } from "./words.ts";

interface EntryViewProps {
	entry: Entry;
	/** The two sources, by their IDs. */
	from: string;
	to: string;
}

/** A definition that is not alike in both: what has changed with both values, or its text where one has it alone. */
export function EntryView({ entry, from, to }: EntryViewProps) {
	const { collection, name, oid, what, effect, reason, changes, rawFrom, rawTo } = entry;
	const source = what === "added" ? to : from;
	return (
		<li data-name={name} data-collection={collection} data-what={what} data-effect={effect}>
			<h3>
				<span class="badge what" data-what={what}>
					{text.diff.whats[what]}
				</span>
				<a href={formatRoute({ view: "definition", source, collection, name })}>{name}</a>
				<span class="muted">{text.collections[collection].one}</span>
				{oid !== name && <span class="muted">{oid}</span>}
			</h3>
			{reason && <p class="why">{reason}</p>}
			{changes.length > 0 && <Changes changes={changes} from={from} to={to} />}
			<details class="folds raws">
				<summary>{text.diff.raw}</summary>
				{rawFrom && <Raw source={from} raw={rawFrom} />}
				{rawTo && <Raw source={to} raw={rawTo} />}
			</details>
		</li>
	);
}

function Raw({ source, raw }: { source: string; raw: string }) {
	return (
		<figure>
			<figcaption class="muted">{nameOfSource(source)}</figcaption>
			<pre>{raw}</pre>
		</figure>
	);
}

/** Field by field, the values of one schema beside those of the other. */
function Changes({ changes, from, to }: { changes: readonly Change[]; from: string; to: string }) {
	return (
		<table class="changes">
			<thead>
				<tr>
					<th scope="col">{text.diff.field}</th>
					<th scope="col">{nameOfSource(from)}</th>
					<th scope="col">{nameOfSource(to)}</th>
					<th scope="col">{text.diff.effect}</th>
				</tr>
			</thead>
			<tbody>
				{changes.map((change) => (
					<ChangeRow key={`${change.field} ${change.kind} ${change.effect}`} change={change} />
				))}
			</tbody>
		</table>
	);
}

function ChangeRow({ change }: { change: Change }) {
	const { field, kind, from, to, effect, reason } = change;
	const [only] = from;
	const [other] = to;
	const words =
		kind === "changed" && from.length === 1 && to.length === 1 ? compareWords(only ?? "", other ?? "") : undefined;
	return (
		<tr data-field={field} data-kind={kind}>
			<th scope="row">{text.diff.fieldOf(field)}</th>
			<td data-side="from">
				{words ? <Text pieces={words[0]} was /> : <Values all={from} marked={kind !== "reordered"} was />}
			</td>
			<td data-side="to">{words ? <Text pieces={words[1]} /> : <Values all={to} marked={kind !== "reordered"} />}</td>
			<td>
				<span class="badge effect" data-effect={effect}>
					{text.diff.effects[effect]}
				</span>{" "}
				<span class="why">{reason}</span>
			</td>
		</tr>
	);
}

/** A text, with what the other has not. */
function Text({ pieces, was = false }: { pieces: Piece[]; was?: boolean }) {
	return (
		<>
			{pieces.map(({ text, same }, i) => {
				const key = `${i} ${text}`;
				if (same) return <span key={key}>{text}</span>;
				return was ? <del key={key}>{text}</del> : <ins key={key}>{text}</ins>;
			})}
		</>
	);
}

/** The values of a list, one a line. */
function Values({ all, marked, was = false }: { all: string[]; marked: boolean; was?: boolean }) {
	if (all.length === 0) return <span class="muted">–</span>;
	return (
		<ul>
			{all.map((value) => (
				<li key={value}>{marked ? was ? <del>{value}</del> : <ins>{value}</ins> : value}</li>
			))}
		</ul>
	);
}
