/** A piece of text, and whether the other text has it too. */
export interface Piece {
	text: string;
	same: boolean;
}

/** The longest texts that are compared word by word, in words: the work grows with the square. */
const most = 400;

/** Marks what of two texts is not in the other, word by word. */
export function compareWords(from: string, to: string): [from: Piece[], to: Piece[]] {
	const [a, b] = [wordsOf(from), wordsOf(to)];
	if (a.length > most || b.length > most) return [[{ text: from, same: false }], [{ text: to, same: false }]];
	const [inA, inB] = common(a, b);
	return [pieces(a, inA), pieces(b, inB)];
}

/** Words, and what stands between them. */
function wordsOf(text: string): string[] {
	return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

/** The places in both lists of their longest common subsequence. */
function common(a: string[], b: string[]): [Set<number>, Set<number>] {
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--)
		for (let j = b.length - 1; j >= 0; j--)
			lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	const [inA, inB] = [new Set<number>(), new Set<number>()];
	for (let i = 0, j = 0; i < a.length && j < b.length; )
		if (a[i] === b[j]) {
			inA.add(i++);
			inB.add(j++);
		} else if (at(i + 1, j) >= at(i, j + 1)) i++;
		else j++;
	return [inA, inB];
}

function pieces(words: string[], same: Set<number>): Piece[] {
	const all: Piece[] = [];
	for (const [i, word] of words.entries()) {
		const last = all.at(-1);
		if (last?.same === same.has(i)) last.text += word;
		else all.push({ text: word, same: same.has(i) });
	}
	return all;
}
