// A directory that a Worker reaches: slapd, in the middle what can stall, the connector, and what a Worker is to know.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startConnectorTo, startSlapd } from "../browser/processes.mjs";
import { startStalling } from "./stalling.mjs";

export const people = 200;

/**
 * Starts it.
 * @param {Record<string, string>} [others] further servers of the connector's, by name
 * @param {number} [size] how many people it has
 */
export async function startDirectory(others = {}, size = people) {
	const slapd = await startSlapd({ people: size });
	const between = await startStalling(slapd.url);
	const connector = await startConnectorTo({ dc1: between.url, ...others }, { token: true });
	return {
		slapd,
		between,
		connector,
		secrets: { CONNECTOR: connector.token },
		async close() {
			await connector.close();
			await between.close();
			await slapd.close();
		},
	};
}

/**
 * The configuration of a Worker for it.
 * @param {{url: string}} connector
 * @param {object} [more] further members, or others in place of these
 */
export const configuration = (connector, more = {}) => ({
	connectors: [{ name: "lan", url: connector.url, token: "CONNECTOR" }],
	servers: [{ name: "dc1", connector: "lan" }],
	schemas: [{ name: "openldap", offline: "SLAPD_2_5" }],
	lookups: [
		{
			name: "person",
			pool: "dc1",
			base: "ou=people,dc=example,dc=com",
			filter: "(uid={uid})",
			attributes: ["uid", "cn", "mail"],
		},
	],
	grants: [
		{
			anonymous: true,
			schemas: ["*"],
			lookups: ["*"],
			servers: true,
			requestsPerMinute: 1_000_000,
			search: [
				{
					pool: "dc1",
					bases: ["ou=people,dc=example,dc=com"],
					attributes: ["uid", "cn", "mail", "description"],
					sizeLimit: 1000,
				},
			],
		},
	],
	...more,
});

/**
 * Waits until something is so, which it must be soon.
 * @param {() => boolean | Promise<boolean>} is
 * @param {string} what
 */
export async function until(is, what) {
	for (const end = Date.now() + 20_000; Date.now() < end; await sleep(20)) if (await is()) return;
	throw new Error(`not within 20 s: ${what}`);
}

/**
 * Asks as a client that can go away at once. One that merely closes its side could still be reading.
 * @param {string} url
 * @param {string} path
 * @param {Record<string, string>} [headers]
 */
export function startLeaving(url, path, headers = {}) {
	const { hostname, port, host } = new URL(url);
	const fields = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
	const socket = connect(Number(port), hostname);
	socket.on("error", () => {});
	socket.write(`GET ${path} HTTP/1.1\r\n${fields.join("")}\r\n`);
	return {
		/** The first bytes of the answer. */
		begun: () => new Promise((resolve) => socket.once("data", (bytes) => resolve(bytes.toString()))),
		leave: () => socket.resetAndDestroy(),
	};
}
