// Takes the pictures of the guide to the viewer anew: docs/pictures/*.png, each of the page as it is shipped.
import { mkdir } from "node:fs/promises";
import { launch, openPage } from "./browser.mjs";
import { root, startDemo } from "./processes.mjs";

const folder = `${root}docs/pictures/`;

/** @typedef {import("playwright-core").Page} Page */

/**
 * The pictures: the address after "#/s/", what is waited for, and what is done before.
 * @type {Record<string, {at: string, until: string, act?: (page: Page) => Promise<void>, options?: import("playwright-core").BrowserContextOptions}>}
 */
const pictures = {
	list: { at: "offline:AD_2012_R2/object-classes", until: "#list a.row" },
	tree: {
		at: "demo/object-classes?view=tree&kind=STRUCTURAL",
		until: '#list [role="treeitem"]',
		async act(page) {
			await page.locator('#list [role="treeitem"]').first().focus();
			for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight"])
				await page.keyboard.press(key);
		},
	},
	definition: { at: "demo/object-classes/inetOrgPerson", until: "svg.picture" },
	diagram: {
		at: "offline:AD_2012_R2/object-classes/person",
		until: "svg.picture",
		act: (page) => page.locator("section.diagram").evaluate((section) => section.scrollIntoView()),
	},
	lint: { at: "offline:AD_2012_R2/lint", until: ".findings > li, .groups > li" },
	diff: { at: "offline:AD_2012_R2/diff/offline:AD_2016", until: ".groups > li" },
	entry: { at: "demo/entry?classes=inetOrgPerson", until: "#entry-may tr" },
	export: { at: "demo/export", until: "#preview" },
	server: { at: "demo/server", until: "#health tr[data-answered]" },
	lookup: {
		at: `demo/lookup?${new URLSearchParams({ base: "ou=people,dc=example,dc=com", scope: "one", filter: "(&(objectClass=inetOrgPerson)(cn=*a*))", attributes: "cn,mail,telephoneNumber" })}`,
		until: ".results tbody a",
		async act(page) {
			await page.locator(".results tbody a").first().click();
			await page.locator(".entry [data-attribute=cn]").waitFor();
		},
	},
	phone: { at: "demo/object-classes", until: "#list a.row", options: { viewport: { width: 390, height: 844 } } },
	dark: { at: "demo/attribute-types/cn", until: "article#definition", options: { colorScheme: "dark" } },
};

await mkdir(folder, { recursive: true });
const browser = await launch();
const demo = await startDemo();
try {
	for (const [name, picture] of Object.entries(pictures)) await take(name, picture);
} finally {
	await browser.close();
	await demo.close();
}

/**
 * Takes a picture.
 * @param {string} name
 * @param {(typeof pictures)[string]} picture
 */
async function take(name, { at, until, act, options }) {
	const { page, context } = await openPage(browser, `${demo.url}#/s/${at}`, {
		viewport: { width: 1280, height: 800 },
		...options,
	});
	await page.locator(until).first().waitFor();
	await act?.(page);
	await page.waitForTimeout(500); // for what is drawn last
	await page.screenshot({ path: `${folder}${name}.png` });
	await context.close();
}
