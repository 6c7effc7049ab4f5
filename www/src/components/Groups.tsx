import type { Inherited, Ref } from "ldapedge";
import { text } from "../text.ts";
import { RefLink, UnfoldItem, useFolded } from "./RefLink.tsx";

interface GroupsProps {
	source: string;
	members: Inherited[];
	/** What those are called that are not inherited. */
	own: string;
	/** Whether the members are attributes of a class. */
	attributes?: boolean;
}

/** References by where they come from: own ones, then those of each definition that others inherit them from. */
export function Groups({ source, members, own, attributes = false }: GroupsProps) {
	return (
		<>
			{groupsOf(members).map(({ from, members }) => (
				<div key={from?.name ?? ""} class={from ? "group lighter" : "group"} data-from={from?.name ?? ""}>
					<h3>{from ? <From source={source} from={from} /> : own}</h3>
					<Members source={source} members={members} attributes={attributes} />
				</div>
			))}
		</>
	);
}

function Members({ source, members, attributes = false }: Omit<GroupsProps, "own">) {
	const { shown, folded, unfold } = useFolded(members);
	// The attributes of a class are what one opens it for: all of them are there.
	const all = attributes ? members : shown;
	return (
		<ul>
			{all.map((member) => (
				<li key={`${member.name} ${member.ordinal}`}>
					<RefLink source={source} to={member} attribute={attributes} />
				</li>
			))}
			{folded && !attributes && <UnfoldItem total={members.length} unfold={unfold} />}
		</ul>
	);
}

function From({ source, from }: { source: string; from: Ref }) {
	return (
		<>
			{text.definition.from} <RefLink source={source} to={from} />
		</>
	);
}

interface Group {
	from: Ref | undefined;
	members: Inherited[];
}

/** In the order in which they come. */
function groupsOf(members: Inherited[]): Group[] {
	const byName = new Map<string, Group>();
	for (const member of members) {
		const { from } = member;
		const key = from ? `${from.name} ${from.ordinal}` : "";
		const group = byName.get(key) ?? { from, members: [] };
		group.members.push(member);
		byName.set(key, group);
	}
	return [...byName.values()];
}
