/** What lint has found, as the page groups and writes it. */
import type { Check, Collection, Finding, Severity } from "ldapedge";
import { text } from "../../text.ts";
import type { Facet } from "../common/facets.ts";
import { groupBy } from "../common/groupBy.ts";

export const severities = ["error", "warning", "info"] as const satisfies Severity[];

export const severityFacet: Facet<Finding> = {
	name: "severity",
	pick: ({ severity }) => severity,
	order: severities,
};
export const kindFacet: Facet<Finding> = { name: "kind", pick: ({ collection }) => collection };
export const codeFacet: Facet<Finding> = { name: "code", pick: ({ code }) => code };

export const lintFacets = [severityFacet, kindFacet, codeFacet];

/** What belongs together. */
export interface Group {
	key: string;
	findings: Finding[];
}

/** The findings of each definition or of each check, the gravest first. */
export function grouped(findings: readonly Finding[], by: "definition" | "code"): Group[] {
	const groups = groupBy(findings, (finding) => (by === "code" ? finding.code : definitionKey(finding)));
	return [...groups]
		.map(([key, all]) => ({ key, findings: all.toSorted((a, b) => rank(a) - rank(b)) }))
		.sort((a, b) => gravest(a) - gravest(b));
}

function definitionKey({ collection, definition = "", oid = "", raw = "" }: Finding): string {
	return [collection, definition, oid, definition || oid ? "" : raw].join(" ");
}

function rank({ severity }: Finding): number {
	return severities.indexOf(severity);
}

function gravest({ findings: [first] }: Group): number {
	return first ? rank(first) : severities.length;
}

/** What a finding is about, in words. */
export function subjectOf({ collection, definition, oid }: Finding): string {
	const name = definition ?? oid;
	return name ? `${text.collections[collection].one} ${name}` : text.collections[collection].many;
}

/** The findings as text, one a line, as compilers write theirs. */
export function textOf(findings: readonly Finding[]): string {
	return findings
		.map((finding) => `${finding.severity} ${finding.code}: ${subjectOf(finding)}: ${finding.message}\n`)
		.join("");
}

/** What each check looks for, by its code. */
export function reasonsOf(checks: readonly Check[]): Map<string, string> {
	return new Map(checks.map(({ code, description }) => [code, description]));
}

/** Tells which of several definitions of a name a finding is about. */
export function ordinalsOf(
	items: Record<Collection, readonly { name: string; oid: string; ordinal?: number }[]>,
): Map<string, number> {
	const ordinals = new Map<string, number>();
	for (const [collection, list] of Object.entries(items))
		for (const { name, oid, ordinal } of list) if (ordinal) ordinals.set(`${collection} ${name} ${oid}`, ordinal);
	return ordinals;
}
