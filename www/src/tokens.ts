/** What a piece of a definition's text is (RFC 4512 §4.1). */
export type TokenKind = "space" | "punctuation" | "keyword" | "extension" | "string" | "oid" | "word";

/** A piece of a text, from start to end. */
export interface Token {
	kind: TokenKind;
	start: number;
	end: number;
}

const keywords = new Set(
	(
		"NAME DESC OBSOLETE SUP EQUALITY ORDERING SUBSTR SYNTAX SINGLE-VALUE COLLECTIVE NO-USER-MODIFICATION USAGE " +
		"ABSTRACT STRUCTURAL AUXILIARY MUST MAY NOT AUX APPLIES FORM OC"
	).split(" "),
);

const space = /\s+/y;
const word = /[^\s()$']+/y;
const numeric = /^\d+(\.\d+)*(\{\d+\})?$/;
const wordEnd = /[\s()$']/;

/** Cuts a definition into tokens; together they are the whole text. */
export function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	for (let at = 0; at < text.length; ) {
		const token = tokenAt(text, at);
		tokens.push(token);
		at = token.end;
	}
	return tokens;
}

function tokenAt(text: string, start: number): Token {
	const end = endOf(space, text, start);
	if (end > start) return { kind: "space", start, end };
	if (text[start] === "'") return { kind: "string", start, end: stringEnd(text, start) };
	const wordEnds = endOf(word, text, start);
	if (wordEnds === start) return { kind: "punctuation", start, end: start + 1 };
	return { kind: kindOf(text.slice(start, wordEnds)), start, end: wordEnds };
}

function endOf(pattern: RegExp, text: string, start: number): number {
	pattern.lastIndex = start;
	return pattern.test(text) ? pattern.lastIndex : start;
}

/** Some servers do not escape apostrophes: one in the midst of a word does not end the string. */
function stringEnd(text: string, start: number): number {
	for (let at = start; ; ) {
		at = text.indexOf("'", at + 1);
		if (at < 0) return text.length;
		if (at + 1 === text.length || wordEnd.test(text[at + 1] ?? "")) return at + 1;
	}
}

function kindOf(text: string): TokenKind {
	// In small letters it is more often a name: SUP name.
	if (keywords.has(text)) return "keyword";
	if (/^X[-_]./i.test(text)) return "extension";
	return numeric.test(text) ? "oid" : "word";
}
