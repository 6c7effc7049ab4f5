/** A request as text: what package edge says of it, from the host's side. */
import { type Bytes, encode, none, readAll, TooLarge } from "./bytes.ts";
import { problem } from "./problem.ts";
import { oneLine } from "./step.ts";
import type { Subject } from "./subject.ts";

/** Who asks, and from where; `refused` is why the credential was. */
export interface Caller {
	subject?: Subject | undefined;
	refused?: string | undefined;
	address: string | undefined;
}

/** The largest body and the longest target, in bytes. */
export const mostBody = 1 << 20;
const longestTarget = 16 << 10;

/** The target of a request, or the answer to one whose request line is not accepted. */
export function targetOf(request: Request): string | Response {
	const { pathname, search } = new URL(request.url);
	const target = pathname + search;
	if (target.length > longestTarget)
		return problem(414, "too-long", `the target is longer than ${longestTarget} bytes`);
	// A URL has nothing else in it; what would end the line must not be taken on trust.
	const whole = /^[\x21-\x7e]+$/.test(target) && /^[A-Z]+$/.test(request.method);
	return whole ? target : problem(400, "usage", "the request line is malformed");
}

/** The address that Cloudflare has seen; nobody else's word counts. */
export function addressOf(headers: Headers): string | undefined {
	const address = headers.get("CF-Connecting-IP") ?? "";
	return /^[0-9A-Fa-f:.]{2,45}$/.test(address) ? address : undefined;
}

/** Reads the body; or it is the answer to one that is too large. */
export async function bodyOf(request: Request): Promise<Bytes | Response> {
	if (!request.body) return none;
	try {
		return await readAll(request.body, mostBody);
	} catch (error) {
		if (error instanceof TooLarge) return problem(413, "too-large", `the body is larger than ${mostBody} bytes`);
		throw error;
	}
}

/**
 * The request's head. Of the client's header fields there are those two, each a line whatever is in it. `keeps` is
 * whether who does what the program says can keep streams.
 */
export function formatHead(method: string, target: string, headers: Headers, caller: Caller, keeps: boolean): Bytes {
	const lines = [`${method} ${target}`];
	const add = (name: string, value: string | null | undefined) => {
		if (value) lines.push(`${name}: ${oneLine(value)}`);
	};
	add("accept", headers.get("Accept"));
	add("if-none-match", headers.get("If-None-Match"));
	if (caller.subject) {
		const { name, servers } = caller.subject;
		add("subject", escaped(name));
		if (servers !== "all") {
			for (const server of servers) add("server", escaped(server));
			add("limited", "yes");
		}
	}
	add("address", caller.address);
	if (keeps) add("keeps", "yes");
	if (caller.refused) add("refused", escaped(caller.refused));
	return encode(`${lines.join("\n")}\n\n`);
}

/** Percent-encoded. A token may have half a character in it, which nothing could encode. */
const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());
