// How fast the page is with the schema of Active Directory. The numbers are printed, and compared with those of the
// run before; what other machines make of them is not for a test to say.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, launchWithProfile, openPage } from "./browser.mjs";
import { startConnectorTo, startServer } from "./processes.mjs";
import { firstSearch, interactive, noteLongTasks, quantile, report, timeUntil, transferred } from "./speed.mjs";

const definitions = 1736;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let dir;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	dir = await mkdtemp(join(tmpdir(), "ldapedge-speed-"));
	server = await startServer("AD_2012_R2");
	connector = await startConnectorTo({ ad: server.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await server?.close();
	await rm(dir, { recursive: true, force: true });
});

/** How long a browser that has been started goes on with what is its own, in milliseconds. */
const settling = 3000;

/** A browser with a profile of its own, so with empty caches. */
async function newProfile() {
	const context = await launchWithProfile(await mkdtemp(join(dir, "profile-")));
	context.setDefaultTimeout(60_000);
	await noteLongTasks(context);
	const page = await context.newPage();
	await page.waitForTimeout(settling);
	return { page, context };
}

/**
 * Loads the page, and returns when it could be used.
 * @param {import("playwright-core").Page} page
 */
async function load(page) {
	await page.goto(connector.url);
	return interactive(page);
}

/** The page in a browser without windows, which take part in nothing of what is measured, once the page is at rest. */
async function openAtRest() {
	const { page, context } = await openPage(browser, connector.url);
	await page.locator("#list a.row").first().waitFor();
	await page.waitForTimeout(settling);
	return { page, context };
}

describe("with the 1,736 definitions of Active Directory, the page", () => {
	test("loads", async () => {
		const { page, context } = await newProfile();
		const cold = await load(page);
		const transfer = await transferred(page);
		assert.ok(transfer > 100, `${transfer} kB cannot be all`);
		const counts = await page
			.locator("[role=tab][data-collection=objectClasses], [role=tab][data-collection=attributeTypes]")
			.evaluateAll((tabs) => tabs.map((tab) => Number(tab.getAttribute("data-count"))));
		assert.equal(
			counts.reduce((a, b) => a + b, 0),
			definitions,
		);
		// Chromium keeps compiled code of what has been loaded twice, once the page is at rest.
		let warm = cold;
		for (let i = 0; i < 2; i++) {
			await page.waitForTimeout(settling);
			await page.goto("about:blank");
			warm = await load(page);
		}
		await page.waitForTimeout(settling);
		await page.goto("about:blank");
		await page.goto(connector.url);
		const searched = await firstSearch(page, "u");
		await context.close();
		const fresh = await newProfile();
		await fresh.page.goto(connector.url);
		const searchedCold = await firstSearch(fresh.page, "u");
		await fresh.context.close();
		await report([
			{ name: "to interactive, cold cache", value: cold.at, unit: "ms", limit: 1000 },
			{ name: "to interactive, warm cache", value: warm.at, unit: "ms", limit: 400 },
			{ name: "first search answered after, cold cache", value: searchedCold, unit: "ms" },
			{ name: "first search answered after, warm cache", value: searched, unit: "ms" },
			{ name: "longest task while loading", value: Math.max(cold.longest, warm.longest), unit: "ms", limit: 50 },
			{ name: "transfer of the first view", value: transfer, unit: "kB", limit: 1200 },
		]);
	});

	test("finds as one types", async () => {
		const { page, context } = await openAtRest();
		await page.locator("#search").focus();
		const times = [];
		for (const word of ["userAccountControl", "ms-DS*", "1.2.840.113556", "phone number", "zzzz"]) {
			let typed = "";
			for (const key of word) {
				typed += key;
				const results = `nav.list [data-query=${JSON.stringify(typed)}]`;
				times.push(await timeUntil(page, "keydown", results, () => page.keyboard.press(key)));
			}
			await page.locator("#search").fill("");
			await page.locator("#list[data-of]").waitFor();
		}
		await report([
			{ name: "key to results, median", value: quantile(times, 0.5), unit: "ms", limit: 16 },
			{ name: "key to results, 99 % of them", value: quantile(times, 0.99), unit: "ms", limit: 50 },
		]);
		await context.close();
	});

	test("opens a definition", async () => {
		const { page, context } = await openAtRest();
		const opened = [];
		const drawn = [];
		for (const word of ["user", "top", "computer", "group", "cn", "member", "objectSid", "domain"]) {
			await page.locator("#search").fill(word);
			await page.locator(`#list[data-query="${word}"]`).waitFor();
			await page.locator(`#list a.row[data-name="${word}"]`).first().waitFor();
			const article = `article#definition[data-name="${word}"]`;
			opened.push(await timeUntil(page, "keydown", article, () => page.keyboard.press("Enter")));
			const since = performance.now();
			if (await page.locator(`${article} section.diagram`).count()) {
				await page.locator(`${article} svg.picture`).waitFor();
				drawn.push(performance.now() - since);
			}
		}
		await report([
			{ name: "opening a definition, median", value: quantile(opened, 0.5), unit: "ms" },
			{ name: "opening a definition, longest", value: Math.max(...opened), unit: "ms", limit: 50 },
			{ name: "its diagram after that, median", value: quantile(drawn, 0.5), unit: "ms" },
		]);
		await context.close();
	});
});
