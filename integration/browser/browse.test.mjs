// The left pane of the viewer: lists, trees, filters and search, with Active Directory's schema and others.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, goingOn, launch, looks, openPage, openSources, pictures } from "./browser.mjs";
import { namesOfRows, rowOf } from "./listing.mjs";
import { ldapsearch, startConnectorTo, startServer } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

const adEntry = "CN=Aggregate,CN=Schema,CN=Configuration,DC=AD2012,DC=LAB";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startServer>>[]} */
let servers;
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	servers = await Promise.all([startServer("AD_2012_R2"), startServer("DS389_1_3_3")]);
	connector = await startConnectorTo({ ad: servers[0]?.url ?? "", ds389: servers[1]?.url ?? "" });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	for (const server of servers ?? []) await server.close();
});

const goOn = goingOn(() => browser);

/**
 * Opens a place of a source, and waits for its list.
 * @param {string} place
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open(place, options) {
	const url = `${connector.url}#/s/${place}`;
	const opened = await (options ? openPage(browser, url, options) : goOn(url));
	await opened.page.locator('#status[data-state="live"]').waitFor({ timeout: 30_000 });
	return opened;
}

/** @param {Page} page */
const hash = (page) => new URL(page.url()).hash;

/** @param {Page} page @param {string} name */
const definition = (page, name) => page.locator(`article#definition[data-name="${name}"]`).waitFor();

/** @param {Page} page */
const focused = (page) =>
	page.evaluate(() => {
		const row = /** @type {HTMLElement | null} */ (document.activeElement);
		return row?.dataset.name ?? row?.id ?? "";
	});

/** @param {Page} page @param {string} query */
async function search(page, query) {
	await page.locator("#search").fill(query);
	await page.locator(`[data-query=${JSON.stringify(query)}]`).waitFor();
}

/**
 * A filter with its count.
 * @param {Page} page
 * @param {string} facet
 * @param {string} value
 */
const chip = (page, facet, value) => page.locator(`.chip[data-facet="${facet}"][data-value="${value}"]`);

/** The row that shows the definition that is open is in sight. @param {Page} page */
const currentInSight = (page) =>
	page.waitForFunction(() => {
		const row = document.querySelector("#list [aria-current]")?.getBoundingClientRect();
		const panel = document.querySelector("#panel")?.getBoundingClientRect();
		return row && panel && row.top >= panel.top && row.bottom <= panel.bottom;
	});

describe("a long list", () => {
	test("has all attribute types of Active Directory, and few rows in the document", async () => {
		const { page, context, wrong } = await open("ad/attribute-types");
		const definitions = await ldapsearch(servers[0]?.url ?? "", "attributeTypes", adEntry);
		assert.equal(definitions.length, 1472);
		const names = await namesOfRows(page);
		assert.deepEqual(names.toSorted(), definitions.map((d) => / NAME '([^']*)'/.exec(d)?.[1] ?? "").toSorted());
		assert.ok((await page.locator("#list > li").count()) < 150);
		const first = page.locator("#list > li").first();
		assert.equal(await first.getAttribute("aria-setsize"), "1472");
		assert.equal(await first.getAttribute("aria-posinset"), "1");
		await accessible(page, "a long list");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("is at the definition that an address names", async () => {
		const { page, context } = await open("ad/attribute-types/userAccountControl");
		await definition(page, "userAccountControl");
		await currentInSight(page);
		assert.equal(await page.locator("#list [aria-current]").getAttribute("data-name"), "userAccountControl");
		await context.close();
	});

	test("keeps the focus, and is gone through by keyboard to its ends", async () => {
		const { page, context } = await open("ad/attribute-types");
		const names = await namesOfRows(page);
		await page.keyboard.press("ArrowDown");
		assert.equal(await focused(page), names[0]);
		await page.keyboard.press("End");
		assert.equal(await focused(page), names.at(-1));
		await page.keyboard.press("ArrowUp");
		assert.equal(await focused(page), names.at(-2));
		await page.locator("#panel").evaluate((panel) => panel.scrollTo(0, 0));
		await page.locator(`#list a.row[data-name="${names[0]}"]`).waitFor();
		assert.equal(await focused(page), names.at(-2), "the row out of sight has lost the focus");
		await page.keyboard.press("Enter");
		await definition(page, names.at(-2) ?? "");
		await page.keyboard.press("]");
		await definition(page, names.at(-1) ?? "");
		await page.keyboard.press("Backspace");
		await definition(page, names.at(-2) ?? "");
		await page.keyboard.press("Home");
		await page.keyboard.press("ArrowUp");
		assert.equal(await focused(page), "search");
		await context.close();
	});
});

describe("the eight kinds", () => {
	test("have tabs as far as the schema has definitions of them", async () => {
		const { page, context } = await open("ad/object-classes");
		const tabs = page.locator("[role=tab]");
		const kinds = await tabs.evaluateAll((all) => all.map((tab) => tab.dataset.collection));
		assert.deepEqual(kinds, ["objectClasses", "attributeTypes", "dITContentRules"]);
		await page.locator('[role=tab][data-collection="dITContentRules"]').click();
		await page.locator('#list[data-of="dITContentRules"]').waitFor();
		const rules = await ldapsearch(servers[0]?.url ?? "", "dITContentRules", adEntry);
		const names = await namesOfRows(page);
		assert.equal(names.length, rules.length);
		await (await rowOf(page, "user")).click();
		await definition(page, "user");
		assert.equal(hash(page), "#/s/ad/content-rules/user");
		await page.goto(`${connector.url}#/s/ad/name-forms`);
		await page.getByText("The schema has no name forms.").waitFor();
		assert.equal(await page.locator('[role=tab][aria-selected="true"]').getAttribute("data-collection"), "nameForms");
		await context.close();
	});
});

describe("the inheritance tree", () => {
	test("is opened and closed by keyboard", async () => {
		const { page, context, wrong } = await open("ad/object-classes");
		await page.locator('[data-shape="tree"]').click();
		await page.locator('#list[role="tree"]').waitFor();
		assert.equal(hash(page), "#/s/ad/object-classes?view=tree");
		await page.locator('#list [tabindex="0"]').focus();
		assert.equal(await focused(page), "top");
		const person = await rowOf(page, "person");
		assert.equal(await person.getAttribute("aria-level"), "2");
		assert.equal(await person.getAttribute("aria-expanded"), "false");
		await person.focus();
		await page.keyboard.press("ArrowRight");
		await page.locator('#list a.row[data-name="person"][aria-expanded="true"]').waitFor();
		await page.keyboard.press("ArrowRight");
		assert.equal(await focused(page), "organizationalPerson");
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("ArrowRight");
		const level = page.locator("#list a.row:focus");
		assert.equal(await level.getAttribute("aria-level"), "4");
		assert.equal(await level.getAttribute("aria-posinset"), "1");
		await page.keyboard.press("ArrowLeft");
		assert.equal(await focused(page), "organizationalPerson");
		await accessible(page, "the tree");
		await page.screenshot({ path: `${pictures}tree.png` });
		await page.keyboard.press("ArrowLeft");
		await page.keyboard.press("ArrowLeft");
		assert.equal(await focused(page), "person");
		await page.keyboard.press("Enter");
		await definition(page, "person");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("of attribute types has those below what their SUP names", async () => {
		const { page, context, wrong } = await open("ds389/attribute-types?view=tree");
		const definitions = await ldapsearch(servers[1]?.url ?? "", "attributeTypes", "cn=schema");
		const below = definitions
			.filter((text) => / SUP name\b/.test(text))
			.map((text) => /NAME\s+(?:\(\s*)?'([^']*)'/.exec(text)?.[1] ?? "");
		assert.ok(below.includes("cn") && below.includes("sn"), below.join());
		const name = await rowOf(page, "name");
		assert.equal(await name.getAttribute("aria-level"), "1");
		assert.equal(await name.getAttribute("aria-expanded"), "true");
		const names = await namesOfRows(page);
		const at = names.indexOf("name") + 1;
		assert.deepEqual(names.slice(at, at + below.length).toSorted(), below.toSorted());
		const cn = await rowOf(page, "cn");
		assert.equal(await cn.getAttribute("aria-level"), "2");
		assert.equal(await cn.getAttribute("aria-setsize"), String(below.length));
		await cn.focus();
		await page.keyboard.press("ArrowLeft");
		assert.equal(await focused(page), "name");
		await page.keyboard.press("ArrowLeft");
		await page.locator('#list a.row[data-name="name"][aria-expanded="false"]').waitFor();
		assert.equal((await namesOfRows(page)).length, names.length - below.length);
		// An address leads to what is folded.
		await page.goto(`${connector.url}#/s/ds389/attribute-types/sn`);
		await definition(page, "sn");
		await page.locator('#list a.row[aria-level="2"][aria-current="page"][data-name="sn"]').waitFor();
		await currentInSight(page);
		await accessible(page, "the tree of attribute types");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("is remembered, and opens as far as the definition that an address names", async () => {
		const { page, context } = await open("ad/object-classes?view=tree");
		await page.locator('#list[role="tree"]').waitFor();
		await page.locator('[data-shape="list"]').click();
		await page.locator('[data-shape="tree"]').click();
		await page.goto(`${connector.url}#/s/ad/object-classes/computer`);
		await page.reload();
		await definition(page, "computer");
		const row = page.locator('#list a.row[role="treeitem"][data-name="computer"]');
		await row.waitFor();
		assert.equal(await row.getAttribute("aria-level"), "5");
		await currentInSight(page);
		await context.close();
	});

	test("shows what passes the filters below what it inherits from", async () => {
		const { page, context } = await open("ad/object-classes?view=tree&kind=ABSTRACT");
		const passing = await page
			.locator("#list a.row:not(.context)")
			.evaluateAll((all) => all.map((a) => a.dataset.kind));
		assert.deepEqual(new Set(passing), new Set(["ABSTRACT"]));
		await page.locator(".foot").getByText("10 of 264").waitFor();
		await context.close();
	});
});

describe("filters", () => {
	test("combine, count, and are in the address", async () => {
		const { page, context, wrong } = await open("ds389/attribute-types");
		const all = (await namesOfRows(page)).length;
		const operational = Number(await chip(page, "usage", "operational").getAttribute("data-count"));
		await chip(page, "usage", "operational").click();
		await page.locator(".foot").getByText(`${operational} of `).waitFor();
		assert.equal((await namesOfRows(page)).length, operational);
		const both = Number(await chip(page, "unused", "yes").getAttribute("data-count"));
		assert.ok(both > 0 && both < operational && operational < all, `${both} of ${operational} of ${all}`);
		await chip(page, "unused", "yes").click();
		await page.locator(".foot").getByText(`${both} of `).waitFor();
		assert.equal(hash(page), "#/s/ds389/attribute-types?view=list&usage=operational&unused=yes");
		const names = await namesOfRows(page);
		assert.equal(names.length, both);
		assert.ok(names.includes("createTimestamp") && !names.includes("cn"), names.join());
		await accessible(page, "a filtered list");
		await page.reload();
		await page.locator(".foot").getByText(`${both} of `).waitFor();
		await (await rowOf(page, "createTimestamp")).click();
		await definition(page, "createTimestamp");
		assert.equal(hash(page), "#/s/ds389/attribute-types/createTimestamp");
		assert.equal(await chip(page, "unused", "yes").getAttribute("aria-pressed"), "true");
		// The way back where there is one pane leads to the same list.
		const back = await page.locator("a.back").getAttribute("href");
		assert.match(back ?? "", /usage=operational&unused=yes/);
		await page.goBack();
		assert.equal(hash(page), "#/s/ds389/attribute-types?view=list&usage=operational&unused=yes");
		await page.goBack();
		await page.locator(".foot").getByText(`${operational} of `).waitFor();
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("leave what is obsolete, which is said and struck out", async () => {
		const { page, context, wrong } = await open("ad/attribute-types");
		const dialog = await openSources(page);
		await dialog
			.locator("textarea")
			.fill(
				[
					"attributeTypes: ( 1.1.1 NAME 'fax' OBSOLETE SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
					"attributeTypes: ( 1.1.2 NAME 'mobile' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
					"objectClasses: ( 1.2.1 NAME 'telex' OBSOLETE SUP top AUXILIARY )",
					"objectClasses: ( 1.2.2 NAME 'phone' SUP top AUXILIARY MAY ( fax $ mobile ) )",
				].join("\n"),
			);
		await dialog.getByLabel("Its name").fill("phones");
		await dialog.getByRole("button", { name: "Show" }).click();
		await page.locator('[role=tab][data-collection="attributeTypes"][data-count="2"]').waitFor();
		assert.equal(await chip(page, "obsolete", "yes").getAttribute("data-count"), "1");
		await chip(page, "obsolete", "yes").click();
		await page.locator(".foot").getByText("1 of 2").waitFor();
		assert.deepEqual(await namesOfRows(page), ["fax"]);
		assert.match(hash(page), /\/attribute-types\?view=list&obsolete=yes$/);
		const row = page.locator('#list a.row[data-name="fax"]');
		assert.match((await row.textContent()) ?? "", /obsolete/);
		const struck = await row.locator(".name").evaluate((name) => getComputedStyle(name).textDecorationLine);
		assert.equal(struck, "line-through");
		await accessible(page, "what is obsolete");
		await page.locator('[role=tab][data-collection="objectClasses"]').click();
		await page.goto(`${connector.url}${new URL(page.url()).hash.split("?")[0]}?view=list&obsolete=yes`);
		assert.deepEqual(await namesOfRows(page), ["telex"]);
		await page.locator('#list a.row[data-name="telex"]').click();
		await definition(page, "telex");
		await page.locator("article#definition header .badge").getByText("obsolete").waitFor();
		await page.goto(`${connector.url}#/s/file:phones/search?q=1.1.&obsolete=yes`);
		assert.deepEqual(await namesOfRows(page), ["fax"]);
		// Where nothing is obsolete there is no such filter.
		await page.goto(`${connector.url}#/s/ad/attribute-types`);
		await page.locator('[role=tab][data-count="1472"]').waitFor();
		assert.equal(await chip(page, "obsolete", "yes").count(), 0);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("go by origin", async () => {
		const { page, context } = await open("ds389/object-classes");
		await page.locator(".origins summary").click();
		const rfc = chip(page, "origin", "RFC 2307");
		const count = Number(await rfc.getAttribute("data-count"));
		await page.screenshot({ path: `${pictures}origins.png` });
		await rfc.click();
		await page.locator(".foot").getByText(`${count} of `).waitFor();
		const names = await namesOfRows(page);
		const of = (await ldapsearch(servers[1]?.url ?? "", "objectClasses", "cn=schema")).filter((d) =>
			d.includes("'RFC 2307'"),
		);
		assert.ok(names.includes("posixAccount"), names.join());
		assert.equal(names.length, of.length);
		assert.match(hash(page), /origin=RFC%202307/);
		await context.close();
	});

	test("that nothing passes can be cleared", async () => {
		const { page, context } = await open("ad/object-classes?origin=nowhere");
		await page.getByText("None passes the filters.").waitFor();
		await page.getByRole("button", { name: "Clear the filters" }).click();
		await page.locator("#list a.row").first().waitFor();
		await context.close();
	});
});

describe("search", () => {
	test("ranks, and marks what matched", async () => {
		const { page, context, wrong } = await open("ds389/object-classes");
		await search(page, "mail");
		const names = await namesOfRows(page);
		assert.equal(names[0], "mail");
		assert.ok(
			names.indexOf("mailRecipient") < names.indexOf("rfc822MailMember") || !names.includes("rfc822MailMember"),
		);
		const marks = await page.locator("#list a.row mark").allTextContents();
		assert.ok(marks.length > 5 && marks.every((mark) => mark.toLowerCase() === "mail"), marks.join());
		await search(page, "commonName");
		const also = page.locator('#list a.row[data-name="cn"] .name small mark');
		assert.equal(await also.textContent(), "commonName");
		await search(page, "2.5.4.3");
		assert.equal((await namesOfRows(page))[0], "cn");
		await search(page, "cn*pass*");
		await page.locator(".nothing, #list").first().waitFor();
		await accessible(page, "search results");
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("narrows, and says which narrowings there are", async () => {
		const { page, context } = await open("ad/object-classes");
		await search(page, "must:sAMAccountName");
		const must = await namesOfRows(page);
		assert.ok(
			must.includes("user") && must.includes("group") && must.includes("computer") && !must.includes("top"),
			must.join(),
		);
		await search(page, "kind:auxiliary mail");
		assert.deepEqual(await namesOfRows(page), ["mailRecipient"]);
		await search(page, "usedby:user logonhours");
		assert.deepEqual(await namesOfRows(page), ["logonHours"]);
		await search(page, "syntax:1.2.840.113556.1.4.903");
		assert.ok((await namesOfRows(page)).length > 3);
		await search(page, "foo:bar");
		await page.getByText("There is no narrowing “foo:”.").waitFor();
		await accessible(page, "an unknown narrowing");
		await page.screenshot({ path: `${pictures}narrowing.png` });
		await search(page, "kind:nonsense");
		await page.getByText("“kind:” has no “nonsense”.").waitFor();
		await context.close();
	});

	test("has an address, and is gone through with ] and back", async () => {
		const { page, context } = await open("ad/search?q=logon&usage=user");
		const names = await namesOfRows(page);
		assert.ok(names.length > 5, names.join());
		await page.keyboard.press("]");
		await definition(page, names[0] ?? "");
		await page.keyboard.press("]");
		await definition(page, names[1] ?? "");
		await page.reload();
		await definition(page, names[1] ?? "");
		await page.keyboard.press("[");
		await definition(page, names[0] ?? "");
		await page.goBack();
		await definition(page, names[1] ?? "");
		await page.keyboard.press("/");
		assert.equal(await focused(page), "search");
		assert.equal(await page.locator("#search").inputValue(), "logon");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await page.keyboard.press("?");
		await page.locator("dialog#keys").getByText("Backspace").first().waitFor();
		await accessible(page, "the keys");
		await page.keyboard.press("Escape");
		await context.close();
	});
});

describe("the left pane", () => {
	for (const [colorScheme, width, height] of looks)
		test(`is accessible: ${colorScheme}, ${width}`, async () => {
			const viewport = { width: width ?? 0, height: height ?? 0 };
			const { page, context, wrong } = await open("ds389/object-classes?view=tree&kind=STRUCTURAL", {
				colorScheme,
				viewport,
			});
			await page.locator('#list[role="tree"]').waitFor();
			await accessible(page, "a filtered tree");
			await page.screenshot({ path: `${pictures}tree-${colorScheme}-${width}.png` });
			await search(page, "certificate");
			await accessible(page, "results");
			await page.screenshot({ path: `${pictures}results-${colorScheme}-${width}.png` });
			const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			assert.ok(overflow <= 0, `${overflow} pixels too wide`);
			assert.deepEqual(wrong, []);
			await context.close();
		});
});
