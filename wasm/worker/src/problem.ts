/** Answers that say what is wrong (RFC 9457), where the host itself says so. */
import { Fault } from "./check.ts";

const titles: Record<number, string> = {
	400: "Bad Request",
	413: "Content Too Large",
	414: "URI Too Long",
	429: "Too Many Requests",
	500: "Internal Server Error",
};

/** An answer of that status; `code` is for programs, and `detail` for people to read. */
export function problem(status: number, code: string, detail: string, fields: Record<string, string> = {}): Response {
	return new Response(JSON.stringify({ title: titles[status], status, detail, code }), {
		status,
		headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...fields },
	});
}

/** The answer to whatever went wrong here; what it was is for the log alone. */
export function failed(error: unknown): Response {
	console.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
	if (error instanceof Fault)
		return problem(500, "configuration", "the Worker's configuration is at fault; its log says where");
	return problem(500, "internal", "the request could not be answered");
}
