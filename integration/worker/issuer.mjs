// An issuer of tokens, and the server of its keys.
import { createServer } from "node:http";

/** @param {Uint8Array | string} bytes */
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/**
 * A new key, and the tokens that it signs with ES256.
 * @param {string} kid
 */
export async function newKey(kid) {
	const algorithm = { name: "ECDSA", namedCurve: "P-256" };
	const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
	const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
	return {
		jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid },
		/** @param {object} claims */
		async token(claims) {
			const signed = `${base64url(JSON.stringify({ alg: "ES256", kid }))}.${base64url(JSON.stringify(claims))}`;
			const how = { name: "ECDSA", hash: "SHA-256" };
			const signature = await crypto.subtle.sign(how, pair.privateKey, Buffer.from(signed));
			return `${signed}.${base64url(new Uint8Array(signature))}`;
		},
	};
}

/** A real server of keys, which counts what it is asked. */
export async function startKeyServer() {
	const state = { keys: /** @type {object[]} */ ([]), status: 200, asked: /** @type {string[]} */ ([]) };
	const server = createServer((request, response) => {
		state.asked.push(`${request.headers.host}${request.url}`);
		response.writeHead(state.status, { "Content-Type": "application/json" });
		response.end(JSON.stringify({ keys: state.keys }));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
	return {
		state,
		address: `127.0.0.1:${port}`,
		url: `http://127.0.0.1:${port}/keys`,
		close: () => new Promise((resolve) => server.close(resolve)),
	};
}
