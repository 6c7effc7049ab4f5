/** The pre-built schemas, which are shipped beside the Worker, compressed. */
import type { Bytes } from "./bytes.ts";
import { readAll } from "./bytes.ts";

/** Each is read when it is asked for. */
const sets: Record<string, () => Promise<{ default: ArrayBuffer }>> = {
	AD_2012_R2: () => import("./offline/AD_2012_R2.json.gz"),
	AD_2016: () => import("./offline/AD_2016.json.gz"),
	DS389_1_3_3: () => import("./offline/DS389_1_3_3.json.gz"),
	DS389_2_3: () => import("./offline/DS389_2_3.json.gz"),
	EDIR_8_8_8: () => import("./offline/EDIR_8_8_8.json.gz"),
	EDIR_9_1_4: () => import("./offline/EDIR_9_1_4.json.gz"),
	SLAPD_2_4: () => import("./offline/SLAPD_2_4.json.gz"),
	SLAPD_2_5: () => import("./offline/SLAPD_2_5.json.gz"),
};

/** The file of that name, undefined if there is none. */
export async function readOffline(name: string, most: number): Promise<Bytes | undefined> {
	const set = Object.hasOwn(sets, name) ? await sets[name]?.() : undefined;
	if (!set) return undefined;
	const unpacked = new Blob([set.default]).stream().pipeThrough(new DecompressionStream("gzip"));
	return readAll(unpacked, most);
}
