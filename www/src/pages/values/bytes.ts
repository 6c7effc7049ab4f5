/** Bytes for people: what they begin with says whether they are a picture; all others are hexadecimal. */

/** What pictures begin with, for which browsers have a decoder. */
const beginnings: [type: string, bytes: number[]][] = [
	["image/jpeg", [0xff, 0xd8, 0xff]],
	["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
	["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

/** The largest picture that is shown, in bytes: a decoder needs much more memory than that. */
const largestPhoto = 4 << 20;

/** The media type of a picture; undefined for all that is none. */
export function photoOf(bytes: Uint8Array): string | undefined {
	if (bytes.length > largestPhoto) return undefined;
	return beginnings.find(([, first]) => first.every((byte, i) => bytes[i] === byte))?.[0];
}

/** How many bytes are written out. */
const most = 4096;

/** Sixteen bytes a line: the place, hexadecimal, and ASCII where it is. */
export function hexOf(bytes: Uint8Array): string {
	const lines: string[] = [];
	for (let at = 0; at < Math.min(bytes.length, most); at += 16) {
		const row = [...bytes.subarray(at, Math.min(at + 16, most))];
		const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
		const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
		lines.push(`${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${ascii}`);
	}
	if (bytes.length > most) lines.push("…");
	return lines.join("\n");
}
