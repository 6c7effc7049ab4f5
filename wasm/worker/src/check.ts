/** Reading configuration strictly: what is not known, missing or of another kind is an error with its place. */

export class Fault extends Error {
	override name = "Fault";
	constructor(path: string, what: string) {
		super(path ? `${path}: ${what}` : what);
	}
}

/** A JSON object at a place, whose members are then taken one by one. */
export class Members {
	readonly path: string;
	readonly #values: Record<string, unknown>;

	/** `known` are the names that members may have. */
	constructor(value: unknown, path: string, known?: readonly string[]) {
		this.path = path;
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			throw new Fault(path, "a JSON object is expected");
		}
		this.#values = value as Record<string, unknown>;
		const unknown = known && Object.keys(value).find((name) => !known.includes(name));
		if (unknown !== undefined) throw new Fault(this.at(unknown), `it is not known; ${known?.join(", ")} are`);
	}

	at(name: string): string {
		return this.path ? `${this.path}.${name}` : name;
	}

	has(name: string): boolean {
		return Object.hasOwn(this.#values, name) && this.#values[name] !== undefined;
	}

	value(name: string): unknown {
		return this.has(name) ? this.#values[name] : undefined;
	}

	/** A text that is not empty. */
	text(name: string): string {
		const value = this.value(name);
		if (value === undefined) throw new Fault(this.at(name), "it is missing");
		if (typeof value !== "string" || value === "") throw new Fault(this.at(name), "a text is expected");
		return value;
	}

	optionalText(name: string): string | undefined {
		return this.has(name) ? this.text(name) : undefined;
	}

	number(name: string, least: number, most: number, byDefault: number): number {
		const value = this.value(name) ?? byDefault;
		if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
			throw new Fault(this.at(name), `a whole number from ${least} to ${most} is expected`);
		}
		return value;
	}

	members(name: string, known?: readonly string[]): Members | undefined {
		return this.has(name) ? new Members(this.value(name), this.at(name), known) : undefined;
	}

	/** The members of each object of a list; without the list none. */
	list(name: string, known?: readonly string[]): Members[] {
		const value = this.value(name) ?? [];
		if (!Array.isArray(value)) throw new Fault(this.at(name), "a list is expected");
		return value.map((one, i) => new Members(one, `${this.at(name)}[${i}]`, known));
	}
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** An https URL without user, or http to this machine. */
export function safeURL(members: Members, name: string): URL {
	const url = URL.parse(members.text(name));
	const safe = url?.protocol === "https:" || (url?.protocol === "http:" && loopback.test(url.hostname));
	if (!url || !safe || url.username || url.password) {
		throw new Fault(members.at(name), "an https URL without user is expected, or http to loopback");
	}
	return url;
}
