// Debian's Chromium without windows, which saves half of the time, and what every page of the tests is held to.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { root } from "./processes.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const options = {
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
	// The sandbox needs rights that a test machine's root does not have; the rest keeps Chromium from calling out.
	args: [
		"--no-sandbox",
		"--disable-gpu",
		"--disable-quic",
		"--no-first-run",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
	],
};

const viewport = { width: 1440, height: 900 };

/** Where pictures are put, for people to look at. */
export const pictures = `${root}integration/browser/pictures/`;
await mkdir(pictures, { recursive: true });

/** How pages are looked at: each scheme and each width once. */
export const looks = /** @type {const} */ ([
	["light", 1440, 900],
	["dark", 390, 844],
]);

/** A browser for pages that run each of their functions a few times, which is not worth compiling them for speed. */
export const launch = () =>
	chromium.launch({ ...options, args: [...(options.args ?? []), "--js-flags=--no-opt --no-maglev"] });

/**
 * A browser with a profile on disk, as people have it: with windows, and with caches of compiled code.
 * @param {string} folder
 */
export const launchWithProfile = (folder) =>
	chromium.launchPersistentContext(folder, { ...options, executablePath: "/usr/bin/chromium", viewport });

/**
 * Opens a page that remembers what went wrong on it: messages of the console,
 * exceptions, and requests to anyone but the connector.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openPage(browser, url, options = {}) {
	const context = await browser.newContext({ viewport, ...options });
	context.setDefaultTimeout(10_000);
	const page = await context.newPage();
	/** @type {string[]} */
	const wrong = [];
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning") wrong.push(message.text());
	});
	page.on("pageerror", (error) => wrong.push(String(error)));
	page.on("request", (request) => {
		// What the page has made itself has its origin too.
		if (new URL(request.url()).origin !== new URL(url).origin) wrong.push(`request to ${request.url()}`);
	});
	await page.goto(url);
	return { page, context, wrong };
}

/**
 * Opens the viewer's pages as openPage does, but goes on with the page of the test before, as most of a test's time is
 * that of loading one: to the source's plain list first, so that nothing is left of what that test has searched for and
 * filtered. A page that its test has not closed is not gone on with, for the test has failed.
 * @param {() => import("playwright-core").Browser} browser
 */
export function goingOn(browser) {
	/** @type {Awaited<ReturnType<typeof openPage>> | undefined} */
	let last;
	let closed = false;
	/** @param {string} url */
	return async function open(url) {
		const { origin, hash } = new URL(url);
		if (closed && last && new URL(last.page.url()).origin === origin) {
			last.wrong.length = 0;
			await last.page.setViewportSize(viewport);
			await last.page.emulateMedia({ media: null, colorScheme: null });
			await last.page.keyboard.press("Escape"); // out of a dialog
			await last.page.evaluate(() => /** @type {HTMLElement | null} */ (document.activeElement)?.blur());
			await last.page.goto(`${origin}/${hash.split("/").slice(0, 3).join("/")}/object-classes?view=list`);
			await last.page.goto(url);
			// By then the page has heard of the address, and been drawn.
			await last.page.evaluate(
				() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
			);
		} else {
			await last?.context.close();
			last = await openPage(browser(), url);
		}
		closed = false;
		const { page, wrong } = last;
		const close = async () => {
			closed = true;
		};
		return { page, wrong, context: { close } };
	};
}

/**
 * Holds a page to WCAG 2.2 AA as far as axe can tell.
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
export async function accessible(page, what) {
	if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
	const found = await page.evaluate(async () => {
		const { violations } = await /** @type {any} */ (globalThis).axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		});
		return violations.map((/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.html)}`);
	});
	assert.deepEqual(found, [], `${what} is not accessible`);
}

/**
 * Holds a page to the same in light and dark.
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
export async function accessibleInBoth(page, what) {
	for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
		await page.emulateMedia({ colorScheme });
		await accessible(page, `${what}, ${colorScheme}`);
	}
}

/**
 * Holds a page beside the definitions to its width: it is not to be scrolled sideways.
 * @param {import("playwright-core").Page} page
 */
export async function fits(page) {
	const [needs, has] = await page.locator("main.page").evaluate((main) => [main.scrollWidth, main.clientWidth]);
	assert.ok((needs ?? 0) <= (has ?? 0), `the page needs ${needs} pixels of ${has}`);
}

/**
 * The values beside a name in a part of the server page.
 * @param {import("playwright-core").Page} page
 * @param {string} part
 * @param {string} name
 */
export const fact = (page, part, name) =>
	page.locator(`[data-part="${part}"] .field`, { has: page.getByText(name, { exact: true }) }).locator("dd");

/**
 * Opens the dialog of sources.
 * @param {import("playwright-core").Page} page
 */
export async function openSources(page) {
	await page.locator("#source").selectOption({ label: "Open …" });
	const dialog = page.locator("dialog#sources");
	await dialog.waitFor();
	return dialog;
}

/**
 * Holds files over the page, or lets them go there, as a browser hands them over.
 * @param {import("playwright-core").Page} page
 * @param {"dragover" | "drop"} type
 * @param {number} x on the left half they are opened, on the right one added
 * @param {Record<string, string>} files name and text
 */
export const drag = (page, type, x, files) =>
	page.evaluate(
		({ type, x, files }) => {
			const dataTransfer = new DataTransfer();
			for (const [name, text] of Object.entries(files)) dataTransfer.items.add(new File([text], name));
			const event = new DragEvent(type, { dataTransfer, clientX: x, bubbles: true, cancelable: true });
			document.body.dispatchEvent(event);
		},
		{ type, x, files },
	);
