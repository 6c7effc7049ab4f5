/** An entry to fill in, as LDIF (RFC 2849). */
import type { Effective, EffectiveAttribute } from "ldapedge";
import { text } from "../../text.ts";

/** How long a line is, as RFC 2849 has it. */
const longest = 76;

/** An entry of some classes: what it must have is to be filled in, what it may have is a comment. The syntaxes are those that the schema does not describe. */
export function templateOf({ classes, must, may }: Effective, syntaxes: Map<string, string>): string {
	const lines = ["dn: "];
	for (const { name } of classes.toReversed()) lines.push(`objectClass: ${name}`);
	const required = must.filter(isWritten);
	if (required.length > 0)
		lines.push(...comment(text.entry.must), ...required.flatMap((one) => [...hint(one, syntaxes), `${one.name}: `]));
	const allowed = may.filter(isWritten);
	if (allowed.length > 0) lines.push(...comment(text.entry.may), ...allowed.map(({ name }) => `# ${name}: `));
	return `${lines.join("\n")}\n`;
}

/** Whether whoever adds the entry writes it; the classes are there already. */
function isWritten({ name, noUserModification }: EffectiveAttribute): boolean {
	return !noUserModification && !["objectclass", "2.5.4.0"].includes(name.toLowerCase());
}

function hint({ name, syntax, singleValue }: EffectiveAttribute, syntaxes: Map<string, string>): string[] {
	const words = [
		syntax && (syntax.desc ?? syntaxes.get(syntax.name) ?? syntax.name),
		singleValue ? text.definition.single : undefined,
	].filter(Boolean);
	return words.length > 0 ? comment(`${name}: ${words.join(", ")}`) : [];
}

/** A comment, which no line break of a description ends. */
function comment(content: string): string[] {
	const line = `# ${content.replaceAll(/\s+/g, " ")}`;
	return [line.length > longest ? `${line.slice(0, longest - 1)}…` : line];
}
