import { formatFilter, type Schema } from "ldapedge";
import { Icon } from "../../components/Icon.tsx";
import { text } from "../../text.ts";
import { useAnswer } from "../common/useAnswer.ts";
import { FilterCondition } from "./FilterCondition.tsx";
import { type Condition, type Group, type Node, newCondition, newGroup, type Other, replaced } from "./filtertree.ts";

interface FilterGroupProps {
	schema: Schema;
	group: Group;
	onChange: (group: Group) => void;
	/** Takes it out; the outermost stays. */
	onRemove?: () => void;
}

/** Conditions of which all or any must be met, and groups of such. */
export function FilterGroup({ schema, group, onChange, onRemove }: FilterGroupProps) {
	const { join, negated, parts } = group;
	const add = (part: Node) => onChange({ ...group, parts: [...parts, part] });
	const change = (part: Node, by: Node | undefined) => onChange(replaced(group, part.id, by));
	return (
		<fieldset class="filter-group" data-join={join}>
			<legend>
				<Negation of={group} onChange={onChange} />
				<select
					aria-label={text.lookUp.join}
					value={join}
					onChange={(event) => onChange({ ...group, join: event.currentTarget.value as Group["join"] })}
				>
					<option value="and">{text.lookUp.and}</option>
					<option value="or">{text.lookUp.or}</option>
				</select>
				{negated && <span class="unseen">{text.lookUp.negated}</span>}
				{onRemove && <Remove what={text.lookUp.removeGroup} onRemove={onRemove} />}
			</legend>
			{parts.map((part) => (
				<Part key={part.id} schema={schema} part={part} onChange={(by) => change(part, by)} />
			))}
			<p class="adds">
				<button type="button" class="plain" onClick={() => add(newCondition())}>
					{text.lookUp.addCondition}
				</button>
				<button
					type="button"
					class="plain"
					onClick={() => add(newGroup(join === "and" ? "or" : "and", [newCondition()]))}
				>
					{text.lookUp.addGroup}
				</button>
			</p>
		</fieldset>
	);
}

interface PartProps {
	schema: Schema;
	part: Node;
	/** Undefined takes it out. */
	onChange: (by: Node | undefined) => void;
}

function Part({ schema, part, onChange }: PartProps) {
	const remove = () => onChange(undefined);
	if (part.kind === "group") return <FilterGroup schema={schema} group={part} onChange={onChange} onRemove={remove} />;
	return (
		<div class="condition" data-kind={part.kind}>
			<Negation of={part} onChange={onChange} />
			{part.kind === "condition" ? (
				<FilterCondition schema={schema} condition={part} onChange={(by: Condition) => onChange(by)} />
			) : (
				<OtherText of={part} />
			)}
			<Remove what={text.lookUp.removeCondition} onRemove={remove} />
		</div>
	);
}

function Negation<N extends Node>({ of, onChange }: { of: N; onChange: (by: N) => void }) {
	return (
		<label class="negation">
			<input
				type="checkbox"
				checked={of.negated}
				onChange={(event) => onChange({ ...of, negated: event.currentTarget.checked })}
			/>
			{text.lookUp.not}
		</label>
	);
}

function Remove({ what, onRemove }: { what: string; onRemove: () => void }) {
	return (
		<button type="button" class="plain icon-button" aria-label={what} title={what} onClick={onRemove}>
			<Icon name="cancel" />
		</button>
	);
}

/** What the builder has no form for, as text. */
function OtherText({ of: { filter } }: { of: Other }) {
	const { value } = useAnswer((signal) => formatFilter(filter, { signal }), [filter]);
	return (
		<p class="other">
			<code>{value?.text}</code> <span class="muted">{text.lookUp.asText}</span>
		</p>
	);
}
