import { defineConfig, type Plugin } from "vite";
import { text } from "./src/text.ts";

/** Puts the words that the page needs before its script runs where index.html names them. */
const words: Plugin = {
	name: "words",
	transformIndexHtml: (html) =>
		html.replaceAll(/%(title|description|noScript)%/g, (_, key: keyof typeof text.page) => text.page[key]),
};

export default defineConfig({
	base: "./",
	plugins: [words],
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	worker: { format: "es" },
	build: {
		target: ["chrome123", "firefox128", "safari17.5"],
		// There is one chunk: nothing to load beforehand.
		modulePreload: { polyfill: false },
	},
});
