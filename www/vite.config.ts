import { defineConfig, type Plugin } from "vite";
import { site } from "./site.plugin.ts";
import { text } from "./src/text.ts";

/** Puts the words that the page needs before its script runs where index.html names them. */
const words: Plugin = {
	name: "words",
	transformIndexHtml: (html) =>
		html.replaceAll(/%(title|description|noScript)%/g, (_, key: keyof typeof text.page) => text.page[key]),
};

export default defineConfig({
	base: "./",
	plugins: [words, site],
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	worker: { format: "es" },
	build: {
		target: ["chrome123", "firefox128", "safari17.5"],
		// There is one chunk: nothing to load beforehand.
		modulePreload: { polyfill: false },
		rolldownOptions: {
			input: ["index.html", "src/service-worker.ts"],
			// The worker keeps its name, by which browsers know it, and is at the root, of all of which it is in charge.
			output: {
				entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
			},
		},
	},
});
