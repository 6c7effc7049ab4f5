// Typed values: the npm package as it is shipped, in Chromium, with and without a live schema.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { servePackage } from "./package-site.mjs";
import { startConnectorTo, startSlapd } from "./processes.mjs";

/** @typedef {import("ldapedge").ValueForms} ValueForms */

/** @type {Awaited<ReturnType<typeof servePackage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let page;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	site = await servePackage();
	const { origin } = site;
	slapd = await startSlapd();
	connector = await startConnectorTo({ slapd: slapd.url }, { origins: [origin] });
	browser = await launch();
	page = await browser.newPage();
	await page.goto(origin);
	await page.evaluate(
		async ([connector, url]) => {
			const path = "/npm/index.js"; // not one that the type check looks for
			/** @type {typeof import("ldapedge")} */
			const ldapedge = await import(path);
			ldapedge.initialize();
			const schema = await ldapedge.openSchema({
				connector: connector ?? "",
				server: { name: "slapd", url: url ?? "" },
			});
			Object.assign(globalThis, { ldapedge, schema });
		},
		[connector.url, slapd.url],
	);
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
	site?.close();
});

/**
 * Formats in the page and sends the result back as it is, in a notation that says what JSON does not.
 * @param {"schema" | "name"} by
 * @param {string} attribute
 * @param {(string | number[])[]} raw
 * @param {ValueForms} [forms]
 */
function format(by, attribute, raw, forms) {
	return page.evaluate(
		async ({ by, attribute, raw, forms }) => {
			const { ldapedge, schema } =
				/** @type {{ldapedge: typeof import("ldapedge"), schema: import("ldapedge").Schema}} */ (
					/** @type {unknown} */ (globalThis)
				);
			const values = raw.map((value) => (typeof value === "string" ? value : Uint8Array.from(value)));
			const formatted =
				by === "schema"
					? await schema.format(attribute, values, forms)
					: await ldapedge.formatValues(attribute, values, forms);
			const inputs = formatted.values.map((one) => one.value);
			const back =
				by === "schema"
					? await schema.validate(attribute, inputs)
					: await ldapedge.validateValues(attribute, inputs).catch((error) => error.code);
			/** @type {(value: unknown) => unknown} */
			const written = (value) => {
				if (typeof value === "bigint") return `${value}n`;
				if (value instanceof Date) return `Date ${value.toISOString()}`;
				if (value instanceof Uint8Array) return `Uint8Array ${value}`;
				if (value === null || typeof value !== "object") return value;
				return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]));
			};
			return {
				kinds: formatted.values.map((one) => one.kind),
				values: formatted.values.map((one) => written(one.value)),
				single: formatted.single,
				problems: formatted.problems,
				back: Array.isArray(back) ? back.map((bytes) => [...bytes]) : back,
			};
		},
		{ by, attribute, raw, forms },
	);
}

/** @param {string | number[]} raw */
const bytes = (raw) => (typeof raw === "string" ? [...Buffer.from(raw)] : raw);

const guid = [0x68, 0x9e, 3, 7, 0x73, 0x43, 0x4d, 0x26, 0xa0, 0xa7, 7, 3, 0x9e, 0x68, 0x43, 0x73];
const sid = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0];
/** @type {Required<ValueForms>} */
const js = { times: "Date", integers: "bigint", bytes: "Uint8Array" };

/**
 * What each value becomes in the default forms, and in JavaScript's; then both go back.
 * @type {["schema" | "name", string, string | number[], string, unknown, unknown, (string | number[])?][]}
 */
const cases = [
	["schema", "cn", "Zoë \u{1f600}", "text", "Zoë \u{1f600}", "Zoë \u{1f600}"],
	["schema", "uidNumber", "1000", "integer", 1000, "1000n"],
	["schema", "uidNumber", "9007199254740991", "integer", 9007199254740991, "9007199254740991n"],
	["schema", "uidNumber", "-9007199254740993", "integer", "-9007199254740993n", "-9007199254740993n"],
	["schema", "uidNumber", "99999999999999999999999", "integer", "99999999999999999999999n", "99999999999999999999999n"],
	["schema", "hasSubordinates", "TRUE", "boolean", true, true],
	[
		"schema",
		"createTimestamp",
		"20130521164433.123456789Z",
		"time",
		"2013-05-21T16:44:33.123456789Z",
		"Date 2013-05-21T16:44:33.123Z",
		"20130521164433.123Z",
	],
	[
		"schema",
		"createTimestamp",
		"20161231235960.5+0000",
		"time",
		"2016-12-31T23:59:60.5+00:00",
		"Date 2016-12-31T23:59:59.500Z",
		"20161231235959.500Z",
	],
	[
		"schema",
		"jpegPhoto",
		[255, 216, 0, 10],
		"bytes",
		{ encoding: "base64", encoded: "/9gACg==" },
		"Uint8Array 255,216,0,10",
	],
	[
		"name",
		"lastLogon",
		"130000000000000001",
		"time",
		"2012-12-14T23:06:40.0000001Z",
		"Date 2012-12-14T23:06:40.000Z",
		"130000000000000000",
	],
	["name", "accountExpires", "9223372036854775807", "never", { never: true }, { never: true }],
	["name", "highestCommittedUSN", "9223372036854775806", "integer", "9223372036854775806", "9223372036854775806n"],
	[
		"name",
		"maxPwdAge",
		"-36288000000000",
		"interval",
		{ interval: "P42D", ticks: "36288000000000" },
		{ interval: "P42D", ticks: "36288000000000n" },
	],
	[
		"name",
		"objectGUID",
		guid,
		"guid",
		"{07039e68-4373-264d-a0a7-07039e684373}",
		"{07039e68-4373-264d-a0a7-07039e684373}",
	],
	["name", "objectSid", sid, "sid", "S-1-5-32-544", "S-1-5-32-544"],
	[
		"name",
		"userAccountControl",
		"514",
		"flags",
		{ value: 514, names: { 0: "ACCOUNTDISABLE", 1: "NORMAL_ACCOUNT" } },
		{ value: "514n", names: { 0: "ACCOUNTDISABLE", 1: "NORMAL_ACCOUNT" } },
	],
	["name", "sAMAccountType", "805306368", "enumeration", { value: 805306368, names: { 0: "USER_OBJECT" } }, undefined],
];

describe("values", () => {
	for (const [by, attribute, raw, kind, lossless, inJavaScript, lossy] of cases)
		test(`of ${attribute}: ${kind} ${JSON.stringify(lossless)}`, async () => {
			const one = await format(by, attribute, [raw]);
			assert.deepEqual(one.problems, []);
			assert.deepEqual(one.kinds, [kind]);
			assert.deepEqual(one.values, [lossless]);
			assert.deepEqual(one.back, [bytes(raw)]);
			if (inJavaScript === undefined) return;
			const other = await format(by, attribute, [raw], js);
			assert.deepEqual(other.kinds, [kind]);
			assert.deepEqual(other.values, [inJavaScript]);
			assert.deepEqual(other.back, [bytes(lossy ?? raw)]);
		});

	test("that are wrong are problems, and stay bytes", async () => {
		const { kinds, values, problems } = await format("name", "lastLogon", ["0", "soon", [255]], js);
		assert.deepEqual(kinds, ["never", "bytes", "bytes"]);
		assert.deepEqual(values.slice(1), ["Uint8Array 115,111,111,110", "Uint8Array 255"]);
		assert.deepEqual(
			problems.map((problem) => problem.index),
			[1, 2],
		);
		assert.match(problems[0]?.message ?? "", /^lastLogon: "soon" is no value of the attribute: /);
	});

	test("are single where the schema says so", async () => {
		assert.equal((await format("schema", "uidNumber", ["1"])).single, true);
		assert.equal((await format("schema", "uidNumber", ["1", "2"])).single, false);
		assert.equal((await format("schema", "cn", ["x"])).single, false);
	});

	test("of many kinds can be validated, or are refused", async () => {
		const results = await page.evaluate(async () => {
			const { validateValues, LDAPEdgeError } = /** @type {{ldapedge: typeof import("ldapedge")}} */ (
				/** @type {unknown} */ (globalThis)
			).ldapedge;
			/** @type {[string, import("ldapedge").ValueInput[]][]} */
			const all = [
				[
					"lastLogon",
					[new Date(Date.UTC(2012, 11, 14, 23, 6, 40)), "20121214230640Z", 130000000000000000n, { never: true }],
				],
				["lastLogon", [new Date(Number.NaN)]],
				["highestCommittedUSN", [1, 9223372036854775807n, "-9223372036854775808"]],
				["highestCommittedUSN", [1, 9223372036854775808n]],
				["highestCommittedUSN", [2 ** 53]],
				["highestCommittedUSN", [1.5]],
				["isSynchronized", [false, "true", 1]],
				["maxPwdAge", [{ interval: "PT30M" }, { interval: "", ticks: 1n }, "P1D", -1]],
				["userAccountControl", [{ value: 512n }, 514, "2"]],
				["jpegPhoto", [new Uint8Array(200_000).fill(7), "text", { encoding: "base64", encoded: "Bw==" }]],
			];
			return Promise.all(
				all.map(async ([attribute, values]) => {
					try {
						const bytes = await validateValues(attribute, values);
						return bytes.map((b) => (b.length > 100 ? b.length : new TextDecoder().decode(b)));
					} catch (error) {
						if (!(error instanceof LDAPEdgeError)) throw error;
						return [error.code, error.value?.attribute, error.value?.index, error.value?.value, error.value?.reason];
					}
				}),
			);
		});
		assert.deepEqual(results, [
			["130000000000000000", "130000000000000000", "130000000000000000", "9223372036854775807"],
			["invalid-value", "lastLogon", 0, "Invalid Date", "the Date is invalid"],
			["1", "9223372036854775807", "-9223372036854775808"],
			["invalid-value", "highestCommittedUSN", 1, '"9223372036854775808"', "the number is beyond 64 bits"],
			["invalid-value", "highestCommittedUSN", 0, "9007199254740992", "a number is exact up to 2^53 - 1: use a bigint"],
			["invalid-value", "highestCommittedUSN", 0, '"1.5"', 'the number "1.5" is not an integer'],
			["invalid-value", "isSynchronized", 2, '"1"', "expected a boolean, not an integer"],
			["-18000000000", "-1", "-864000000000", "-1"],
			["512", "514", "2"],
			[200_000, "text", "\x07"],
		]);
	});

	test("end with the schema", async () => {
		const code = await page.evaluate(async () => {
			const { schema } = /** @type {{schema: import("ldapedge").Schema}} */ (/** @type {unknown} */ (globalThis));
			await schema.close();
			return schema.format("cn", ["x"]).then(
				() => "",
				(error) => error.code,
			);
		});
		assert.equal(code, "usage");
	});
});
