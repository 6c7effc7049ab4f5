import type { FrameHits, Hit, Hits, Summary } from "./types.js";

/** Puts the lines of the summary in the place of their numbers: the page has them already. */
export function toHits({ collections }: Summary, found: FrameHits): Hits {
	const hits = found.hits.flatMap(([at, index, how]): Hit[] => {
		const list = collections[at];
		const item = list?.definitions[index];
		if (!list || !item) return [];
		const { collection } = list;
		if (how === undefined) return [{ ...item, collection }];
		return [how === 1 ? { ...item, collection, inDesc: true } : { ...item, collection, also: how }];
	});
	return { ...found, hits };
}
