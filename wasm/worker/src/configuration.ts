/** The configuration: what of it the host needs itself, and what the program is given. */
import { Fault, Members, safeURL } from "./check.ts";
import type { Env } from "./env.ts";
import type { Settings } from "./instance.ts";

export interface Connector {
	name: string;
	/** Without a slash at the end. */
	url: string;
	/** Authenticates to it. */
	token: string | undefined;
}

export interface Configuration {
	connectors: Map<string, Connector>;
	/** The member "auth". */
	auth: Members | undefined;
	settings: Settings;
}

/** Reads the configuration and the secrets that it names, and none but those. */
export function readConfiguration(env: Env): Configuration {
	const text = textOf(env.LDAPEDGE_CONFIG);
	const all = new Members(parsed(text), "");
	const connectors = new Map<string, Connector>();
	for (const one of all.list("connectors", ["name", "url", "token"])) {
		const name = one.text("name");
		if (connectors.has(name)) throw new Fault(one.at("name"), "another connector has that name");
		const url = safeURL(one, "url").href.replace(/\/+$/, "");
		connectors.set(name, { name, url, token: secretOf(env, one, "token") });
	}
	return {
		connectors,
		auth: all.members("auth", ["tokens", "jwt", "access"]),
		settings: { configuration: text, secrets: passwords(env, all) },
	};
}

function textOf(value: unknown): string {
	if (value === undefined) throw new Fault("LDAPEDGE_CONFIG", "the variable is missing");
	return typeof value === "string" ? value : JSON.stringify(value);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Fault("LDAPEDGE_CONFIG", `no JSON: ${(error as Error).message.replace(/[,:].*/s, "")}`);
	}
}

/** The passwords of the binds, by their secrets' names: no other secret is for the program. */
function passwords(env: Env, all: Members): Record<string, string> {
	const secrets: Record<string, string> = {};
	for (const server of all.list("servers")) {
		const bind = server.members("bind");
		const password = bind && secretOf(env, bind, "password");
		if (bind && password !== undefined) secrets[bind.text("password")] = password;
	}
	return secrets;
}

/** The secret whose name a member has. */
function secretOf(env: Env, members: Members, name: string): string | undefined {
	const secret = members.optionalText(name);
	if (secret === undefined) return undefined;
	const value = Object.hasOwn(env, secret) ? env[secret] : undefined;
	if (typeof value !== "string" || value === "") throw new Fault(members.at(name), `there is no secret ${secret}`);
	return value;
}
