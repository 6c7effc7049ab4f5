import type { Schema } from "ldapedge";

const attached = new WeakMap<Schema, (() => void)[]>();

/** Has something closed with a schema. */
export function closeWith(schema: Schema, close: () => void): void {
	attached.set(schema, [...(attached.get(schema) ?? []), close]);
}

/** Lets go of a schema and of what is to be closed with it; if its module has ended there is nothing to let go of. */
export function release(schema: Schema): void {
	for (const close of attached.get(schema) ?? []) close();
	attached.delete(schema);
	schema.close().catch(() => undefined);
}
