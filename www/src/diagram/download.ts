import { save } from "../save.ts";
import styles from "./picture.css?inline";

const namespace = "http://www.w3.org/2000/svg";

/** Saves a picture as a file that needs nothing of the page: with its styles and colours, and without links into the page. */
export function downloadPicture(picture: SVGSVGElement, name: string): void {
	save(`${name}.svg`, "image/svg+xml", standalone(picture));
}

function standalone(picture: SVGSVGElement): string {
	const copy = picture.cloneNode(true) as SVGSVGElement;
	const { width, height } = picture.viewBox.baseVal;
	copy.setAttribute("xmlns", namespace);
	copy.setAttribute("width", String(width));
	copy.setAttribute("height", String(height));
	for (const more of copy.querySelectorAll(".more")) more.remove();
	for (const link of copy.querySelectorAll("a")) unlink(link);
	const style = document.createElementNS(namespace, "style");
	style.textContent = resolved(styles, picture);
	const paper = document.createElementNS(namespace, "rect");
	paper.setAttribute("width", "100%");
	paper.setAttribute("height", "100%");
	paper.setAttribute("fill", colour("--sheet", picture));
	copy.prepend(style, paper);
	// What a name may have and XML may not.
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
	return new XMLSerializer().serializeToString(copy).replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}

function unlink(link: Element): void {
	const group = document.createElementNS(namespace, "g");
	group.setAttribute("class", link.getAttribute("class") ?? "");
	group.append(...link.childNodes);
	link.replaceWith(group);
}

/** Puts what the page's variables are now in their place. */
function resolved(css: string, within: Element): string {
	return css.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) =>
		name === "--sans" ? "system-ui, sans-serif" : colour(name, within),
	);
}

function colour(variable: string, within: Element): string {
	const probe = document.createElementNS(namespace, "g");
	within.append(probe);
	probe.style.fill = `var(${variable})`;
	const { fill } = getComputedStyle(probe);
	probe.remove();
	return fill;
}
