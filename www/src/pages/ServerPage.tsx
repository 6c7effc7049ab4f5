import type { DSAInfo, Failure, OIDInfo, Schema } from "ldapedge";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import { Field } from "../components/Field.tsx";
import { labelOf } from "../sources.ts";
import { type Opened, shownFor } from "../state.ts";
import { number, text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import type { PageProps } from "./index.tsx";
import { Health } from "./server/Health.tsx";
import { useInfo } from "./server/hooks.ts";
import { SessionFacts } from "./server/SessionFacts.tsx";
import { ValueList } from "./values/Value.tsx";
import "./server.css";

/** What there is to say of a server: what it supports, how it is reached, and how its addresses do. */
export default function ServerPage({ state }: PageProps) {
	const shown = shownFor(state);
	return shown ? <OfServer key={shown.source.id} shown={shown} /> : null;
}

function OfServer({ shown: { source, schema } }: { shown: Opened }) {
	const viewer = useViewer();
	const [info, askAgain] = useInfo(schema);
	const access = useMemo(() => viewer.session.access, [viewer]);
	return (
		<article class="server-page" data-source={source.id}>
			<header>
				<h1 tabIndex={-1}>{labelOf(source)}</h1>
				<p class="muted">{schema.summary.url || text.server.saved}</p>
			</header>
			{source.kind === "live" && (
				<>
					<Health access={access} name={source.server.name} />
					<SessionFacts access={access} server={source.server} />
				</>
			)}
			{info.failure && <InfoFailed failure={info.failure} again={askAgain} />}
			{!info.value && info.waiting && <p role="status">{text.server.asking}</p>}
			{info.value && <Info info={info.value} schema={schema} source={source.id} />}
		</article>
	);
}

/** Why there is no root DSE; that a file has none is no fault. */
function InfoFailed({ failure, again }: { failure: Failure; again: () => void }) {
	if (failure.code === "no-root-dse") return <p class="none">{text.server.noInfo}</p>;
	return (
		<ErrorPanel failure={failure} title={text.server.infoFailed}>
			<button type="button" onClick={again}>
				{text.failure.retry}
			</button>
		</ErrorPanel>
	);
}

function Info({ info, schema, source }: { info: DSAInfo; schema: Schema; source: string }) {
	return (
		<>
			<section data-part="facts">
				<h2>{text.server.facts}</h2>
				<dl class="fields">
					<Texts name={text.server.vendor} values={info.vendorName} />
					<Texts name={text.server.version} values={info.vendorVersion} />
					<Texts name={text.server.ldapVersions} values={info.ldapVersions} />
					<Texts name={text.server.sasl} values={info.saslMechanisms} />
					<Texts name={text.server.contexts} values={info.namingContexts} />
					<Texts name={text.server.altServers} values={info.altServers} />
					<Texts name={text.server.subschema} values={info.subschemaEntry} />
				</dl>
			</section>
			<OIDTable part="controls" title={text.server.controls} oids={info.controls} />
			<OIDTable part="extensions" title={text.server.extensions} oids={info.extensions} />
			<OIDTable part="features" title={text.server.features} oids={info.features} />
			<RootDSE info={info} schema={schema} source={source} />
		</>
	);
}

/** Values in a row; that there are none is said too. */
function Texts({ name, values }: { name: string; values: string[] }) {
	return (
		<Field name={name}>
			{values.length === 0 ? (
				<span class="muted">{text.server.unsaid}</span>
			) : (
				[...new Set(values)].map((value) => <span key={value}>{value}</span>)
			)}
		</Field>
	);
}

/** What a server supports, by the names that the registry has, those that it knows first. */
function OIDTable({ part, title, oids }: { part: string; title: string; oids: OIDInfo[] }) {
	const sorted = useMemo(() => oids.toSorted(byName), [oids]);
	return (
		<section data-part={part}>
			<h2>
				{title} <span class="count">{number(oids.length)}</span>
			</h2>
			{oids.length === 0 ? (
				<p class="none">{text.server.unsaid}</p>
			) : (
				<Table columns={[text.server.name, text.server.oid, text.server.document]} label={title}>
					{sorted.map(({ oid, names, doc }) => (
						<tr key={oid} data-oid={oid}>
							<th scope="row">{names[0] ?? <span class="muted">{text.server.unknown}</span>}</th>
							<td>
								<code>{oid}</code>
							</td>
							<td class="muted">{doc}</td>
						</tr>
					))}
				</Table>
			)}
		</section>
	);
}

function byName(a: OIDInfo, b: OIDInfo): number {
	const [one, other] = [a.names[0], b.names[0]];
	if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
	return one.localeCompare(other, "en");
}

interface TableProps {
	columns: string[];
	label: string;
	children: ComponentChildren;
}

/** A table that scrolls by itself where it is wider than the page. */
export function Table({ columns, label, children }: TableProps) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be scrolled by keyboard too
		<section class="scrolls" aria-label={label} tabIndex={0}>
			<table class="facts">
				<thead>
					<tr>
						{columns.map((column) => (
							<th key={column} scope="col">
								{column}
							</th>
						))}
					</tr>
				</thead>
				<tbody>{children}</tbody>
			</table>
		</section>
	);
}

/** All attributes of the root DSE, typed. */
function RootDSE({ info, schema, source }: { info: DSAInfo; schema: Schema; source: string }) {
	return (
		<section data-part="rootDSE">
			<h2>
				{text.server.rootDSE} <span class="count">{number(info.attributes.length)}</span>
			</h2>
			<dl class="fields">
				{info.attributes.map((attribute) => (
					<ValueList key={attribute.name} attribute={attribute} schema={schema} source={source} />
				))}
			</dl>
		</section>
	);
}
