import { type Bytes, none } from "./bytes.ts";

/** Decodes base64url without padding, strictly; undefined for what is none. */
export function decodeBase64url(text: string): Bytes | undefined {
	if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
	if (text === "") return none;
	let binary: string;
	try {
		binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		return undefined;
	}
	// Bits that stand for nothing must be zero, or one signature would have several texts.
	const again = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
	return again === text ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : undefined;
}
