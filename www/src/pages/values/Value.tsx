import type { Schema, TypedValue, ValueProblem } from "ldapedge";
import { useMemo, useState } from "preact/hooks";
import { definitionsOf } from "../../lists.ts";
import { formatRoute } from "../../route.ts";
import { text } from "../../text.ts";
import { hexOf, photoOf } from "./bytes.ts";
import { Photo } from "./Photo.tsx";
import { timesOf } from "./times.ts";
import "./values.css";

/** An attribute of an entry or of a root DSE, with its values as they came. */
export interface Valued {
	name: string;
	values: readonly TypedValue[];
	raw: readonly Uint8Array[];
	problems: readonly ValueProblem[];
}

interface ValueListProps {
	attribute: Valued;
	schema: Schema;
	source: string;
	/** Where a value that is a DN leads to; undefined if it leads nowhere. */
	linkTo?: ((dn: string) => string) | undefined;
}

/** An attribute and its values, within a dl. The name leads to the definition, if the schema has one. */
export function ValueList({ attribute, schema, source, linkTo }: ValueListProps) {
	const { name, values } = attribute;
	const raw = useMemo(() => attribute.raw, [attribute]); // which an entry decodes each time
	const [bytes, setBytes] = useState(false);
	return (
		<div class="field" data-attribute={name}>
			<dt>
				<AttributeName name={name} schema={schema} source={source} />
				<button
					type="button"
					class="plain raw"
					aria-pressed={bytes}
					aria-label={text.values.bytesOf(name)}
					onClick={() => setBytes(!bytes)}
				>
					{text.values.bytes}
				</button>
			</dt>
			<dd>
				<ul class="values">
					{values.map((value, i) => (
						<li key={i}>
							<Value value={value} raw={raw[i]} linkTo={linkTo} />
							<Wrong problems={attribute.problems} index={i} />
							{bytes && raw[i] && <pre class="hex">{hexOf(raw[i])}</pre>}
						</li>
					))}
				</ul>
			</dd>
		</div>
	);
}

function Wrong({ problems, index }: { problems: readonly ValueProblem[]; index: number }) {
	const problem = problems.find((one) => one.index === index);
	return problem ? <p class="problem">{text.values.problem(problem.message)}</p> : null;
}

/** The name of an attribute, options and all. */
function AttributeName({ name, schema, source }: { name: string; schema: Schema; source: string }) {
	const [type = name] = name.split(";");
	if (!isDefined(schema, type)) return <span>{name}</span>;
	return <a href={formatRoute({ view: "definition", source, collection: "attributeTypes", name: type })}>{name}</a>;
}

const names = new WeakMap<Schema, Set<string>>();

/** Whether lists have an attribute type of the name; other names of one lead there too, but are not known without a call. */
function isDefined(schema: Schema, name: string): boolean {
	let known = names.get(schema);
	if (!known) {
		known = new Set(
			definitionsOf(schema.summary, "attributeTypes").flatMap((one) => [one.name.toLowerCase(), one.oid]),
		);
		names.set(schema, known);
	}
	return known.has(name.toLowerCase());
}

interface ValueProps {
	value: TypedValue;
	raw: Uint8Array | undefined;
	linkTo?: ((dn: string) => string) | undefined;
}

/** A value in the form that its type has. */
export function Value({ value, raw, linkTo }: ValueProps) {
	switch (value.kind) {
		case "text":
			if (value.value === "") return <span class="muted">{text.values.empty}</span>;
			return linkTo ? <a href={linkTo(value.value)}>{value.value}</a> : <span class="text">{value.value}</span>;
		case "bytes":
			return <Bytes bytes={raw} />;
		case "time":
			return <Time time={value.value} />;
		case "flags":
		case "enumeration":
			return <Names value={value.value} />;
		case "guid":
		case "sid":
			return <code data-kind={value.kind}>{value.value}</code>;
		case "securityDescriptor":
			return <code class="sddl">{value.value.sddl}</code>;
		default:
			return <span>{plainText(value)}</span>;
	}
}

/** A time as it is here, and in UTC. */
function Time({ time }: { time: string }) {
	const { local, utc } = timesOf(time);
	return (
		<time dateTime={time}>
			{local} <span class="muted">{utc}</span>
		</time>
	);
}

function Names({ value }: { value: { value: number | bigint; names: readonly string[] } }) {
	return (
		<span class="flags">
			{value.names.map((name) => (
				<span class="badge" key={name}>
					{name}
				</span>
			))}{" "}
			<span class="muted">{String(value.value)}</span>
		</span>
	);
}

function Bytes({ bytes }: { bytes: Uint8Array | undefined }) {
	if (!bytes) return null;
	const type = photoOf(bytes);
	return type ? <Photo bytes={bytes} type={type} /> : <span class="muted">{text.values.size(bytes.length)}</span>;
}

/** A value in a line of text, for where there is one line. */
export function plainText(value: TypedValue): string {
	switch (value.kind) {
		case "text":
		case "guid":
		case "sid":
			return value.value;
		case "time":
			return timesOf(value.value).local;
		case "bytes":
			return text.values.size(sizeOf(value.value.encoded));
		case "boolean":
			return value.value ? "TRUE" : "FALSE";
		case "integer":
			return String(value.value);
		case "interval":
			return value.value.interval;
		case "never":
			return text.values.never;
		case "flags":
		case "enumeration":
			return value.value.names.join(", ") || String(value.value.value);
		case "securityDescriptor":
			return value.value.sddl;
	}
}

function sizeOf(base64: string): number {
	return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}
