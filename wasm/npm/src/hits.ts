import type { FrameHits, Hit, Hits, Summary } from "./types.js";

/** Puts the lines of the summary in the place of their numbers: the page has them already. */
export function toHits({ collections }: Summary, found: FrameHits): Hits {
	const lists = new Map(collections.map(({ collection, definitions }) => [collection, definitions]));
	const hits = found.hits.flatMap(({ index, ...hit }): Hit[] => {
		const item = lists.get(hit.collection)?.[index];
		return item ? [{ ...item, ...hit }] : [];
	});
	return { ...found, hits };
}
