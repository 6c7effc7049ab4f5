/** A filter as the builder has it: groups of conditions, which may be incomplete, each by itself negated or not. */
import type { Filter } from "ldapedge";

export type Node = Group | Condition | Other;

interface Placed {
	/** Tells the nodes of a tree apart. */
	id: number;
	negated: boolean;
}

export interface Group extends Placed {
	kind: "group";
	join: "and" | "or";
	parts: Node[];
}

export interface Condition extends Placed {
	kind: "condition";
	attribute: string;
	operator: Operator;
	value: string;
	/** The matching rule of the operator "rule". */
	rule: string;
}

/** What the builder has no form for: it can be negated and taken out, and edited as text. */
export interface Other extends Placed {
	kind: "other";
	filter: Filter;
}

export const operators = [
	"equals",
	"contains",
	"begins",
	"ends",
	"pattern",
	"present",
	"atLeast",
	"atMost",
	"approx",
	"rule",
] as const;
export type Operator = (typeof operators)[number];

let last = 0;

const placed = (): Placed => ({ id: ++last, negated: false });

export function newCondition(): Condition {
	return { ...placed(), kind: "condition", attribute: "", operator: "equals", value: "", rule: "" };
}

export function newGroup(join: Group["join"], parts: Node[]): Group {
	return { ...placed(), kind: "group", join, parts };
}

/** The tree of a filter; its root is a group, if only of one condition. */
export function treeOf(filter: Filter): Group {
	const node = nodeOf(filter);
	return node.kind === "group" && !node.negated ? node : newGroup("and", [node]);
}

function nodeOf(filter: Filter): Node {
	switch (filter.kind) {
		case "and":
		case "or":
			return newGroup(filter.kind, (filter.parts ?? []).map(nodeOf));
		case "not": {
			const [part] = filter.parts;
			const node: Node = part ? nodeOf(part) : newGroup("and", []);
			return node.negated ? { ...newGroup("and", [node]), negated: true } : { ...node, negated: true };
		}
		default:
			return conditionOf(filter) ?? { ...placed(), kind: "other", filter };
	}
}

const comparisons = {
	equalityMatch: "equals",
	greaterOrEqual: "atLeast",
	lessOrEqual: "atMost",
	approxMatch: "approx",
} as const;

/** Undefined for what has bytes that are no text, or a form of its own. */
function conditionOf(filter: Exclude<Filter, { kind: "and" | "or" | "not" }>): Condition | undefined {
	const of = (attribute: string, operator: Operator, value = "", rule = "") =>
		({ ...newCondition(), attribute, operator, value, rule }) satisfies Condition;
	switch (filter.kind) {
		case "present":
			return of(filter.attribute, "present");
		case "substrings":
			return substringsOf(filter, of);
		case "extensibleMatch": {
			const { attribute, rule, value, dnAttributes } = filter;
			return attribute && rule && !dnAttributes && typeof value === "string"
				? of(attribute, "rule", value, rule)
				: undefined;
		}
		default:
			return typeof filter.value === "string"
				? of(filter.attribute, comparisons[filter.kind], filter.value)
				: undefined;
	}
}

function substringsOf(
	{ attribute, initial, any = [], final }: Extract<Filter, { kind: "substrings" }>,
	of: (attribute: string, operator: Operator, value: string) => Condition,
): Condition | undefined {
	const pieces = [initial ?? "", ...any, final ?? ""];
	if (!pieces.every((piece) => typeof piece === "string")) return undefined;
	const [first = "", second = ""] = pieces;
	if (any.length === 0 && final === undefined) return of(attribute, "begins", first);
	if (any.length === 0 && initial === undefined) return of(attribute, "ends", second);
	if (any.length === 1 && initial === undefined && final === undefined) return of(attribute, "contains", second);
	return of(attribute, "pattern", pieces.map(escaped).join("*"));
}

/** A piece of a pattern: what would be taken for something else is written as RFC 4515 does. */
function escaped(piece: string): string {
	return piece.replace(/[*\\]/g, (char) => `\\${char.charCodeAt(0).toString(16)}`);
}

function unescaped(piece: string): string {
	return piece.replace(/\\([0-7][\da-f])/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The filter of a tree, without what is incomplete; undefined if nothing is left. */
export function filterOf(node: Node): Filter | undefined {
	const filter = plainOf(node);
	return filter && node.negated ? { kind: "not", parts: [filter] } : filter;
}

/** The filter of the root: a group of one is that one. */
export function rootFilter(root: Group): Filter | undefined {
	const parts = root.parts.map(filterOf).filter((part) => part !== undefined);
	if (parts.length !== 1 || root.negated) return filterOf(root);
	return parts[0];
}

function plainOf(node: Node): Filter | undefined {
	switch (node.kind) {
		case "other":
			return node.filter;
		case "condition":
			return isComplete(node) ? assertionOf(node) : undefined;
		case "group": {
			const parts = node.parts.map(filterOf).filter((part) => part !== undefined);
			return parts.length > 0 ? { kind: node.join, parts } : undefined;
		}
	}
}

/** Whether a condition says what it has to. */
export function isComplete({ attribute, operator, value, rule }: Condition): boolean {
	if (attribute.trim() === "") return false;
	if (operator === "present") return true;
	if (operator === "pattern") return /[^*]/.test(value) && value.includes("*");
	return value !== "" && (operator !== "rule" || rule.trim() !== "");
}

function assertionOf({ attribute: given, operator, value, rule }: Condition): Filter {
	const attribute = given.trim();
	switch (operator) {
		case "present":
			return { kind: "present", attribute };
		case "begins":
			return { kind: "substrings", attribute, initial: value };
		case "ends":
			return { kind: "substrings", attribute, final: value };
		case "contains":
			return { kind: "substrings", attribute, any: [value] };
		case "pattern":
			return patternOf(attribute, value);
		case "rule":
			return { kind: "extensibleMatch", attribute, rule: rule.trim(), value };
		case "equals":
			return { kind: "equalityMatch", attribute, value };
		case "atLeast":
			return { kind: "greaterOrEqual", attribute, value };
		case "atMost":
			return { kind: "lessOrEqual", attribute, value };
		case "approx":
			return { kind: "approxMatch", attribute, value };
	}
}

function patternOf(attribute: string, pattern: string): Filter {
	const pieces = pattern.split("*").map(unescaped);
	const initial = pieces.shift();
	const final = pieces.pop();
	const any = pieces.filter(Boolean);
	return {
		kind: "substrings",
		attribute,
		...(initial && { initial }),
		...(any.length > 0 && { any }),
		...(final && { final }),
	};
}

/** The tree with a node replaced; undefined takes it out. */
export function replaced(root: Group, id: number, by: Node | undefined): Group {
	const parts = root.parts.flatMap((part): Node[] => {
		if (part.id === id) return by ? [by] : [];
		return [part.kind === "group" ? replaced(part, id, by) : part];
	});
	return { ...root, parts };
}
