/** What a Worker is bound to. Bindings that are left out are done without. */
export interface Env {
	/** The configuration: JSON, or its text. */
	LDAPEDGE_CONFIG?: unknown;
	/** Schemas by key, and a place to keep those of connectors. */
	LDAPEDGE_KV?: KVNamespace;
	/** The rate limit. */
	LIMITER?: RateLimit;
	/** The class of the same name: keeps connections across requests. */
	CONNECTIONS?: DurableObjectNamespace;
	/** Secrets, by the names that the configuration says. */
	[secret: string]: unknown;
}

/** What a handler may have done beside and after its answer. */
export interface Context {
	waitUntil(promise: Promise<unknown>): void;
}
