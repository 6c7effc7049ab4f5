import type { Definition } from "ldapedge";
import { writeAsking } from "../pages/lookup/query.ts";
import { writeParameters } from "../parameters.ts";
import { formatRoute } from "../route.ts";
import { isLive } from "../sources.ts";
import { text } from "../text.ts";

/** Where a definition is of use: what an entry of a class has, and the entries of a live server. */
export function Elsewhere({ source, definition }: { source: string; definition: Definition }) {
	const { collection } = definition;
	// In a filter stands what every server reads there.
	const name = /^[A-Za-z][A-Za-z0-9-]*$/.test(definition.name) ? definition.name : definition.oid;
	const lookUp = (proposed: string) =>
		formatRoute({ view: "lookup", source, parameters: writeAsking({ query: undefined, entry: undefined, proposed }) });
	if (collection === "attributeTypes" && isLive(source))
		return (
			<p class="elsewhere">
				<a href={lookUp(`(${name}=*)`)}>{text.definition.entriesWith}</a>
			</p>
		);
	if (collection !== "objectClasses") return null;
	const entry = formatRoute({ view: "entry", source, parameters: writeParameters({ classes: [name] }) });
	return (
		<p class="elsewhere">
			<a href={entry}>{text.definition.entryOf}</a>
			{isLive(source) && <a href={lookUp(`(objectClass=${name})`)}>{text.definition.entriesOf}</a>}
		</p>
	);
}
