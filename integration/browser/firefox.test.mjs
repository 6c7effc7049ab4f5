// The main path in Debian's Firefox.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { pictures } from "./browser.mjs";
import { ldapsearch, startConnectorTo, startSlapd } from "./processes.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await puppeteer.launch({
		browser: "firefox",
		executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
		headless: true,
	});
	slapd = await startSlapd();
	connector = await startConnectorTo({ slapd: slapd.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	await slapd?.close();
});

test("Firefox lists, opens and finds", async () => {
	const page = await browser.newPage();
	page.setDefaultTimeout(20_000);
	await page.setViewport({ width: 1440, height: 900 });
	/** @type {string[]} */
	const wrong = [];
	page.on("console", (message) => {
		if (["error", "warn"].includes(message.type())) wrong.push(message.text());
	});
	page.on("pageerror", (error) => wrong.push(String(error)));
	await page.goto(connector.url);
	await page.waitForSelector('#status[data-state="live"]');
	const tab = await page.waitForSelector('[role="tab"][data-collection="objectClasses"][data-count]');
	const count = await tab?.evaluate((element) => element.getAttribute("data-count"));
	assert.equal(Number(count), (await ldapsearch(slapd.url, "objectClasses")).length);

	const row = await page.waitForSelector('#list a.row[data-name="inetOrgPerson"]');
	await row?.evaluate((element) => element.scrollIntoView());
	await row?.click();
	await page.waitForSelector('article#definition[data-name="inetOrgPerson"]');
	const must = await page.$$eval('section[data-list="must"] [data-from="person"] [data-attribute]', (all) =>
		all.map((element) => element.getAttribute("data-attribute")),
	);
	assert.deepEqual(must.toSorted(), ["cn", "sn"]);
	assert.match(page.url(), /#\/s\/slapd\/object-classes\/inetOrgPerson$/);

	await page.keyboard.press("/");
	await page.keyboard.type("1.3.6.1.1.1.2.0");
	await page.waitForSelector('#list a.row[data-name="posixAccount"]');
	await page.keyboard.press("Enter");
	await page.waitForSelector('article#definition[data-name="posixAccount"]');
	await page.screenshot({ path: `${pictures}firefox.png` });
	assert.deepEqual(wrong, []);
});
