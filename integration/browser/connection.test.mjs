// Connections and pools: the npm package as it is shipped, in Node, through the connector to a real slapd.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connectionsTo, root, startConnectorTo, startSlapd } from "./processes.mjs";

const ldapedge = /** @type {typeof import("ldapedge")} */ (await import(join(root, "dist/npm/dist/index.js")));
const { Connection, Connector, escapeFilterValue, formatFilter, LDAPEdgeError, LDAPResultError, listServers } =
	ldapedge;
const { parseFilter, Server, ServerPool } = ldapedge;

const people = 10_000;
const base = "ou=people,dc=example,dc=com";
const admin = { dn: "cn=admin,dc=example,dc=com", password: "secret" };
const down = "ldap://127.0.0.1:1"; // offered, but nobody listens

/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let second;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let program;
/** @type {InstanceType<typeof Connector>} */
let connector;

before(async () => {
	const wasmModule = await WebAssembly.compile(await readFile(join(root, "dist/npm/dist/toolkit.wasm")));
	ldapedge.initialize({ wasmModule, webSocket: /** @type {any} */ (WebSocket) });
	[slapd, second] = await Promise.all([startSlapd({ people }), startSlapd({ people: 1 })]);
	program = await startConnectorTo({ slapd: slapd.url, second: second.url, down }, { token: true });
	connector = new Connector(program.url, { token: program.token });
});
after(async () => {
	await Promise.all([program?.close(), slapd?.close(), second?.close()]);
	setImmediate(() => process.exit()); // the module has no end of its own in this thread
});

/** @param {string} url @param {string[]} args */
async function ldapsearch(url, ...args) {
	const all = ["-x", "-LLL", "-o", "ldif-wrap=no", "-H", url, ...args];
	const { stdout } = await promisify(execFile)("ldapsearch", all, { maxBuffer: 1 << 28 });
	return stdout;
}

/**
 * The entries of LDIF as lines in an order of their own.
 * @param {string} ldif
 */
function canonical(ldif) {
	const entries = ldif.split("\n\n").filter((text) => text.trim() !== "");
	return entries.map((text) => text.trim().split("\n").map(plain).sort().join("\n")).sort();
}

/** @param {string} line */
function plain(line) {
	const [, name, encoded] = /^([^:]+):: (.*)$/.exec(line) ?? [];
	return name ? `${name}: ${Buffer.from(/** @type {string} */ (encoded), "base64").toString("latin1")}` : line;
}

/** @param {import("ldapedge").Entry<any>} entry */
function lines(entry) {
	const all = [`dn: ${entry.dn}`];
	for (const { name, raw } of entry.attributes)
		for (const value of raw) all.push(`${name}: ${Buffer.from(value).toString("latin1")}`);
	return all.sort().join("\n");
}

/** How many operations of a kind slapd has done. @param {string} operation */
async function done(operation) {
	const text = await ldapsearch(
		slapd.url,
		"-b",
		`cn=${operation},cn=Operations,cn=Monitor`,
		"-s",
		"base",
		"monitorOpCompleted",
	);
	return Number(/monitorOpCompleted: (\d+)/.exec(text)?.[1]);
}

/** @param {() => Promise<boolean>} is */
async function until(is) {
	for (const start = Date.now(); !(await is()); ) {
		assert.ok(Date.now() - start < 20_000, `never: ${is}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/**
 * @param {ConstructorParameters<typeof Connection>[0]} source
 * @param {(connection: InstanceType<typeof Connection>, session: import("ldapedge").Session) => Promise<void>} use
 * @param {Partial<import("ldapedge").ConnectionOptions>} [options]
 */
async function connected(source, use, options = {}) {
	const connection = new Connection(source, { connector, ...options });
	try {
		await use(connection, await connection.open());
	} finally {
		await connection.close();
	}
}

/** @template T @param {AsyncIterable<T>} items */
async function collect(items) {
	const all = [];
	for await (const item of items) all.push(item);
	return all;
}

describe("a connection", () => {
	test("finds what ldapsearch finds, at once and in pages", async () => {
		const want = canonical(await ldapsearch(slapd.url, "-b", "dc=example,dc=com"));
		assert.equal(want.length, people + 2);
		await connected(slapd.url, async (connection, session) => {
			assert.equal(session.server, "slapd");
			assert.match(session.address, /^127\.0\.0\.1:\d+$/);
			assert.equal(session.tls, null);
			for (const pageSize of [0, 999]) {
				const search = connection.search({ base: "dc=example,dc=com", pageSize });
				const found = (await collect(search)).map(lines).sort();
				assert.deepEqual(found, want);
				assert.equal(search.found, people + 2);
			}
		});
	});

	test("gives values their types, by the server's schema", async () => {
		await connected(slapd.url, async (connection) => {
			const request = { base: `uid=person100,${base}`, attributes: ["*", "createTimestamp", "title"] };
			const [entry] = await collect(
				connection.search(request, { times: "Date", integers: "bigint", bytes: "Uint8Array" }),
			);
			assert.deepEqual(entry?.get("UIDNUMBER")?.values, [{ kind: "integer", value: 10_100n }]);
			assert.equal(entry?.get("uidNumber")?.single, true);
			assert.ok(entry?.get("createTimestamp")?.values[0]?.value instanceof Date);
			assert.ok(entry?.get("jpegPhoto")?.values[0]?.value instanceof Uint8Array);
			assert.deepEqual(entry?.get("jpegPhoto")?.raw[0], entry?.get("jpegPhoto")?.values[0]?.value);
			assert.deepEqual(entry?.get("title")?.values, []);
		});
	});

	test("asks for pages one by one, by their cookie", async () => {
		await connected(slapd.url, async (connection) => {
			const seen = new Set();
			/** @type {Uint8Array | undefined} */
			let cookie;
			do {
				const search = connection.search({ base, scope: "one", attributes: ["1.1"], page: { size: 3000, cookie } });
				const page = await collect(search);
				assert.ok(page.length <= 3000);
				for (const { dn } of page) seen.add(dn);
				cookie = search.cookie;
			} while (cookie);
			assert.equal(seen.size, people);
		});
	});

	test("writes entries as the program's search does", async () => {
		await connected(slapd.url, async (connection) => {
			const filter = "(|(uid=person1)(uid=person100))";
			for (const format of /** @type {const} */ (["json", "ldif", "csv"])) {
				const args = ["search", slapd.url, "-b", base, "--format", format, filter, "uid", "cn", "uidNumber"];
				const { stdout } = await promisify(execFile)(join(root, "dist/ldapedge"), args);
				const search = connection.searchText({ base, filter, attributes: ["uid", "cn", "uidNumber"] }, format);
				assert.equal((await collect(search)).join(""), stdout);
			}
		});
	});

	test("abandons a search that is aborted, or left, and goes on", async () => {
		await connected(slapd.url, async (connection) => {
			const before = await done("Abandon");
			const controller = new AbortController();
			let found = 0;
			await assert.rejects(
				async () => {
					for await (const _ of connection.search({ base }, { signal: controller.signal }))
						if (++found === 10) controller.abort();
				},
				{ name: "CancelledError", code: "cancelled" },
			);
			assert.equal(found, 10);
			await until(async () => (await done("Abandon")) === before + 1);
			for await (const _ of connection.search({ base })) break;
			await until(async () => (await done("Abandon")) === before + 2);
			assert.equal(await connection.whoAmI(), "");
			await assert.rejects(collect(connection.search({ base }, { signal: AbortSignal.abort() })), {
				code: "cancelled",
			});
		});
	});

	test("leaves with the server what is not taken", async () => {
		await connected(slapd.url, async (connection) => {
			const search = connection.search({ base });
			await search.next();
			await new Promise((resolve) => setTimeout(resolve, 1000));
			// A batch here and one in the module: nothing more comes without being taken.
			const waiting = search.found;
			assert.ok(waiting < 2000, `${waiting} entries came before they were taken`);
			await new Promise((resolve) => setTimeout(resolve, 300));
			assert.equal(search.found, waiting);
			assert.equal(1 + (await collect(search)).length, people + 1);
		});
	});

	test("binds, compares, and says who it is", async () => {
		await connected(
			slapd.url,
			async (connection) => {
				await connection.bind();
				assert.equal(await connection.whoAmI(), `dn:${admin.dn}`);
				assert.equal(await connection.compare(`uid=person1,${base}`, "uid", "PERSON1"), true);
				assert.equal(await connection.compare(`uid=person1,${base}`, "uidNumber", "5"), false);
				await assert.rejects(connection.rebind({ dn: admin.dn, password: "wrong" }), (error) => {
					assert.ok(error instanceof LDAPResultError && error instanceof LDAPEdgeError);
					assert.equal(error.resultCode, 49);
					assert.equal(error.resultName, "invalidCredentials");
					assert.equal(error.operation, "bind");
					assert.equal(error.where, slapd.url);
					assert.ok(!error.message.includes("wrong"));
					return true;
				});
				assert.equal(await connection.whoAmI(), "");
				await connection.rebind({ anonymous: true });
			},
			{ credentials: admin },
		);
	});

	test("has the server's results as errors, after what was found", async () => {
		await connected(slapd.url, async (connection) => {
			const limited = connection.search({ base, sizeLimit: 5 });
			await assert.rejects(collect(limited), { resultCode: 4, resultName: "sizeLimitExceeded" });
			assert.equal(limited.found, 5);
			const nowhere = connection.search({ base: `uid=nobody,${base}` });
			await assert.rejects(collect(nowhere), { resultCode: 32, matchedDN: base });
			await assert.rejects(collect(connection.search({ base, filter: "(uidd=x)" })), { code: "unknown-name" });
			await assert.rejects(collect(connection.search({ base, filter: "(uid=x" })), {
				code: "invalid-filter",
				offset: 6,
			});
		});
	});

	test("does not follow a referral to where the connector does not go", async () => {
		const child = spawn("ldapadd", ["-x", "-M", "-H", slapd.url, "-D", admin.dn, "-w", admin.password]);
		child.stdin.end(
			"dn: ou=elsewhere,dc=example,dc=com\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\n" +
				"ref: ldap://elsewhere.example.com/ou=elsewhere,dc=example,dc=com\n",
		);
		assert.deepEqual(await once(child, "exit"), [0, null]);
		await connected(slapd.url, async (connection) => {
			await assert.rejects(collect(connection.search({ base: "ou=elsewhere,dc=example,dc=com" })), (error) => {
				assert.ok(error instanceof LDAPResultError);
				assert.equal(error.code, "not-offered");
				assert.deepEqual([...error.referrals], ["ldap://elsewhere.example.com/ou=elsewhere,dc=example,dc=com??sub"]);
				return true;
			});
			const all = connection.search({ base: "dc=example,dc=com", scope: "one" });
			await collect(all);
			assert.deepEqual(
				all.references.map(({ urls }) => urls),
				[["ldap://elsewhere.example.com/ou=elsewhere,dc=example,dc=com??base"]],
			);
		});
	});

	test("reaches what the connector offers, by URL and by name, and nothing else", async () => {
		const offers = await listServers(program.url, { token: program.token });
		const offered = offers.find(({ name }) => name === "second");
		await connected(new Server(/** @type {any} */ (offered)), async (_, session) => {
			assert.equal(session.server, "second");
			assert.equal(session.url, second.url);
		});
		const refused = async (/** @type {any} */ source, /** @type {any} */ options, /** @type {any} */ want) => {
			const connection = new Connection(source, { connector, ...options });
			await assert.rejects(connection.open(), want);
			await connection.close();
		};
		await refused("ldap://ldap.example.com", {}, { code: "not-offered" });
		await refused(new Server({ name: "third", url: slapd.url }), {}, { code: "not-permitted" }).catch(() =>
			refused(new Server({ name: "third", url: slapd.url }), {}, { code: "unknown-server" }),
		);
		await refused(down, {}, { code: "server-unreachable" });
		await refused("http://x", {}, { code: "usage" });
		await refused(
			slapd.url,
			{ connector: new Connector(program.url, { token: "wrong" }) },
			{ code: "not-authenticated" },
		);
		await refused(
			new Server({ name: "slapd", url: slapd.url }),
			{ connector: program.url },
			{ code: "not-authenticated" },
		);
		await refused(slapd.url, { connector: "http://127.0.0.1:1/" }, { code: "connector-unreachable" });
		await refused(
			new Server({ name: "slapd", url: slapd.url }),
			{ connector: "http://127.0.0.1:1" },
			{ code: "connector-unreachable" },
		);
	});

	test("gives up a socket that never opens", async () => {
		/** @type {import("node:net").Socket[]} */
		const sockets = [];
		const silent = createServer((socket) => sockets.push(socket.resume())).listen(0, "127.0.0.1");
		await once(silent, "listening");
		const { port } = /** @type {import("node:net").AddressInfo} */ (silent.address());
		const at = new Server({ name: "slapd", url: slapd.url });
		const connection = new Connection(at, { connector: `http://127.0.0.1:${port}` });
		const opening = connection.open({ signal: AbortSignal.timeout(300) });
		await assert.rejects(opening, { code: "cancelled" });
		await connection.close();
		await until(async () => sockets.every(({ closed, destroyed }) => closed || destroyed) && sockets.length > 0);
		silent.close();
	});

	test("notices its loss, and is opened anew where it may be", async () => {
		await connected(
			second.url,
			async (connection) => {
				const lost = assert.rejects(connection.watch(), { code: "server-unreachable" });
				await second.kill();
				await lost;
				await second.start();
				assert.equal((await collect(connection.search({ base, scope: "one" }))).length, 1);
			},
			{ reconnect: 3, reconnectDelay: 0.1 },
		);
	});

	test("cannot be used once it is closed", async () => {
		const connection = new Connection(slapd.url, { connector });
		await assert.rejects(connection.whoAmI(), { code: "server-unreachable" });
		await connection.open();
		const search = connection.search({ base });
		await search.next();
		await connection.close();
		await connection.close();
		await assert.rejects(connection.open(), { code: "usage" });
		await assert.rejects(collect(search), LDAPEdgeError);
	});
});

describe("a pool", () => {
	/**
	 * Which servers connections are opened to, one after another.
	 * @param {InstanceType<typeof ServerPool>} pool
	 * @param {number} n
	 * @param {{keep?: boolean}} [options] keep: all at once
	 */
	async function picks(pool, n, { keep = false } = {}) {
		/** @type {Record<string, number>} */
		const counts = { slapd: 0, second: 0 };
		const open = [];
		for (let i = 0; i < n; i++) {
			const connection = new Connection(pool, { connector });
			const { server } = await connection.open();
			counts[server] = (counts[server] ?? 0) + 1;
			if (keep) open.push(connection);
			else await connection.close();
		}
		await Promise.all(open.map((connection) => connection.close()));
		return counts;
	}

	for (const { strategy, weight = 1, n = 6, keep = false, is } of /** @type {const} */ ([
		{ strategy: "FIRST", is: (/** @type {any} */ c) => c.slapd === 6 },
		{ strategy: "ROUND_ROBIN", is: (/** @type {any} */ c) => c.slapd === 3 && c.second === 3 },
		{ strategy: "RANDOM", n: 40, is: (/** @type {any} */ c) => c.slapd > 3 && c.second > 3 },
		{ strategy: "WEIGHTED", weight: 2, is: (/** @type {any} */ c) => c.slapd === 2 && c.second === 4 },
		{ strategy: "FEWEST_CONNECTIONS", keep: true, is: (/** @type {any} */ c) => c.slapd === 3 && c.second === 3 },
		{ strategy: "FASTEST", is: (/** @type {any} */ c) => c.slapd + c.second === 6 && c.slapd > 0 && c.second > 0 },
	]))
		test(`picks by ${strategy}`, async () => {
			const pool = new ServerPool([slapd.url, new Server(second.url, { weight })], { strategy });
			const counts = await picks(pool, n, { keep });
			assert.ok(is(counts), JSON.stringify(counts));
			const state = await pool.state();
			assert.equal(state.strategy, strategy);
			assert.deepEqual(
				state.members.map(({ url, state, picks }) => ({ url, state, picks })),
				[
					{ url: slapd.url, state: "up", picks: counts.slapd },
					{ url: second.url, state: "up", picks: counts.second },
				],
			);
			await pool.close();
		});

	test("answers though a member is dead, and says so", async () => {
		const pool = new ServerPool([down, slapd.url], { strategy: "FIRST", active: 1 });
		const events = pool.events();
		await connected(pool, async (connection, session) => {
			assert.equal(session.server, "slapd");
			const found = await collect(connection.search({ base, filter: "(uid=person7)" }));
			assert.equal(found[0]?.dn, `uid=person7,${base}`);
			const state = await pool.state();
			assert.equal(state.members[0]?.state, "quarantined");
			assert.equal(state.members[1]?.connections, 1);
		});
		const { value } = await events.next();
		assert.equal(value?.kind, "down");
		assert.equal(value?.server, down);
		assert.equal(value?.error?.code, "server-unreachable");
		const next = events.next();
		await pool.close();
		assert.equal((await next).done, true);
	});

	test("hears of the end of a quarantine by its checks", async () => {
		const checks = { connector, interval: 0.2, downInterval: 0.2, fall: 1, rise: 1 };
		const pool = new ServerPool([second.url], { checks });
		/** @type {string[]} */
		const kinds = [];
		const heard = (async () => {
			for await (const { kind } of pool.events()) {
				kinds.push(kind);
				if (kind === "down") await second.start();
				if (kind === "up") break;
			}
		})();
		await pool.state(); // it is at work
		await second.kill();
		await heard;
		assert.equal(kinds[0], "down");
		assert.equal(kinds.at(-1), "up");
		await pool.close();
	});

	test("has no server", async () => {
		const pool = new ServerPool([down, "ldap://ldap.example.com"], { active: 1 });
		const connection = new Connection(pool, { connector });
		await assert.rejects(connection.open(), { code: "pool-exhausted" });
		await connection.close();
		await pool.close();
		const wrong = new ServerPool(["ldap://a b"]);
		await assert.rejects(wrong.state(), { code: "usage" });
	});
});

describe("what is forgotten", () => {
	setFlagsFromString("--expose-gc");
	const collectGarbage = runInNewContext("gc");

	/** Waits until something is so, with what nobody has collected. @param {() => Promise<boolean>} is */
	const forgotten = (is) =>
		until(() => {
			collectGarbage();
			return is();
		});

	/** Collects what nobody has, and gives the module the time to let go of it. */
	async function collected() {
		for (let i = 0; i < 10; i++) {
			collectGarbage();
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	test("a connection is closed, but not while one of its searches is in use", async () => {
		const before = await connectionsTo(slapd.url);
		/** @type {AsyncIterable<unknown> | undefined} */
		let search = await (async () => {
			const connection = new Connection(slapd.url, { connector });
			await connection.open();
			return connection.search({ base });
		})();
		await collected();
		assert.equal(await connectionsTo(slapd.url), before + 1);
		assert.equal((await collect(search)).length, people + 1);
		search = undefined;
		await forgotten(async () => (await connectionsTo(slapd.url)) === before);
	});

	test("a search is abandoned", async () => {
		await connected(slapd.url, async (connection) => {
			const before = await done("Abandon");
			await (() => connection.search({ base }).next())();
			// That of a test before may come late.
			await forgotten(async () => (await done("Abandon")) > before);
			assert.equal(await connection.whoAmI(), "");
		});
	});

	test("a pool is closed, but not while a connection is in use that has its servers from it", async () => {
		const { running } = await import(join(root, "dist/npm/dist/running.js"));
		const made = await (async () => {
			const pool = new ServerPool([slapd.url, second.url]);
			await pool.state();
			const { handle } = /** @type {any} */ (pool);
			return { params: await handle.params, connection: new Connection(pool, { connector }) };
		})();
		/** @type {InstanceType<typeof Connection> | undefined} */
		let connection = made.connection;
		const { params } = made;
		const open = () =>
			running()
				.call("poolState", params)
				.then(
					() => true,
					() => false,
				);
		made.connection = /** @type {any} */ (undefined);
		await collected();
		assert.equal(await open(), true);
		await connection.open();
		connection = undefined;
		await forgotten(async () => !(await open()));
	});
});

test("filters are read, written and escaped", async () => {
	const text = "(&(objectClass=person)(|(cn=J*n\\2a)(!(uid>=5))))";
	const parsed = await parseFilter(text);
	assert.deepEqual(parsed, {
		text,
		filter: {
			kind: "and",
			parts: [
				{ kind: "equalityMatch", attribute: "objectClass", value: "person" },
				{
					kind: "or",
					parts: [
						{ kind: "substrings", attribute: "cn", initial: "J", final: "n*" },
						{ kind: "not", parts: [{ kind: "greaterOrEqual", attribute: "uid", value: "5" }] },
					],
				},
			],
		},
	});
	assert.equal((await formatFilter(parsed.filter)).text, text);
	assert.equal(await escapeFilterValue("*)(uid=*"), "\\2a\\29\\28uid=\\2a");
	assert.equal(await escapeFilterValue(Uint8Array.of(0xff)), "\\ff");
	await assert.rejects(parseFilter("(&(cn=ä)(uid))"), { code: "invalid-filter", offset: 12 });
});
