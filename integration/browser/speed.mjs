// How fast the page is: what is measured on it, and how that compares with the run before.
import { readFile, writeFile } from "node:fs/promises";
import { root } from "./processes.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, value: number, unit: string, limit?: number}} Measure */

const kept = `${root}.cache/browser-speed.json`;

/** How much worse than before is called worse. */
const tolerance = 1.3;

/**
 * The value below which a share of the values is.
 * @param {number[]} values
 * @param {number} share
 */
export function quantile(values, share) {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Prints measures, each with its limit and what the run before had, and keeps them for the next.
 * @param {Measure[]} measures
 */
export async function report(measures) {
	/** @type {Record<string, number>} */
	const before = JSON.parse(await readFile(kept, "utf8").catch(() => "{}"));
	for (const { name, value, unit, limit } of measures) {
		const was = before[name];
		const words = [`${name}: ${round(value)} ${unit}`];
		if (limit !== undefined) words.push(`at most ${limit}: ${value <= limit ? "held" : "MISSED"}`);
		if (was !== undefined) words.push(`before ${round(was)}${value > was * tolerance ? ": WORSE" : ""}`);
		console.log(words.join(", "));
	}
	const now = Object.fromEntries(measures.map(({ name, value }) => [name, value]));
	await writeFile(kept, JSON.stringify({ ...before, ...now }, null, "\t"));
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/**
 * Has a page note for how long tasks hold up its main thread. To be called before it is loaded.
 * @param {import("playwright-core").BrowserContext} context
 */
export async function noteLongTasks(context) {
	await context.addInitScript(() => {
		/** @type {{start: number, took: number}[]} */
		const tasks = [];
		Object.assign(globalThis, { longTasks: tasks });
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, took: duration });
		}).observe({ type: "longtask", buffered: true });
	});
}

/**
 * When a page had painted its list, which could be scrolled and chosen in then, in milliseconds since it was asked for, and
 * its longest task until its schema was there too.
 * @param {Page} page
 */
export async function interactive(page) {
	await page.waitForFunction(() => performance.getEntriesByName("list-painted").length > 0);
	await page.locator('#status[data-state="live"]').waitFor();
	return page.evaluate(() => {
		const painted = performance.getEntriesByName("list-painted")[0]?.startTime ?? Number.NaN;
		/** @type {{start: number, took: number}[]} */
		const tasks = /** @type {any} */ (globalThis).longTasks;
		const ends = tasks.filter(({ start }) => start < painted).map(({ start, took }) => start + took);
		return { at: Math.max(painted, ...ends), longest: Math.max(0, ...tasks.map(({ took }) => took)) };
	});
}

/**
 * Types a key as soon as the page has a field for it, and returns when what it finds was there, laid out, in milliseconds
 * since the page was asked for.
 * @param {Page} page
 * @param {string} key
 */
export async function firstSearch(page, key) {
	await page.locator("#search").focus();
	await page.keyboard.press(key);
	return page.evaluate(
		async (results) => {
			while (!document.querySelector(results)) await new Promise((resolve) => requestAnimationFrame(resolve));
			return performance.now();
		},
		`nav.list [data-query=${JSON.stringify(key)}]`,
	);
}

/**
 * What has come over the network for a page and its workers, in kilobytes.
 * @param {Page} page
 */
export async function transferred(page) {
	const sum = () => {
		const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
		return all.reduce((bytes, entry) => bytes + /** @type {PerformanceResourceTiming} */ (entry).transferSize, 0) / 1e3;
	};
	const all = await Promise.all([page.evaluate(sum), ...page.workers().map((worker) => worker.evaluate(sum))]);
	return all.reduce((a, b) => a + b, 0);
}

/**
 * Does something on a page, and returns how long after an event of a kind it was until an element was there, laid out.
 * @param {Page} page
 * @param {string} event
 * @param {string} selector
 * @param {() => Promise<void>} act
 */
export async function timeUntil(page, event, selector, act) {
	await page.evaluate(
		([event = "", selector = ""]) => {
			if (document.querySelector(selector)) throw new Error(`${selector} is there before`);
			Object.assign(globalThis, {
				took: new Promise((resolve) => {
					let began = 0;
					const observer = new MutationObserver(() => {
						if (!document.querySelector(selector)) return;
						observer.disconnect();
						document.body.getBoundingClientRect(); // which lays out what is new
						resolve(performance.now() - began);
					});
					const begin = (/** @type {Event} */ { timeStamp }) => {
						began = timeStamp;
						observer.observe(document, { subtree: true, childList: true, attributes: true });
					};
					addEventListener(event, begin, { once: true, capture: true });
				}),
			});
		},
		[event, selector],
	);
	await act();
	return /** @type {Promise<number>} */ (page.evaluate(() => /** @type {any} */ (globalThis).took));
}
