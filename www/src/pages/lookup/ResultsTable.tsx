import type { Entry, EntryAttribute } from "ldapedge";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { memo } from "../../components/memo.ts";
import { useWindow } from "../../components/VirtualRows.tsx";
import { number, text } from "../../text.ts";
import { photoOf } from "../values/bytes.ts";
import { Photo } from "../values/Photo.tsx";
import { plainText } from "../values/Value.tsx";

interface ResultsTableProps {
	entries: readonly Entry[];
	columns: readonly string[];
	/** The address of an entry's view. */
	linkTo: (dn: string) => string;
	/** The entry that is open. */
	current: string | undefined;
	/** Called when the last rows come into sight. */
	onEnd: () => void;
}

/** How many rows from the last on the next page is fetched. */
const ahead = 20;

/** Entries as rows, of which only those about the ones in sight are in the document. */
export function ResultsTable({ entries, columns, linkTo, current, onEnd }: ResultsTableProps) {
	const scroller = useRef<HTMLElement>(null);
	const [first, last] = useWindow(scroller, scroller, entries.length);
	const near = last >= entries.length - ahead && scrolled(scroller.current);
	useEffect(() => {
		if (near) onEnd();
	}, [near, onEnd]);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be scrolled by keyboard too
		<section class="results" ref={scroller} aria-label={text.lookUp.results} tabIndex={0}>
			<table aria-rowcount={entries.length + 1} style={{ "--columns": columns.length }}>
				<thead>
					<tr aria-rowindex={1}>
						<th scope="col">{text.lookUp.dn}</th>
						{columns.map((column) => (
							<th scope="col" key={column}>
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody onKeyDown={moveFocus}>
					<Gap rows={first} />
					{entries.slice(first, last).map((entry, i) => (
						<Row
							key={`${first + i} ${entry.dn}`}
							entry={entry}
							index={first + i}
							columns={columns}
							href={linkTo(entry.dn)}
							current={entry.dn === current}
						/>
					))}
					<Gap rows={entries.length - last} />
				</tbody>
			</table>
		</section>
	);
}

/** The room of the rows that are not in the document. */
function Gap({ rows }: { rows: number }) {
	return rows > 0 ? <tr class="gap" style={{ "--rows": rows }} /> : null;
}

/** Whether anybody has scrolled: what has just come is not to fetch more by itself. */
function scrolled(panel: HTMLElement | null): boolean {
	return panel !== null && panel.scrollTop > 0;
}

interface RowProps {
	entry: Entry;
	index: number;
	columns: readonly string[];
	href: string;
	current: boolean;
}

const Row = memo(({ entry, index, columns, href, current }: RowProps) => (
	<tr aria-rowindex={index + 2} data-dn={entry.dn} data-index={index} data-current={current}>
		<th scope="row">
			<a href={href} title={entry.dn} aria-current={current ? "true" : undefined}>
				{entry.dn || text.lookUp.rootDSE}
			</a>
		</th>
		{columns.map((column) => (
			<Cell key={column} attribute={entry.get(column)} />
		))}
	</tr>
));

/** The first value, and how many more there are. */
function Cell({ attribute }: { attribute: EntryAttribute | undefined }) {
	const [value] = attribute?.values ?? [];
	if (!attribute || !value) return <td />;
	const bytes = value.kind === "bytes" ? attribute.raw[0] : undefined;
	const type = bytes && photoOf(bytes);
	const written = plainText(value);
	const more = attribute.values.length - 1;
	return (
		<td title={type ? undefined : written}>
			{type && bytes ? <Photo bytes={bytes} type={type} small /> : written}
			{more > 0 && <small class="muted"> +{number(more)}</small>}
		</td>
	);
}

/** The arrows move from row to row. */
function moveFocus(event: TargetedKeyboardEvent<HTMLElement>): void {
	const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	const row = event.target instanceof Element ? event.target.closest<HTMLElement>("tr") : null;
	if (!by || !row || event.ctrlKey || event.altKey || event.metaKey) return;
	const next = event.currentTarget.querySelector<HTMLElement>(`[data-index="${Number(row.dataset.index) + by}"] a`);
	event.preventDefault();
	next?.focus();
}

/** How many columns a table has whose attributes were not asked for by name. */
const most = 6;

/** What people look for first, of what there is. */
const preferred = ["cn", "displayname", "name", "ou", "o", "uid", "samaccountname", "mail", "telephonenumber", "title"];

/** The columns: what was asked for or, where that was everything, what most of the first entries have. */
export function columnsOf(asked: readonly string[], entries: readonly Entry[]): string[] {
	const named = asked.filter((name) => name !== "*" && name !== "+" && name !== "1.1" && !name.startsWith("@"));
	if (named.length === asked.length && named.length > 0) return named;
	const counts = new Map<string, number>();
	for (const { attributes } of entries.slice(0, 50))
		for (const { name } of attributes) if (!named.includes(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
	const rank = (name: string) => {
		const at = preferred.indexOf(name.toLowerCase());
		return at < 0 ? preferred.length : at;
	};
	const found = [...counts].filter(([name]) => name.toLowerCase() !== "objectclass");
	found.sort(([a, n], [b, m]) => rank(a) - rank(b) || m - n);
	const rest = counts.has("objectClass") ? ["objectClass"] : [];
	return [...named, ...found.map(([name]) => name).slice(0, most - named.length - rest.length), ...rest];
}
