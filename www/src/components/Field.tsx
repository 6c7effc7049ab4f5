import type { Ref } from "ldapedge";
import type { ComponentChildren } from "preact";
import { text } from "../text.ts";
import { RefLink, RefLinks } from "./RefLink.tsx";

interface FieldProps {
	name: string;
	children: ComponentChildren;
	/** Whether the definition leaves it to the RFC's default. */
	isDefault?: boolean;
}

/** A property and its value, within a dl. */
export function Field({ name, children, isDefault = false }: FieldProps) {
	return (
		<div class="field">
			<dt>{name}</dt>
			<dd class={isDefault ? "lighter" : undefined} title={isDefault ? text.definition.isDefault : undefined}>
				{children}
				{isDefault && <span class="unseen">{text.definition.isDefault}</span>}
			</dd>
		</div>
	);
}

interface InheritedFieldProps {
	name: string;
	source: string;
	/** What the value is inherited from, if it is. */
	from: Ref | undefined;
	children: ComponentChildren;
}

/** A property that may be inherited; it then says from where. */
export function InheritedField({ name, source, from, children }: InheritedFieldProps) {
	return (
		<div class="field">
			<dt>{name}</dt>
			<dd class={from && "lighter"}>
				{children}
				{from && (
					<span class="from">
						{text.definition.from} <RefLink source={source} to={from} />
					</span>
				)}
			</dd>
		</div>
	);
}

interface RefsFieldProps {
	source: string;
	name: string;
	to: Ref[];
}

/** A property that is names; there is none where there are no names. */
export function RefsField({ source, name, to }: RefsFieldProps) {
	if (to.length === 0) return null;
	return (
		<Field name={name}>
			<RefLinks source={source} to={to} />
		</Field>
	);
}
