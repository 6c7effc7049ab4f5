/** Who asks: a bearer token of the configuration, a JSON Web Token, or a user that Cloudflare Access has let in. */
import { Fault, type Members, safeURL } from "./check.ts";
import type { Context } from "./env.ts";
import { type Issuer, subjectOf, verifyJWT } from "./jwt.ts";
import { inlineKeys, type Keys, RemoteKeys } from "./keys.ts";
import { KeySet } from "./keyset.ts";
import { Refusal, type Servers, type Subject } from "./subject.ts";
import { readServers, Tokens, tokenKeys } from "./tokens.ts";

/** The length of the longest token that is looked at. */
const longestToken = 8 << 10;

interface JWT extends Issuer {
	serversClaim: string;
}

interface Access extends Issuer {
	servers: Servers;
}

export class Authenticator {
	readonly #tokens: Tokens;
	readonly #jwt: JWT | undefined;
	readonly #access: Access | undefined;

	private constructor(tokens: Tokens, jwt: JWT | undefined, access: Access | undefined) {
		this.#tokens = tokens;
		this.#jwt = jwt;
		this.#access = access;
	}

	/** `settings` is the configuration's member "auth". Throws a {@link Fault}. */
	static async from(settings: Members | undefined): Promise<Authenticator> {
		return new Authenticator(
			new Tokens(settings?.list("tokens", tokenKeys) ?? []),
			await readJWT(settings?.members("jwt", jwtKeys)),
			readAccess(settings?.members("access", ["team", "audience", "servers"])),
		);
	}

	/**
	 * Who the request's credential stands for, undefined where it has none. A token in Authorization alone counts, even
	 * where Access has let somebody in. Throws a {@link Refusal}.
	 */
	async subject(headers: Headers, context: Context, now = Date.now()): Promise<Subject | undefined> {
		const authorization = headers.get("Authorization");
		if (authorization !== null) {
			const token = /^Bearer +([^ ]+)$/i.exec(authorization)?.[1];
			if (!token) throw new Refusal("malformed");
			return this.bearer(token, context, now);
		}
		const assertion = headers.get("Cf-Access-Jwt-Assertion");
		return assertion !== null && this.#access ? this.#accessed(assertion, this.#access, context, now) : undefined;
	}

	/** Who a bearer token stands for. */
	async bearer(token: string, context: Context, now: number): Promise<Subject> {
		if (token.length > longestToken) throw new Refusal("malformed");
		const known = await this.#tokens.find(token, now);
		if (known) return known;
		if (!this.#jwt) throw new Refusal("unknown");
		return subjectOf(await verifyJWT(token, this.#jwt, now, context), this.#jwt.serversClaim);
	}

	async #accessed(token: string, access: Access, context: Context, now: number): Promise<Subject> {
		if (token.length > longestToken) throw new Refusal("malformed");
		const { email } = await verifyJWT(token, access, now, context);
		if (typeof email !== "string" || email === "") throw new Refusal("claim_missing");
		return { name: email, servers: access.servers };
	}
}

const jwtKeys = ["issuer", "audience", "keys", "keysURL", "serversClaim", "leewaySeconds"];

const defaultLeeway = 30;
const mostLeeway = 300;

async function readJWT(members: Members | undefined): Promise<JWT | undefined> {
	return (
		members && {
			issuer: members.text("issuer"),
			audience: members.text("audience"),
			keys: await readKeys(members),
			serversClaim: members.optionalText("serversClaim") ?? "ldapedge_servers",
			leewaySeconds: members.number("leewaySeconds", 0, mostLeeway, defaultLeeway),
		}
	);
}

async function readKeys(members: Members): Promise<Keys> {
	if (members.has("keys") === members.has("keysURL")) {
		throw new Fault(members.at("keys"), "one of keys and keysURL is expected");
	}
	if (members.has("keysURL")) return new RemoteKeys(safeURL(members, "keysURL").href);
	try {
		return inlineKeys(await KeySet.parse(members.value("keys")));
	} catch (error) {
		throw new Fault(members.at("keys"), (error as Error).message);
	}
}

function readAccess(members: Members | undefined): Access | undefined {
	if (!members) return undefined;
	const team = members.text("team");
	if (!/^[a-z0-9-]+$/.test(team)) {
		throw new Fault(members.at("team"), "the team's name is expected, as in https://NAME.cloudflareaccess.com");
	}
	const issuer = `https://${team}.cloudflareaccess.com`;
	return {
		issuer,
		audience: members.text("audience"),
		keys: new RemoteKeys(`${issuer}/cdn-cgi/access/certs`),
		servers: members.has("servers") ? readServers(members) : "all",
		leewaySeconds: defaultLeeway,
	};
}
