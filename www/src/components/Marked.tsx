/** How much of a text stands before the first mark, where the beginning is cut off. */
const lead = 16;

/** A text in which some pieces, given in small letters, are marked; with cut, it begins shortly before the first one. */
export function Marked({ text, pieces, cut = false }: { text: string; pieces: readonly string[]; cut?: boolean }) {
	const ranges = rangesOf(text, pieces);
	const [first] = ranges;
	if (!first) return <>{text}</>;
	const begin = cut && first[0] > lead ? first[0] - lead : 0;
	return (
		<>
			{begin > 0 && "…"}
			{ranges.map(([from, to], i) => (
				<>
					{text.slice(ranges[i - 1]?.[1] ?? begin, from)}
					<mark>{text.slice(from, to)}</mark>
				</>
			))}
			{text.slice(ranges.at(-1)?.[1])}
		</>
	);
}

type Range = [from: number, to: number];

/** Where the pieces are, without those that overlap another. */
function rangesOf(text: string, pieces: readonly string[]): Range[] {
	const folded = text.toLowerCase();
	// Some letters are longer when they are small: then places do not fit.
	if (folded.length !== text.length) return [];
	const all: Range[] = [];
	for (const piece of pieces)
		for (let at = folded.indexOf(piece); at >= 0; at = folded.indexOf(piece, at + piece.length))
			all.push([at, at + piece.length]);
	all.sort(([a, aEnd], [b, bEnd]) => a - b || bEnd - aEnd);
	return all.filter(([from], i) => all.slice(0, i).every(([, to]) => to <= from));
}
