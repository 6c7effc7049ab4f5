import { defineConfig, type Plugin } from "vite";
import { site } from "./site.plugin.ts";
import { text } from "./src/text.ts";

/** Puts the words that the page needs before its script runs where index.html names them. */
const words: Plugin = {
	name: "words",
	transformIndexHtml: (html) =>
		html.replaceAll(/%(title|description|noScript)%/g, (_, key: keyof typeof text.page) => text.page[key]),
};

/** Has the page's own script fetched beside the one that starts the module. */
const preloads: Plugin = {
	name: "preloads",
	transformIndexHtml: {
		order: "post",
		handler(_, { bundle = {}, chunk: entry }) {
			const page = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "page");
			if (page?.type !== "chunk") throw new Error("the bundle has no page");
			const scripts = [page.fileName, ...page.imports].filter((file) => file !== entry?.fileName);
			const links = scripts.map((file) => ({ rel: "modulepreload", crossorigin: true, href: `./${file}` }));
			return links.map((attrs) => ({ tag: "link", attrs, injectTo: "head" as const }));
		},
	},
};

export default defineConfig({
	base: "./",
	plugins: [words, preloads, site],
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	worker: { format: "es" },
	build: {
		target: ["chrome123", "firefox128", "safari17.5"],
		// All browsers of the target know it.
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
