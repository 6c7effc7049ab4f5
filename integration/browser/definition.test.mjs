// The pane of a definition in Chromium, against real servers.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { accessible, goingOn, launch, looks, openPage, pictures } from "./browser.mjs";
import { ldapsearch, startConnectorTo, startPublishing, startServer, startSlapd } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */

const script = "<img src=x onerror=alert(1)>";
const long = "0123456789".repeat(1 << 20);

/** What no server that runs here publishes: all kinds of rules, what is broken, and what is hostile. */
const definitions = {
	ldapSyntaxes: ["( 1.3.6.1.4.1.1466.115.121.1.15 DESC 'Directory String' )"],
	matchingRules: ["( 3.1 NAME 'm' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )"],
	matchingRuleUse: ["( 3.1 NAME 'm' APPLIES a )"],
	attributeTypes: [
		"( 1.1 NAME 'a' USAGE often SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64} )",
		"( 1.2 NAME 'broken' SYNTAX 1.3",
		`( 1.3 NAME '${script}' DESC '<script>alert(2)</script>' SUP a )`,
		"( 1.4 NAME 'rtl' DESC 'a \u202egnp.exe' )",
	],
	objectClasses: [
		"( 2.1 NAME 'top' ABSTRACT MUST a )",
		"( 2.2 NAME 'left' SUP top )",
		"( 2.3 NAME 'right' SUP top )",
		"( 2.4 NAME 'both' SUP ( left $ right $ gone ) MAY ( a $ nope ) )",
		"( 2.5 NAME 'x' SUP top AUXILIARY )",
	],
	dITContentRules: ["( 2.4 NAME 'r' AUX x MUST a NOT nope )"],
	nameForms: ["( 4.1 NAME 'f' OC both MUST a )"],
	dITStructureRules: ["( 1 NAME 's' FORM f )", "( 2 NAME 't' FORM f SUP 1 )"],
};

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startSlapd>>} */
let slapd;
/** @type {Awaited<ReturnType<typeof startServer>>[]} */
let others = [];
/** @type {Awaited<ReturnType<typeof startConnectorTo>>} */
let connector;

before(async () => {
	browser = await launch();
	slapd = await startSlapd();
	const ad = await startServer("AD_2012_R2");
	const own = await startPublishing(definitions);
	const huge = await startPublishing({ attributeTypes: [`( 1.1 NAME 'long' DESC '${long}' )`] });
	others = [ad, own, huge];
	connector = await startConnectorTo({ slapd: slapd.url, ad: ad.url, own: own.url, huge: huge.url });
});

after(async () => {
	await browser?.close();
	await connector?.close();
	for (const other of others) await other.close();
	await slapd?.close();
});

const goOn = goingOn(() => browser);

/**
 * Opens a definition.
 * @param {string} path of the address: "slapd/object-classes/person"
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open(path, options) {
	const url = `${connector.url}#/s/${path}`;
	const opened = await (options ? openPage(browser, url, options) : goOn(url));
	await opened.page.locator("article#definition").waitFor({ timeout: 30_000 });
	return { ...opened, definition: opened.page.locator("article#definition") };
}

/**
 * The texts of what a selector finds, sorted.
 * @param {Page | import("playwright-core").Locator} within
 * @param {string} selector
 */
const texts = async (within, selector) => (await within.locator(selector).allTextContents()).toSorted();

/** @param {import("playwright-core").Locator} element */
const textOf = async (element) => (await element.textContent()) ?? "";

/**
 * The names in a list of a definition's text.
 * @param {string} definition
 * @param {string} field
 */
function listOf(definition, field) {
	const [, many, one] = new RegExp(`\\s${field}\\s+(?:\\(([^)]*)\\)|([^\\s()]+))`).exec(definition) ?? [];
	return (many ?? one ?? "").split("$").flatMap((name) => name.trim() || []);
}

/** @param {string} definition */
const nameOf = (definition) => /NAME\s+(?:\(\s*)?'([^']*)'/.exec(definition)?.[1] ?? "";

describe("a class", () => {
	test("has MUST and MAY by where they come from, before all else", async () => {
		const { page, context, definition, wrong } = await open("slapd/object-classes/inetOrgPerson");
		await page.locator("svg.picture").waitFor();
		const longer = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
		assert.equal(longer, 0, "the panes scroll, the page does not");
		assert.deepEqual(await texts(definition, '[data-list="must"] [data-from="person"] li'), ["cn", "sn"]);
		assert.deepEqual(await texts(definition, '[data-list="must"] [data-from="top"] li'), ["objectClass"]);
		const own = (await ldapsearch(slapd.url, "objectClasses")).find((text) => nameOf(text) === "inetOrgPerson") ?? "";
		assert.ok(listOf(own, "MAY").length > 20, own);
		assert.deepEqual(await texts(definition, '[data-list="may"] [data-from=""] li'), listOf(own, "MAY").toSorted());
		const headings = await definition.locator("h2").allInnerTexts();
		assert.deepEqual(
			headings.map((heading) => heading.split(" ")[0]),
			["MUST", "MAY", "Neighbourhood", "Raw"],
		);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("leads to its content rule, name forms and structure rules, and they to each other", async () => {
		const { page, context, definition, wrong } = await open("own/object-classes/both");
		/** @param {string} term */
		const field = (term) =>
			definition.locator(".field").filter({ has: page.locator("dt").getByText(term, { exact: true }) });
		/** @param {string} term @param {string} name */
		const follow = async (term, name) => {
			await field(term).getByRole("link", { name, exact: true }).first().click();
			await page.locator(`article#definition[data-name="${name}"]`).waitFor();
		};
		await follow("Content rule", "r");
		assert.deepEqual(await texts(field("AUX"), "a"), ["x"]);
		assert.deepEqual(await texts(field("MUST"), "a"), ["a"]);
		assert.match(await textOf(field("NOT")), /nope\s+not defined/);
		assert.equal(new URL(page.url()).hash, "#/s/own/content-rules/r");
		await follow("AUX", "x");
		assert.deepEqual(await texts(field("Auxiliary in"), "a"), ["r"]);
		await follow("Auxiliary in", "r");
		await follow("Structural class", "both");
		await follow("Name forms", "f");
		assert.deepEqual(await texts(field("MUST, in the RDN"), "a"), ["a"]);
		assert.deepEqual(await texts(field("Structure rules"), "a"), ["s", "t"]);
		await accessible(page, "a name form");
		await follow("Structure rules", "t");
		assert.deepEqual(await texts(field("Superior rules"), "a"), ["1"]);
		assert.equal(await textOf(definition.locator(".oid code")), "2");
		await field("Superior rules").getByRole("link").click();
		await page.locator('article#definition[data-name="s"]').waitFor();
		assert.deepEqual(await texts(field("Subordinate rules"), "a"), ["t"]);
		await accessible(page, "a structure rule");
		await page.goBack();
		await page.locator('article#definition[data-name="t"]').waitFor();
		assert.deepEqual(wrong, []);
		await context.close();
	});
});

describe("used by", () => {
	test("an attribute type: classes by MUST and MAY, direct and inherited", async () => {
		const { context, definition, page } = await open("slapd/attribute-types/cn");
		const classes = await ldapsearch(slapd.url, "objectClasses");
		/** @param {string} field */
		const naming = (field) =>
			classes
				.filter((text) => listOf(text, field).some((name) => ["cn", "commonname"].includes(name.toLowerCase())))
				.map(nameOf)
				.toSorted();
		assert.ok(naming("MUST").includes("person"));
		assert.deepEqual(await texts(definition, '[data-use="MUST of"] [data-from=""] li'), naming("MUST"));
		assert.deepEqual(await texts(definition, '[data-use="MAY of"] [data-from=""] li'), naming("MAY"));
		const through = await texts(definition, '[data-use="MUST of"] [data-from="person"] li');
		assert.ok(through.includes("inetOrgPerson") && through.includes("organizationalPerson"), through.join());
		const uses = (await ldapsearch(slapd.url, "matchingRuleUse")).filter((text) =>
			listOf(text, "APPLIES").includes("cn"),
		);
		const named = definition.locator(".used .field").filter({ hasText: "Matching rule uses" });
		assert.deepEqual(await texts(named, "a"), uses.map(nameOf).toSorted());
		await named.getByRole("link", { name: "caseIgnoreMatch", exact: true }).click();
		await page.locator('article#definition[data-collection="matchingRuleUse"]').waitFor();
		assert.equal(new URL(page.url()).hash, "#/s/slapd/matching-rule-uses/caseIgnoreMatch");
		await context.close();
	});

	test("a matching rule: attribute types by place, and those that its matchingRuleUse lists", async () => {
		const { context, definition } = await open("slapd/matching-rules/caseIgnoreMatch");
		const use =
			(await ldapsearch(slapd.url, "matchingRuleUse")).find((text) => nameOf(text) === "caseIgnoreMatch") ?? "";
		const applies = listOf(use, "APPLIES").toSorted();
		assert.ok(applies.includes("cn"), use);
		const field = definition.locator(".used .field").filter({ hasText: "APPLIES" });
		await field.getByRole("button").click();
		assert.deepEqual(await texts(field, "a"), applies);
		const equality = definition.locator('[data-use="EQUALITY of"]');
		assert.ok((await texts(equality, '[data-from=""] li')).includes("name"));
		assert.ok((await texts(equality, '[data-from="name"] li')).includes("cn"));
		await context.close();
	});

	test("a syntax: attribute types that name it, those that inherit it, and matching rules", async () => {
		const { context, definition } = await open("slapd/syntaxes/1.3.6.1.4.1.1466.115.121.1.15");
		/** @param {string} name */
		const field = (name) => definition.locator(".used .field").filter({ hasText: name });
		assert.ok((await texts(field("Syntax of"), "a")).includes("name"));
		assert.ok((await texts(field("through SUP, of"), "a")).includes("cn"));
		assert.ok((await texts(field("Asserted by"), "a")).includes("caseIgnoreMatch"));
		await context.close();
	});

	test("an attribute type that nothing uses says so", async () => {
		const { context, definition } = await open("own/attribute-types/rtl");
		await definition.getByText("Nothing in this schema uses it.").waitFor();
		await context.close();
	});
});

describe("the text of a definition", () => {
	test("is highlighted, and copied as it is", async () => {
		const { page, context, definition } = await open("slapd/attribute-types/cn");
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		const raw = (await ldapsearch(slapd.url, "attributeTypes")).find((text) => nameOf(text) === "cn") ?? "";
		assert.equal(await definition.locator(".raw pre").textContent(), raw);
		assert.deepEqual(await texts(definition, ".raw .token-keyword"), ["DESC", "NAME", "SUP"]);
		assert.deepEqual((await texts(definition, ".raw .token-string")).slice(0, 2), [
			"'RFC4519: common name(s) for which the entity is known by'",
			"'cn'",
		]);
		assert.deepEqual(await texts(definition, ".raw .token-oid"), ["2.5.4.3"]);
		await definition.getByRole("button", { name: "Copy the raw definition" }).click();
		await definition.getByRole("status").getByText("Copied").waitFor();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), raw);
		await definition.getByRole("button", { name: "Copy the OID" }).click();
		await page.waitForFunction(async () => (await navigator.clipboard.readText()) === "2.5.4.3");
		await context.close();
	});

	test("has what is wrong with it marked", async () => {
		const { page, context, definition } = await open("own/attribute-types/a");
		assert.match(await textOf(definition.locator('[data-flaw="value"]')), /value out of range: unknown usage "often"/);
		assert.deepEqual(await texts(definition, ".raw mark"), ["often"]);
		await definition.getByRole("button", { name: "Show the place" }).click();
		assert.equal(await page.evaluate(() => String(getSelection())), "often");
		await accessible(page, "a definition with a flaw");
		await page.screenshot({ path: `${pictures}flaw.png` });
		await context.close();
	});

	test("that is no definition is shown with the place marked", async () => {
		const { page, context } = await goOn(`${connector.url}#/s/own/problems`);
		const broken = page.locator(".problems li").filter({ hasText: "broken" });
		assert.equal(await textOf(broken.locator("mark")), "end of the text");
		assert.deepEqual(await texts(broken, ".token-keyword"), ["NAME", "SYNTAX"]);
		await context.close();
	});
});

describe("the OID", () => {
	test("has the registry's name, the arc, and links out that tell nothing", async () => {
		const { context, definition, wrong } = await open("slapd/attribute-types/sn");
		const registered = definition.locator("[data-registered]");
		await registered.waitFor();
		assert.equal(await textOf(registered), "registered as attribute type sn, surname, RFC 4519");
		const arc = definition.locator('[data-arc="2.5.4"]');
		assert.equal(await textOf(arc), "under 2.5.4: X.500 attribute types");
		const out = await definition
			.locator('a[href^="http"]')
			.evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.getAttribute("rel")]));
		assert.deepEqual(out, [
			["https://www.rfc-editor.org/rfc/rfc4519", "noreferrer"],
			["https://oid-base.com/get/2.5.4.4", "noreferrer"],
		]);
		assert.deepEqual(wrong, []);
		await context.close();
	});
});

describe("the neighbourhood", () => {
	test("has superclasses above and subclasses below, each a link, and the same as a list", async () => {
		const { page, context, definition, wrong } = await open("slapd/object-classes/person");
		const picture = definition.locator("svg.picture");
		await picture.waitFor();
		const top = await picture.locator('a.node[data-name="top"]').boundingBox();
		const here = await picture.locator("a.node.here").boundingBox();
		const names = await picture
			.locator("a.node")
			.evaluateAll((all) => all.map((a) => a.getAttribute("data-name") ?? ""));
		assert.deepEqual(names.toSorted(), ["organizationalPerson", "person", "pilotPerson", "residentialPerson", "top"]);
		for (const name of ["organizationalPerson", "pilotPerson", "residentialPerson"]) {
			const box = await picture.locator(`a.node[data-name="${name}"]`).boundingBox();
			assert.ok(top && here && box && top.y + top.height < here.y && here.y + here.height < box.y, name);
		}
		assert.equal(await picture.locator(".line").count(), 4);
		await definition.locator(".as-list:not([data-format]) summary").click();
		assert.deepEqual((await texts(definition, ".as-list:not([data-format]) a")).toSorted(), names.toSorted());
		await accessible(page, "the neighbourhood");
		await picture.locator('a.node[data-name="residentialPerson"]').focus();
		await page.keyboard.press("Enter");
		await page.locator('article#definition[data-name="residentialPerson"]').waitFor();
		await page.locator('svg.picture a.node[data-name="person"]').click();
		await page.locator('article#definition[data-name="person"]').waitFor();
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("has the attributes of classes on demand", async () => {
		const { page, context, definition } = await open("slapd/object-classes/person");
		await definition.locator("svg.picture").waitFor();
		assert.equal(await definition.locator("svg.picture a.attribute").count(), 0);
		await definition.getByLabel("Attributes").check();
		await definition.locator('svg.picture a.attribute[data-name="objectClass"]').waitFor();
		const must = definition.locator("svg.picture a.attribute").filter({ hasText: "+" });
		assert.deepEqual((await must.evaluateAll((all) => all.map((a) => a.getAttribute("data-name") ?? ""))).toSorted(), [
			"cn",
			"objectClass",
			"sn",
		]);
		await accessible(page, "the neighbourhood with attributes");
		await definition.locator('svg.picture a.attribute[data-name="sn"]').click();
		await page.locator('article#definition[data-name="sn"]').waitFor();
		await context.close();
	});

	test("draws each superclass of several, and one that is not defined", async () => {
		const { context, definition } = await open("own/object-classes/both");
		const picture = definition.locator("svg.picture");
		await picture.waitFor();
		assert.equal(await picture.locator("a.node").count(), 4);
		assert.match((await picture.locator("g.unknown text").allTextContents()).join(" "), /gone not defined/);
		assert.equal(await picture.locator(".line").count(), 5);
		await context.close();
	});

	test("is zoomed, by keyboard too, as far as it goes", async () => {
		const { page, context, definition } = await open("slapd/object-classes/person");
		const picture = definition.locator("svg.picture");
		await picture.waitFor();
		const width = async () => (await picture.boundingBox())?.width ?? 0;
		const height = async () => (await picture.locator("a.node.here rect").boundingBox())?.height ?? 0;
		const [wide, high] = [await width(), await height()];
		const larger = definition.getByRole("button", { name: "Larger" });
		const smaller = definition.getByRole("button", { name: "Smaller" });
		await larger.focus();
		for (const scale of [1.25, 1.5, 2, 2]) {
			await page.keyboard.press("Enter");
			await page.waitForFunction(
				(wide) =>
					Math.abs((document.querySelector("svg.picture")?.getBoundingClientRect().width ?? 0) - (wide ?? 0)) < 1,
				wide * scale,
			);
			assert.ok(Math.abs((await height()) - high * scale) < 1, `the box is ${await height()} high`);
		}
		assert.equal(await larger.getAttribute("aria-disabled"), "true");
		assert.equal(await larger.evaluate((button) => button === document.activeElement), true, "the focus is lost");
		await accessible(page, "a large picture");
		// What no longer fits is scrolled to within the picture's place.
		const pane = definition.locator(".diagram .view");
		const scrolled = await pane.evaluate((view) => {
			view.scrollLeft = view.scrollWidth;
			return view.scrollLeft;
		});
		assert.ok(scrolled > 0 || wide * 2 <= ((await pane.boundingBox())?.width ?? 0));
		for (const scale of [1.5, 1.25, 1, 0.8, 0.67, 0.5]) {
			await smaller.click();
			await page.waitForFunction(
				(wide) =>
					Math.abs((document.querySelector("svg.picture")?.getBoundingClientRect().width ?? 0) - (wide ?? 0)) < 1,
				wide * scale,
			);
		}
		assert.equal(await smaller.getAttribute("aria-disabled"), "true");
		await picture.locator('a.node[data-name="top"]').click();
		await page.locator('article#definition[data-name="top"]').waitFor();
		await context.close();
	});

	test("of Active Directory's top is readable, and can be unfolded", async () => {
		const { page, context, definition } = await open("ad/object-classes/top");
		const picture = definition.locator("svg.picture");
		await picture.waitFor();
		assert.equal(await picture.locator("a.node").count(), 40);
		const width = await picture.evaluate(
			(svg) => svg.getBoundingClientRect().width - (svg.parentElement?.clientWidth ?? 0),
		);
		assert.ok(width <= 0, `${width} pixels wider than its place`);
		await page.screenshot({ path: `${pictures}neighbourhood-folded.png` });
		const more = picture.getByRole("button");
		assert.match(await textOf(more), /149 more/);
		await more.focus();
		await page.keyboard.press("Enter");
		await picture.getByText("fewer").waitFor();
		assert.equal(await picture.locator("a.node").count(), 189);
		await accessible(page, "a large neighbourhood");
		await context.close();
	});

	test("is written for programs that draw from text", async () => {
		const { context, definition, wrong } = await open("slapd/object-classes/person");
		await definition.locator('[data-format="mermaid"] summary').click();
		const mermaid = (await definition.locator('[data-format="mermaid"] code').textContent()) ?? "";
		assert.match(mermaid, /^classDiagram\n {2}class c0\["person"\] \{\n {4}<<STRUCTURAL>>\n {4}\+sn\n {4}\+cn\n/);
		await definition.locator('[data-format="plantuml"] summary').click();
		const plantUML = (await definition.locator('[data-format="plantuml"] code').textContent()) ?? "";
		assert.match(plantUML, /^@startuml\n[\s\S]*"person" as c0 <<STRUCTURAL>>[\s\S]*c1 <\|-- c0\n[\s\S]*@enduml\n$/);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("is downloaded as a picture that needs nothing else", async () => {
		const { page, context, definition } = await open("own/object-classes/both");
		await definition.locator("svg.picture").waitFor();
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			definition.getByRole("button", { name: "Download SVG" }).click(),
		]);
		assert.equal(download.suggestedFilename(), "both.svg");
		const svg = await readFile(await download.path(), "utf8");
		assert.doesNotMatch(svg, /var\(|href|<script|light-dark/);
		const fresh = await browser.newPage();
		await fresh.goto(`data:image/svg+xml,${encodeURIComponent(svg)}`);
		const drawn = await fresh.evaluate(() => ({
			texts: [...document.querySelectorAll("text")].map((text) => text.textContent),
			fill: getComputedStyle(/** @type {Element} */ (document.querySelector(".here rect"))).fill,
		}));
		assert.ok(
			["both", "left", "right", "top"].every((name) => drawn.texts.includes(name)),
			drawn.texts.join(),
		);
		assert.equal(drawn.fill, "rgb(227, 234, 250)");
		await fresh.screenshot({ path: `${pictures}neighbourhood-file.png` });
		await fresh.close();
		await context.close();
	});
});

describe("the summary of a name", () => {
	test("comes with the focus, stays while pointed at, and goes with Escape", async () => {
		const { page, context, definition, wrong } = await open("slapd/object-classes/inetOrgPerson");
		const tip = page.getByRole("tooltip");
		const sn = definition.locator('[data-attribute="sn"]');
		await sn.focus();
		await tip.getByText("Directory String").waitFor();
		assert.match(
			await textOf(tip),
			/^sn attribute type · Directory String · up to 32,768 · multiple values · 2\.5\.4\.4/,
		);
		assert.equal(await sn.getAttribute("aria-describedby"), await tip.getAttribute("id"));
		await accessible(page, "a summary");
		await page.keyboard.press("Escape");
		await tip.waitFor({ state: "hidden" });
		await definition.locator("[data-superclasses] a").first().hover();
		await tip.getByText("structural · 1 MUST").or(tip.getByText("SUP person")).first().waitFor();
		await tip.hover();
		await tip.getByText("organizationalPerson").waitFor();
		await page.mouse.move(5, 5);
		await tip.waitFor({ state: "hidden" });
		assert.deepEqual(wrong, []);
		await context.close();
	});
});

describe("on paper", () => {
	test("there are the definition's tables and diagram, unfolded and without what is around them", async () => {
		const { page, context, definition } = await open("slapd/matching-rules/caseIgnoreMatch");
		const applies = definition.locator(".used .field").filter({ hasText: "APPLIES" });
		const folded = await applies.locator("a").count();
		await page.pdf({ path: `${pictures}definition.pdf` });
		await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
		assert.ok((await applies.locator("a").count()) > folded);
		await page.evaluate(() => dispatchEvent(new Event("afterprint")));
		await page.goto(`${connector.url}#/s/slapd/object-classes/person`);
		await definition.locator("svg.picture").waitFor();
		await page.emulateMedia({ media: "print" });
		for (const gone of [".bar", "nav.list", ".tools", ".copy", ".as-list"])
			assert.equal(await page.locator(gone).first().isVisible(), false, gone);
		for (const there of ['[data-list="must"]', "svg.picture", ".raw pre"])
			assert.equal(await definition.locator(there).isVisible(), true, there);
		await page.screenshot({ path: `${pictures}print.png` });
		await context.close();
	});
});

describe("hostile definitions", () => {
	test("are shown as text", async () => {
		const { page, context, definition, wrong } = await open(`own/attribute-types/${encodeURIComponent(script)}`);
		page.on("dialog", () => wrong.push("a script has run"));
		assert.equal(await textOf(definition.locator("h1")), script);
		assert.equal(await definition.locator("script, img").count(), 0);
		await definition.locator("svg.picture").waitFor();
		await definition.locator('svg.picture a.node[data-name="a"]').focus();
		await page.getByRole("tooltip").getByText("a", { exact: true }).waitFor();
		await page.goto(`${connector.url}#/s/own/attribute-types/rtl`);
		await definition.locator("h1").getByText("rtl").waitFor();
		assert.match(await textOf(definition.locator(".raw pre")), /'a ⟨U\+202E⟩gnp\.exe'/);
		assert.deepEqual(wrong, []);
		await context.close();
	});

	test("of ten megabytes are cut, and copied whole", async () => {
		const permissions = ["clipboard-read", "clipboard-write"];
		const { page, context, definition, wrong } = await open("huge/attribute-types/long", { permissions });
		assert.ok((await textOf(definition)).length < 40_000);
		await definition.getByText("10,481,760 more characters").waitFor();
		await definition.getByRole("button", { name: "more characters" }).click();
		assert.equal((await definition.locator(".raw pre").textContent())?.length, 40_000);
		await definition.getByRole("button", { name: "Copy the raw definition" }).click();
		await page.waitForFunction(async () => (await navigator.clipboard.readText()).length > 10_485_760);
		assert.deepEqual(wrong, []);
		await context.close();
	});
});

describe("looks", () => {
	for (const [colorScheme, width, height] of looks) {
		const name = `${colorScheme}-${width}`;
		test(`as it should: ${name}`, async () => {
			const { page, context, wrong } = await open("ad/object-classes/user");
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme });
			for (const [what, path] of [
				["user", "ad/object-classes/user"],
				["cn", "ad/attribute-types/cn"],
				["rule", "slapd/matching-rules/caseIgnoreMatch"],
				["syntax", "slapd/syntaxes/1.3.6.1.4.1.1466.115.121.1.15"],
				["content-rule", "ad/content-rules/user"],
			]) {
				await page.goto(`${connector.url}#/s/${path}`);
				const shown = decodeURIComponent(path?.split("/").at(-1) ?? "");
				await page.locator(`article#definition[data-name="${shown}"]`).waitFor();
				if (what === "user" || what === "cn") await page.locator("svg.picture, .used").first().waitFor();
				await accessible(page, what ?? "");
				await page.screenshot({ path: `${pictures}definition-${what}-${name}.png` });
				const overflow = await page.locator(".detail").evaluate((pane) => pane.scrollWidth - pane.clientWidth);
				assert.ok(overflow <= 0, `${what} is ${overflow} pixels too wide`);
			}
			assert.deepEqual(wrong, []);
			await context.close();
		});
	}
});
