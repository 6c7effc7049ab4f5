import type { TextFormat } from "ldapedge";

/** The formats, in the order in which they are offered. */
export const formats = [
	"json",
	"ldif",
	"openldap",
	"openldap-ldif",
	"jsonschema",
	"typescript",
	"plantuml",
	"mermaid",
] as const satisfies TextFormat[];

export const files: Record<TextFormat, { ending: string; type: string }> = {
	json: { ending: "json", type: "application/json" },
	ldif: { ending: "ldif", type: "text/plain" },
	openldap: { ending: "schema", type: "text/plain" },
	"openldap-ldif": { ending: "ldif", type: "text/plain" },
	jsonschema: { ending: "schema.json", type: "application/schema+json" },
	typescript: { ending: "ts", type: "text/plain" },
	plantuml: { ending: "puml", type: "text/plain" },
	mermaid: { ending: "mmd", type: "text/plain" },
};
