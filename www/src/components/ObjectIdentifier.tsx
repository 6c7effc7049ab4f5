import { arcOf } from "../arcs.ts";
import { useRegistered } from "../registry.ts";
import { text } from "../text.ts";
import { CopyButton } from "./CopyButton.tsx";

/** A definition's OID: what the registry knows it as, and who registered it. */
export function ObjectIdentifier({ oid }: { oid: string }) {
	const registered = useRegistered(oid);
	const arc = arcOf(oid);
	return (
		<>
			<p class="oid">
				<span class="muted">{text.definition.oid}</span> <code>{oid}</code>
				<CopyButton what={text.definition.theOID} content={oid} />
			</p>
			{/* Its line is there before the registry is: nothing moves. */}
			<p class="registered">
				{registered && (
					<span data-registered>
						{text.definition.registered(registered.kind ?? "", registered.names)}
						{registered.doc && (
							<>
								, <Document name={registered.doc} />
							</>
						)}
					</span>
				)}
				{arc && <span data-arc={arc.oid}>{text.definition.arc(arc.oid, arc.name)}</span>}
				{arc && (
					<a href={`https://oid-base.com/get/${oid}`} rel="noreferrer">
						{text.definition.repository}
					</a>
				)}
			</p>
		</>
	);
}

/** The document that defines something; an RFC has an address. */
function Document({ name }: { name: string }) {
	const [, number] = /^RFC ?(\d+)$/.exec(name) ?? [];
	if (!number) return <>{name}</>;
	return (
		<a href={`https://www.rfc-editor.org/rfc/rfc${number}`} rel="noreferrer">
			{`RFC ${number}`}
		</a>
	);
}
