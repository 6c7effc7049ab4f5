/** The icons, by the name of their file; the style sheet paints them in the colour of the text. */
export type IconName =
	| "attribute"
	| "back"
	| "cancel"
	| "class"
	| "copy"
	| "dark"
	| "download"
	| "light"
	| "menu"
	| "reload"
	| "rule"
	| "search"
	| "syntax"
	| "system"
	| "warning";

/** An icon beside a word that says the same. */
export function Icon({ name }: { name: IconName }) {
	return <span class={`icon icon-${name}`} aria-hidden="true" />;
}
