import type { Entry, Schema } from "ldapedge";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Cause } from "../../components/ErrorPanel.tsx";
import { Icon } from "../../components/Icon.tsx";
import { text } from "../../text.ts";
import { useAsked } from "../server/hooks.ts";
import { ValueList } from "../values/Value.tsx";
import { useDNAttributes } from "./attributes.ts";
import type { LookUp } from "./lookup.ts";

interface EntryPanelProps {
	lookUp: LookUp;
	schema: Schema;
	source: string;
	dn: string;
	/** The address without the entry. */
	back: string;
	linkTo: (dn: string) => string;
}

/** An entry with all that may be read of it. */
export function EntryPanel({ lookUp, schema, source, dn, back, linkTo }: EntryPanelProps) {
	const ask = useCallback((signal: AbortSignal) => lookUp.entry(dn, signal), [lookUp, dn]);
	const [{ value: entry, failure, waiting, at }] = useAsked(ask);
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), []);
	return (
		<aside class="entry" data-dn={dn} aria-label={text.lookUp.entry}>
			<a class="close" href={back}>
				<Icon name="back" />
				<span>{text.lookUp.backToResults}</span>
			</a>
			<h2 tabIndex={-1} ref={heading}>
				{dn || text.lookUp.rootDSE}
			</h2>
			<p>
				<CopyButton what={text.lookUp.theDN} content={dn} />
			</p>
			{waiting && !entry && <p role="status">{text.lookUp.reading}</p>}
			{failure && (
				<div class="failed" role="alert">
					<p>
						<strong>{text.errors[failure.code].title}.</strong> {failure.cause}
					</p>
					<Cause failure={failure} />
				</div>
			)}
			{!entry && at && !failure && <p class="none">{text.lookUp.noEntry}</p>}
			{entry && <Attributes entry={entry} schema={schema} source={source} linkTo={linkTo} />}
		</aside>
	);
}

interface AttributesProps {
	entry: Entry;
	schema: Schema;
	source: string;
	linkTo: (dn: string) => string;
}

/** All attributes, objectClass first, by name. */
function Attributes({ entry, schema, source, linkTo }: AttributesProps) {
	const sorted = entry.attributes.toSorted((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name, "en"));
	const names = useDNAttributes(
		schema,
		sorted.map(({ name }) => name),
	);
	return (
		<>
			<p class="muted">{text.lookUp.attributeCount(sorted.length)}</p>
			<dl class="fields">
				{sorted.map((attribute) => (
					<ValueList
						key={attribute.name}
						attribute={attribute}
						schema={schema}
						source={source}
						linkTo={names.has(attribute.name) ? linkTo : undefined}
					/>
				))}
			</dl>
		</>
	);
}

function rank(name: string): number {
	return name.toLowerCase() === "objectclass" ? 0 : 1;
}
