/** What pages keep in their addresses: lists of words by name, as in "severity=error,warning&code=oid-illegal". */
export type Parameters = Readonly<Record<string, readonly string[] | undefined>>;

/** Reads the parameters of an address. */
export function readParameters(text = ""): Parameters {
	const all = text
		.split("&")
		.map((one) => one.split("=", 2))
		.filter(([name, values]) => name && values);
	return Object.fromEntries(all.map(([name = "", values = ""]) => [name, values.split(",").map(decoded)]));
}

/** Writes them; a list that is empty is left out. */
export function writeParameters(parameters: Parameters): string {
	return Object.entries(parameters)
		.filter(([, values]) => values?.length)
		.map(([name, values]) => `${name}=${values?.map(encodeURIComponent).join(",")}`)
		.join("&");
}

function decoded(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		return value; // which a person has typed
	}
}
