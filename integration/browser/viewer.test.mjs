// The viewer in Chromium, as it is shipped, against real servers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, goingOn, launch, looks, openPage, pictures } from "./browser.mjs";
import { namesOfRows, rowOf } from "./listing.mjs";
import { ldapsearch, startConnectorTo, startDemo, startServer, startSlapd } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The collections that each server of these tests has many definitions of, and those that it may have. */
const many = ["objectClasses", "attributeTypes", "matchingRules", "ldapSyntaxes"];
const others = ["matchingRuleUse", "dITContentRules", "dITStructureRules", "nameForms"];

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	slapd = await startSlapd();
	connector = await startConnectorTo({ slapd: slapd.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

/** @param {Page} page */
const live = (page) => page.locator('#status[data-state="live"]').waitFor();

/**
 * The definitions that the list shows of a collection.
 * @param {Page} page
 * @param {string} collection
 */
async function listed(page, collection) {
	const tab = page.locator(`[role="tab"][data-collection="${collection}"]`);
	await tab.click();
	await page.locator(`[role="tab"][data-collection="${collection}"][aria-selected="true"]`).waitFor();
	await page.locator(`#list a.row[data-collection="${collection}"]`).first().waitFor();
	const names = await namesOfRows(page);
	return { count: Number(await tab.getAttribute("data-count")), names };
}

/**
 * The first name of a definition, or its OID.
 * @param {string} definition
 */
function nameOf(definition) {
	const [, name] = /\sNAME\s+(?:\(\s*)?'([^']*)'/.exec(definition) ?? [];
	return name ?? /^\(\s*(\S+)/.exec(definition)?.[1] ?? "";
}

/**
 * The page's lists are, definition by definition, what ldapsearch finds.
 * @param {Page} page
 * @param {string} url
 */
async function showsWhatLdapsearchFinds(page, url) {
	for (const collection of [...many, ...others]) {
		const definitions = await ldapsearch(url, collection);
		if (definitions.length === 0) {
			assert.ok(others.includes(collection), `ldapsearch finds ${collection}`);
			assert.equal(await page.locator(`[role="tab"][data-collection="${collection}"]`).count(), 0, collection);
			continue;
		}
		const { count, names } = await listed(page, collection);
		console.log(`${collection}: page ${count}, ldapsearch ${definitions.length}`);
		assert.equal(count, definitions.length, collection);
		assert.deepEqual(names.toSorted(), definitions.map(nameOf).toSorted(), collection);
	}
}

/** @param {Page} page */
async function showsInetOrgPerson(page) {
	await page.locator('[role="tab"][data-collection="objectClasses"]').click();
	await (await rowOf(page, "inetOrgPerson")).click();
	const definition = page.locator('article#definition[data-name="inetOrgPerson"]');
	await definition.waitFor();
	const from = await definition
		.locator('section[data-list="must"] [data-from="person"] [data-attribute]')
		.evaluateAll((all) => all.map((e) => e.getAttribute("data-attribute")));
	assert.deepEqual(from.toSorted(), ["cn", "sn"]);
	const superclasses = await definition.locator("[data-superclasses] a").allTextContents();
	assert.deepEqual(superclasses, ["organizationalPerson", "person", "top"]);
	const own = await definition.locator('section[data-list="may"] [data-from=""] [data-attribute="jpegPhoto"]').count();
	assert.equal(own, 1, "jpegPhoto is the class's own");
	assert.match(await page.title(), /inetOrgPerson/);
}

describe("a live schema", () => {
	test("of slapd", async () => {
		const { page, context, wrong } = await openPage(browser, connector.url);
		await live(page);
		await showsWhatLdapsearchFinds(page, slapd.url);
		await showsInetOrgPerson(page);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("of the demo directory", async () => {
		const demo = await startDemo();
		try {
			const { servers } = await (await fetch(`${demo.url}v1/servers`)).json();
			const { page, context, wrong } = await openPage(browser, demo.url);
			await live(page);
			await showsWhatLdapsearchFinds(page, servers[0].url);
			await showsInetOrgPerson(page);
			assert.deepEqual(wrong, []);
			await page.screenshot({ path: `${pictures}viewer.png` });
			await context.close();
		} finally {
			await demo.close();
		}
	});

	test("its attribute types say what they inherit", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/slapd/attribute-types/cn`);
		const definition = page.locator('article#definition[data-name="cn"]');
		for (const expected of ["2.5.4.3", "commonName", "Directory String", "caseIgnoreMatch", "from name", "32768"])
			await definition.getByText(expected).first().waitFor();
		await context.close();
	});

	test("is searched as one types", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/slapd/object-classes`);
		await live(page);
		await page.keyboard.press("/");
		await page.keyboard.type("person");
		await page.locator('#list a.row[data-name="organizationalPerson"]').waitFor();
		const names = await page.locator("#list a.row").evaluateAll((rows) => rows.map((row) => row.dataset.name));
		assert.equal(names[0], "person");
		assert.ok(names.includes("inetOrgPerson") && names.includes("personalTitle"), names.join());
		await page.keyboard.press("Enter");
		await page.locator('article#definition[data-name="person"]').waitFor();
		await page.locator("#search").fill("1.3.6.1.1.1.2.0");
		await page.locator('#list a.row[data-name="posixAccount"]').waitFor();
		await page.locator("#search").fill("posix*");
		await page.locator('#list a.row[data-name="posixGroup"]').waitFor();
		await page.locator("#search").fill("no such thing");
		await page.locator("#list a.row").first().waitFor({ state: "detached" });
		await context.close();
	});

	test("is gone through with [ and ], on every keyboard", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/slapd/object-classes/person`);
		await page.locator('article#definition[data-name="person"]').waitFor();
		const names = await namesOfRows(page);
		const at = names.indexOf("person");
		await page.keyboard.press("]");
		await page.locator(`article#definition[data-name="${names[at + 1]}"]`).waitFor();
		// Where "[" is typed with AltGr, Windows says Ctrl and Alt too.
		await page.evaluate(() => {
			const how = { key: "[", ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true };
			document.body.dispatchEvent(new KeyboardEvent("keydown", how));
		});
		await page.locator('article#definition[data-name="person"]').waitFor();
		await context.close();
	});

	test("has an address for each definition", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/slapd/object-classes/posixAccount`);
		await page.locator('article#definition[data-name="posixAccount"]').waitFor();
		await page.locator('section[data-list="must"] a[data-attribute="uid"]').click();
		await page.locator('article#definition[data-name="uid"]').waitFor();
		assert.equal(new URL(page.url()).hash, "#/s/slapd/attribute-types/uid");
		await page.goBack();
		await page.locator('article#definition[data-name="posixAccount"]').waitFor();
		await page.reload();
		await page.locator('article#definition[data-name="posixAccount"]').waitFor();
		await context.close();
	});
});

describe("definitions that share a name or an OID", () => {
	/** @type {Awaited<ReturnType<typeof startServer>>[]} */
	let servers;
	/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
	let own;

	before(async () => {
		servers = await Promise.all([startServer("DS389_1_3_3"), startServer("EDIR_8_8_8")]);
		own = await startConnectorTo({ ds389: servers[0]?.url ?? "", edir: servers[1]?.url ?? "" });
	});

	after(async () => {
		await own?.close();
		for (const server of servers ?? []) await server.close();
	});

	const name = "caseIgnoreOrderingMatch-sk";
	const oids = ["2.16.840.1.113730.3.3.2.42.1", "2.16.840.1.113730.3.3.2.211.1"];

	test("are each opened from the list, and have each an address", async () => {
		const { page, context, wrong } = await goOn(`${own.url}#/s/ds389/matching-rules`);
		const definition = page.locator(`article#definition[data-name="${name}"]`);
		const rows = page.locator(`#list a.row[data-name="${name}"]`);
		await rowOf(page, name);
		assert.equal(await rows.count(), 2);
		assert.equal(await page.locator('[role="tab"][aria-selected="true"]').getAttribute("data-count"), "525");
		/** @param {number} i @param {string} hash */
		async function shows(i, hash) {
			await definition
				.locator("header")
				.getByText(oids[i] ?? "", { exact: true })
				.waitFor();
			assert.equal(new URL(page.url()).hash, hash);
			assert.equal(await rows.and(page.locator("[aria-current]")).count(), 1);
			assert.equal(await rows.nth(i).getAttribute("aria-current"), "page");
		}
		const first = `#/s/ds389/matching-rules/${name}`;
		const second = `${first}?n=2`;
		await rows.nth(1).click();
		await shows(1, second);
		await definition.locator(".duplicates").getByText(`definition 2 of 2 under “${name}”`).waitFor();
		await accessible(page, "a duplicate");
		await page.screenshot({ path: `${pictures}duplicate.png` });
		await page.reload();
		await shows(1, second);
		await definition.locator(".duplicates a").click();
		await shows(0, first);
		await definition.locator(".duplicates a").click();
		await shows(1, second);
		await page.goBack();
		await shows(0, first);
		await page.locator("#search").fill(oids[1] ?? "");
		await rows.and(page.locator('[data-ordinal="2"]')).waitFor();
		await page.keyboard.press("Enter");
		await definition
			.locator("header")
			.getByText(oids[1] ?? "", { exact: true })
			.waitFor();
		assert.equal(new URL(page.url()).hash, second);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("of another name are found by their own", async () => {
		const { page, context } = await goOn(`${own.url}#/s/edir/attribute-types/ldapPhoto`);
		const definition = page.locator('article#definition[data-name="ldapPhoto"]');
		await definition.locator(".duplicates").getByText("definition 2 of 2 under “0.9.2342.19200300.100.1.7”").waitFor();
		await definition.locator(".duplicates a").getByText("photo", { exact: true }).click();
		await page.locator('article#definition[data-name="photo"]').waitFor();
		await page.locator(".duplicates a").click();
		await definition.waitFor();
		assert.equal(new URL(page.url()).hash, "#/s/edir/attribute-types/0.9.2342.19200300.100.1.7?n=2");
		assert.equal(await page.locator('#list a[aria-current="page"]').getAttribute("data-name"), "ldapPhoto");
		await context.close();
	});

	test("one more than there are is missing", async () => {
		const { page, context } = await goOn(`${own.url}#/s/ds389/matching-rules/${name}?n=3`);
		await page.locator('#error[data-code="unknown-definition"]').getByText("no. 3").first().waitFor();
		await page.locator("#source").selectOption("edir");
		await page.locator('#error[data-code="unknown-definition"]').getByText(name).first().waitFor();
		assert.equal(new URL(page.url()).hash, `#/s/edir/matching-rules/${name}`);
		await context.close();
	});
});

describe("what can go wrong", () => {
	test("slapd is killed while the page is open, and started again", async () => {
		const { page, context } = await openPage(browser, connector.url);
		await live(page);
		await slapd.kill();
		const begin = performance.now();
		await (await rowOf(page, "person")).click();
		await page.locator('#banner[data-code="server-unreachable"]').waitFor({ timeout: 2000 });
		console.log(`said so ${Math.round(performance.now() - begin)} ms after the next action`);
		await page.locator('article#definition[data-name="person"]').waitFor();
		await page.locator("#banner").getByText("slapd").first().waitFor();
		await page.screenshot({ path: `${pictures}server-lost.png` });
		await accessible(page, "the page after the loss of the server");
		await page.locator("#reload").click();
		await page.locator('#banner[data-code="server-unreachable"]').waitFor();
		await slapd.start();
		await page.locator("#reload").click();
		await live(page);
		await page.locator("#banner").waitFor({ state: "detached" });
		await showsInetOrgPerson(page);
		await context.close();
	});

	test("slapd is down when the page is opened", async () => {
		await slapd.kill();
		const { page, context } = await openPage(browser, connector.url);
		const panel = page.locator('#error[data-code="server-unreachable"]');
		await panel.waitFor();
		await panel.getByText("slapd").first().waitFor();
		await page.locator("#error details summary").click();
		await panel.getByText("connection refused").waitFor();
		await accessible(page, "the error panel");
		await page.screenshot({ path: `${pictures}server-down.png` });
		await slapd.start();
		await panel.getByRole("button").first().click();
		await live(page);
		await context.close();
	});

	test("the connector goes away", async () => {
		const own = await startDemo();
		const { page, context } = await openPage(browser, own.url);
		await live(page);
		await own.close();
		await (await rowOf(page, "person")).click();
		await page.locator('#banner[data-code="connector-unreachable"]').waitFor({ timeout: 2000 });
		const again = await startDemo(new URL(own.url).host);
		try {
			await page.locator("#reload").click();
			await live(page);
		} finally {
			await context.close();
			await again.close();
		}
	});

	test("a source that the connector does not offer", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/dc9/object-classes/person`);
		const panel = page.locator('#error[data-code="unknown-server"]');
		await panel.waitFor();
		await panel.getByText("dc9").first().waitFor();
		await panel.getByRole("link", { name: "slapd" }).click();
		await live(page);
		await context.close();
	});

	test("a definition that the schema does not have", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/slapd/object-classes/nobody`);
		await page.getByText("nobody").first().waitFor();
		await live(page);
		await showsInetOrgPerson(page);
		await context.close();
	});

	test("a connector that asks for a token", async () => {
		const guarded = await startConnectorTo({ slapd: slapd.url }, { token: true });
		try {
			const { page, context } = await openPage(browser, guarded.url);
			const dialog = page.locator("dialog#token");
			await dialog.waitFor();
			await accessible(page, "the token dialog");
			await page.screenshot({ path: `${pictures}token.png` });
			await dialog.locator('input[name="token"]').fill("wrong");
			await dialog.locator('[type="submit"]').click();
			await dialog.waitFor();
			await dialog.locator('input[name="token"]').fill(guarded.token);
			await dialog.locator('[type="submit"]').click();
			await live(page);
			assert.ok(!page.url().includes(guarded.token));
			await page.reload();
			await live(page);
			await context.close();
		} finally {
			await guarded.close();
		}
	});
});

describe("the page", () => {
	for (const [colorScheme, width, height] of [...looks, /** @type {const} */ (["light", 1024, 768])]) {
		const name = `${colorScheme}-${width}`;
		test(`is accessible: ${name}`, async () => {
			const viewport = { width: width ?? 0, height: height ?? 0 };
			const { page, context, wrong } = await openPage(browser, connector.url, { colorScheme, viewport });
			await live(page);
			await page.locator("#list a.row").first().waitFor();
			await accessible(page, "the list");
			await page.screenshot({ path: `${pictures}list-${name}.png` });
			await page.goto(`${connector.url}#/s/slapd/object-classes/inetOrgPerson`);
			await page.locator('article#definition[data-name="inetOrgPerson"]').waitFor();
			await accessible(page, "a class");
			await page.screenshot({ path: `${pictures}class-${name}.png` });
			await page.goto(`${connector.url}#/s/slapd/attribute-types/sn`);
			await page.locator('article#definition[data-name="sn"]').waitFor();
			await accessible(page, "an attribute type");
			await page.screenshot({ path: `${pictures}attribute-${name}.png` });
			const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(overflow <= 0, `${overflow} pixels too wide`);
			assert.deepEqual(wrong, []);
			await context.close();
		});
	}
});
