import { remember, remembered } from "./storage.ts";

const themes = ["system", "light", "dark"] as const;

export type Theme = (typeof themes)[number];

const key = "theme"; // public/theme.js reads it too

/** The theme chosen on an earlier visit. */
export function rememberedTheme(): Theme {
	const found = remembered(() => localStorage, key);
	return themes.find((theme) => theme === found) ?? "system";
}

/** The one that the button changes to. */
export function themeAfter(theme: Theme): Theme {
	return themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
}

export function applyTheme(theme: Theme): void {
	if (theme === "system") delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
	remember(() => localStorage, key, theme === "system" ? "" : theme);
}
