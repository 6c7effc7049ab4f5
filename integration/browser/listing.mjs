// The list of the viewer, of which only the rows about those in sight are in the document.

/** @typedef {import("playwright-core").Page} Page */

/**
 * The names of all rows, in their order: the list is scrolled through from its top.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function namesOfRows(page) {
	await page.locator("#list a.row").first().waitFor();
	return page.evaluate(async () => {
		const panel = /** @type {HTMLElement} */ (document.querySelector("#panel"));
		/** @type {Map<number, string>} */
		const names = new Map();
		panel.scrollTop = 0;
		for (let before = -1; ; ) {
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			for (const row of document.querySelectorAll("#list > li"))
				names.set(
					Number(/** @type {HTMLElement} */ (row).dataset.index),
					row.querySelector("a.row")?.getAttribute("data-name") ?? "",
				);
			if (panel.scrollTop === before) break;
			before = panel.scrollTop;
			panel.scrollTop += panel.clientHeight;
		}
		panel.scrollTop = 0;
		return [...names].sort(([a], [b]) => a - b).map(([, name]) => name);
	});
}

/**
 * Scrolls until the row of a definition is in the document, and returns it.
 * @param {Page} page
 * @param {string} name
 */
export async function rowOf(page, name) {
	const row = page.locator(`#list a.row[data-name="${name}"]`).first();
	const names = await namesOfRows(page);
	await page.evaluate(
		([at, of]) => {
			const panel = /** @type {HTMLElement} */ (document.querySelector("#panel"));
			panel.scrollTop = (panel.scrollHeight * (at ?? 0)) / (of ?? 1) - panel.clientHeight / 2;
		},
		[names.indexOf(name), names.length],
	);
	await row.waitFor();
	return row;
}
