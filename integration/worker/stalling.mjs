// A TCP connection to a server that can be made to stall: what a server that has fallen silent is like.
import { connect, createServer } from "node:net";

/**
 * Listens, and passes on what comes to the server of the URL and back.
 * @param {string} url ldap://host:port, or http
 */
export async function startStalling(url) {
	const [scheme = ""] = url.split("://");
	const { hostname, port } = new URL(url.replace(scheme, "http"));
	/** @type {Set<import("node:net").Socket>} */
	const open = new Set();
	let stalled = false;
	let passed = 0;
	const server = createServer((client) => {
		const upstream = connect(Number(port), hostname);
		open.add(client);
		client.on("data", (bytes) => upstream.write(bytes));
		upstream.on("data", (bytes) => {
			passed += bytes.length;
			if (!client.write(bytes)) upstream.pause();
		});
		client.on("drain", () => stalled || upstream.resume());
		if (stalled) upstream.pause();
		client.on("resume-upstream", () => upstream.resume());
		client.on("pause-upstream", () => upstream.pause());
		for (const [one, other] of [
			[client, upstream],
			[upstream, client],
		]) {
			one?.on("error", () => other?.destroy());
			one?.on("close", () => {
				open.delete(client);
				other?.destroy();
			});
		}
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
	const { port: own } = /** @type {import("node:net").AddressInfo} */ (server.address());
	return {
		url: `${scheme}://127.0.0.1:${own}`,
		/** How many connections there are. */
		connections: () => open.size,
		/** How many bytes of the server's have been passed on. */
		passed: () => passed,
		/** Nothing comes from the server any more. */
		stall() {
			stalled = true;
			for (const client of open) client.emit("pause-upstream");
		},
		/** All that was held back, and what follows. */
		go() {
			stalled = false;
			for (const client of open) client.emit("resume-upstream");
		},
		close() {
			for (const client of open) client.destroy();
			return new Promise((resolve) => server.close(resolve));
		},
	};
}
