import type { Collection, Shared } from "ldapedge";
import { formatRoute } from "../route.ts";
import { text } from "../text.ts";
import { Icon } from "./Icon.tsx";

interface DuplicatesProps {
	source: string;
	collection: Collection;
	shared: Shared[];
}

/** Says that other definitions have a name or the OID too, and which of them look-ups take. */
export function Duplicates({ source, collection, shared }: DuplicatesProps) {
	return (
		<ul class="duplicates">
			{shared.map((one) => (
				<li key={one.name} data-shared={one.name}>
					<Icon name="warning" /> {text.definition.shared(one.name, one.ordinal, one.total)}{" "}
					{one.ordinal === 1 ? (
						<Others source={source} collection={collection} of={one} />
					) : (
						<First source={source} collection={collection} of={one} />
					)}
				</li>
			))}
		</ul>
	);
}

interface SharedProps {
	source: string;
	collection: Collection;
	of: Shared;
}

function First({ source, collection, of: { name, first } }: SharedProps) {
	return (
		<>
			{text.definition.takesFirst}{" "}
			<a href={formatRoute({ view: "definition", source, collection, name })}>{first.name}</a>
			{first.oid !== first.name && <code class="muted"> {first.oid}</code>}
		</>
	);
}

/** How many of the others are named. */
const most = 12;

function Others({ source, collection, of: { name, total } }: SharedProps) {
	const ordinals = Array.from({ length: Math.min(total - 1, most) }, (_, i) => i + 2);
	const more = total - 1 - ordinals.length;
	return (
		<>
			{text.definition.takesThis}{" "}
			{ordinals.map((ordinal, i) => (
				<span key={ordinal}>
					{i > 0 && ", "}
					<a href={formatRoute({ view: "definition", source, collection, name, ordinal })}>
						{text.definition.definitionNo(ordinal)}
					</a>
				</span>
			))}
			{more > 0 && ` ${text.definition.moreDefinitions(more)}`}.
		</>
	);
}
