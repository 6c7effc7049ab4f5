import type { Flaw } from "ldapedge";
import { useState } from "preact/hooks";
import { text } from "../text.ts";
import { type Token, tokensOf } from "../tokens.ts";
import { indexAt } from "../utf8.ts";

interface RawTextProps {
	raw: string;
	/** What is wrong with it; the places are marked. */
	flaws?: Pick<Flaw, "offset" | "message">[];
}

/** How much of a text is shown at once, in characters: a long one would hold up the page. */
const step = 20_000;

/** The text of a definition, its tokens told apart. */
export function RawText({ raw, flaws = [] }: RawTextProps) {
	const [length, setLength] = useState(step);
	const shown = raw.slice(0, length);
	const places = flaws.map(({ offset, message }) => ({ at: indexAt(raw, offset), message }));
	const last = places.find(({ at }) => at >= raw.length);
	const rest = raw.length - shown.length;
	return (
		<>
			<pre>
				<code>
					{tokensOf(shown).map((token) => (
						<Piece key={token.start} shown={shown} token={token} flaw={places.find(isWithin(token))?.message} />
					))}
					{last && rest === 0 && (
						<mark class="end" title={last.message}>
							{text.problems.end}
						</mark>
					)}
				</code>
			</pre>
			{rest > 0 && (
				<button type="button" class="plain" onClick={() => setLength(length + step)}>
					{text.definition.moreText(rest)}
				</button>
			)}
		</>
	);
}

const isWithin =
	({ start, end }: Token) =>
	({ at }: { at: number }) =>
		start <= at && at < end;

interface PieceProps {
	shown: string;
	token: Token;
	flaw: string | undefined;
}

function Piece({ shown, token: { kind, start, end }, flaw }: PieceProps) {
	const piece = visible(shown.slice(start, end));
	if (flaw !== undefined)
		return (
			<mark class={`token-${kind}`} title={flaw}>
				{piece}
			</mark>
		);
	return <span class={`token-${kind}`}>{piece}</span>;
}

/** Spells out what turns the direction of writing: it would have other characters stand where they are not. */
function visible(piece: string): string {
	return piece.replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (control) => {
		return `⟨U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
	});
}
