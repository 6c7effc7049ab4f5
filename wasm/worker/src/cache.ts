/**
 * Keeps what the program stores: in the isolate's memory, then in the Cache API, then, of schemas, in KV. A tier that
 * is not there, or fails, is passed over. An entry carries its end with it, for tiers keep some longer.
 */
import { type Bytes, encode, readAll } from "./bytes.ts";
import type { Context, Env } from "./env.ts";

interface Entry {
	bytes: Bytes;
	/** Milliseconds since 1970. */
	expires: number;
}

interface Tier {
	look(name: string): Promise<Entry | undefined>;
	store(name: string, entry: Entry): Promise<void>;
}

/** The largest entry, in bytes. */
const mostBytes = 16 << 20;

export class Cache {
	readonly #memory = new Memory();
	readonly #tiers: Tier[];

	constructor(env: Env) {
		this.#tiers = [new Shared()];
		if (env.LDAPEDGE_KV) this.#tiers.push(new KV(env.LDAPEDGE_KV));
	}

	async look(name: string): Promise<Bytes | undefined> {
		const entry = this.#memory.look(name) ?? (await this.#below(name));
		return entry?.bytes;
	}

	/** What a slower tier has is kept in memory from then on. */
	async #below(name: string): Promise<Entry | undefined> {
		for (const tier of this.#tiers) {
			const entry = await tier.look(name).catch(() => undefined);
			if (!entry || !(entry.expires > Date.now())) continue;
			this.#memory.store(name, entry);
			return entry;
		}
		return undefined;
	}

	/** Stores for a number of seconds. The slower tiers are not waited for. */
	store(name: string, bytes: Bytes, seconds: number, context: Context): void {
		if (bytes.length > mostBytes || seconds <= 0) return;
		const entry = { bytes, expires: Date.now() + seconds * 1000 };
		this.#memory.store(name, entry);
		context.waitUntil(Promise.allSettled(this.#tiers.map((tier) => tier.store(name, entry))));
	}
}

/** The isolate's own memory, of which the least recently used go first. */
class Memory {
	/** All entries, in bytes, and one. */
	static readonly most = 8 << 20;
	static readonly mostOfOne = 2 << 20;

	readonly #entries = new Map<string, Entry>();
	#size = 0;

	look(name: string): Entry | undefined {
		const entry = this.#entries.get(name);
		if (!entry) return undefined;
		this.#delete(name, entry);
		if (entry.expires <= Date.now()) return undefined;
		this.#add(name, entry);
		return entry;
	}

	store(name: string, entry: Entry): void {
		const before = this.#entries.get(name);
		if (before) this.#delete(name, before);
		if (entry.bytes.length > Memory.mostOfOne) return;
		this.#add(name, entry);
		for (const [oldest, its] of this.#entries) {
			if (this.#size <= Memory.most) break;
			this.#delete(oldest, its);
		}
	}

	#add(name: string, entry: Entry): void {
		this.#entries.set(name, entry);
		this.#size += sizeOf(name, entry);
	}

	#delete(name: string, entry: Entry): void {
		this.#entries.delete(name);
		this.#size -= sizeOf(name, entry);
	}
}

/** With something for what surrounds the bytes. */
const sizeOf = (name: string, entry: Entry): number => entry.bytes.length + 2 * name.length + 200;

const expiresField = "X-Ldapedge-Expires";

/** The Cache API, which a data centre's isolates share. */
class Shared implements Tier {
	async look(name: string): Promise<Entry | undefined> {
		const response = await caches.default.match(await address(name));
		if (!response) return undefined;
		const expires = Number(response.headers.get(expiresField));
		return { bytes: await readAll(response.body, mostBytes), expires };
	}

	async store(name: string, { bytes, expires }: Entry): Promise<void> {
		const seconds = Math.floor((expires - Date.now()) / 1000);
		const headers = { "Cache-Control": `max-age=${seconds}`, [expiresField]: String(expires) };
		await caches.default.put(await address(name), new Response(bytes, { headers }));
	}
}

/** An address that can be no site's: nobody can ask for what is there, or put something there. */
async function address(name: string): Promise<string> {
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", encode(name)));
	return `https://ldapedge.invalid/${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Workers KV, for schemas alone: what callers have looked up is not to lie there. */
class KV implements Tier {
	readonly #namespace: KVNamespace;

	constructor(namespace: KVNamespace) {
		this.#namespace = namespace;
	}

	async look(name: string): Promise<Entry | undefined> {
		const key = keyOf(name);
		if (!key) return undefined;
		const { value, metadata } = await this.#namespace.getWithMetadata<{ expires: number }>(key, "stream");
		return value && metadata ? { bytes: await readAll(value, mostBytes), expires: metadata.expires } : undefined;
	}

	async store(name: string, { bytes, expires }: Entry): Promise<void> {
		const key = keyOf(name);
		if (!key) return;
		const seconds = Math.ceil((expires - Date.now()) / 1000);
		await this.#namespace.put(key, bytes, { expirationTtl: Math.max(seconds, 60), metadata: { expires } });
	}
}

/** Beside the keys of the user's own; KV takes keys of at most 512 bytes. */
function keyOf(name: string): string | undefined {
	const key = `cache/${name}`;
	return name.startsWith("schema:") && encode(key).length <= 512 ? key : undefined;
}
