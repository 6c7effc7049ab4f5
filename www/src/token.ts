import { remember, remembered } from "./storage.ts";

const key = "token";

/** Keeps the connector's token in memory and for this tab; it never enters an address. */
export class TokenKeeper {
	#token = remembered(() => sessionStorage, key);

	/** The token; empty if there is none. */
	get token(): string {
		return this.#token;
	}

	set token(token: string) {
		this.#token = token;
		remember(() => sessionStorage, key, token);
	}
}
