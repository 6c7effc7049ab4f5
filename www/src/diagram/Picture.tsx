import type { Ref } from "ldapedge";
import { formatRoute } from "../route.ts";
import { text } from "../text.ts";
import { type Area, type Box, type Drawing, lineHeight } from "./layout.ts";

interface PictureProps {
	source: string;
	label: string;
	drawing: Drawing;
	/** How large it is drawn. */
	scale: number;
	/** Whether the lines are those of inheritance. */
	inherits: boolean;
	/** Folds or unfolds those that are too many. */
	toggle: () => void;
}

/** A neighbourhood as a picture, in which each definition is a link. */
export function Picture({ source, label, drawing, scale, inherits, toggle }: PictureProps) {
	const { width, height, boxes, frame, more, folded, lines } = drawing;
	return (
		// biome-ignore lint/a11y/useSemanticElements: within SVG there is no other element that groups links.
		<svg
			class="picture"
			role="group"
			aria-label={label}
			viewBox={`0 0 ${width} ${height}`}
			width={Math.round(width * scale)}
			height={Math.round(height * scale)}
		>
			<defs>
				<marker
					id="inherits"
					viewBox="0 0 12 12"
					refX="11"
					refY="6"
					markerWidth="12"
					markerHeight="12"
					orient="auto-start-reverse"
				>
					<path class="arrow" d="M1 1 11 6 1 11Z" />
				</marker>
			</defs>
			<g>
				{frame && <rect class="frame" {...frame} rx="4" />}
				{lines.map((points) => (
					<path
						key={pathOf(points)}
						class="line"
						d={pathOf(points)}
						{...(inherits && { "marker-start": "url(#inherits)" })}
					/>
				))}
			</g>
			{boxes.map((box, i) => (
				<BoxView
					key={`${box.neighbour.ref.name} ${box.neighbour.ref.ordinal}`}
					source={source}
					box={box}
					here={i === 0}
				/>
			))}
			{more && <More area={more} folded={folded} toggle={toggle} />}
		</svg>
	);
}

const pathOf = (points: { x: number; y: number }[]): string =>
	points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

function BoxView({ source, box, here }: { source: string; box: Box; here: boolean }) {
	const { neighbour, x, y, width, height, attributes, hidden } = box;
	const center = x + width / 2;
	const head = neighbour.note ? 44 : 32;
	return (
		<g>
			<Link source={source} to={neighbour.ref} name={here ? "node here" : "node"} here={here}>
				<title>{titleOf(neighbour.ref, neighbour.note)}</title>
				<rect x={x} y={y} width={width} height={height} rx="4" />
				<text x={center} y={y + 21} text-anchor="middle">
					{box.name}
				</text>
				{neighbour.note && (
					<text class="note" x={center} y={y + 36} text-anchor="middle">
						{neighbour.note}
					</text>
				)}
			</Link>
			{attributes.length > 0 && <path class="rule" d={`M${x} ${y + head}h${width}`} />}
			{attributes.map(({ ref, name, required }, i) => (
				<Link key={`${required} ${ref.name}`} source={source} to={ref} name="attribute">
					<title>{titleOf(ref, required ? text.diagram.must : text.diagram.may)}</title>
					<rect x={x + 4} y={y + head + 4 + i * lineHeight} width={width - 8} height={lineHeight} rx="2" />
					<text x={x + 12} y={y + head + 20 + i * lineHeight}>
						{required ? "+" : "○"} {name}
					</text>
				</Link>
			))}
			{hidden > 0 && (
				<text class="note" x={x + 12} y={y + head + 20 + attributes.length * lineHeight}>
					{text.diagram.moreAttributes(hidden)}
				</text>
			)}
		</g>
	);
}

const titleOf = (ref: Ref, note: string): string => (note ? `${ref.name}, ${note}` : ref.name);

interface LinkProps {
	source: string;
	to: Ref;
	name: string;
	here?: boolean;
	children: preact.ComponentChildren;
}

/** A link, if there is something to lead to. */
function Link({
	source,
	to: { collection, name, ordinal, known },
	name: className,
	here = false,
	children,
}: LinkProps) {
	if (!known) return <g class={`${className} unknown`}>{children}</g>;
	const href = formatRoute({ view: "definition", source, collection, name, ordinal });
	return (
		<a class={className} href={href} data-name={name} {...(here && { "aria-current": "true" })}>
			{children}
		</a>
	);
}

function More({ area: { x, y, width, height }, folded, toggle }: { area: Area; folded: number; toggle: () => void }) {
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== "Enter" && event.key !== " ") return;
		event.preventDefault();
		toggle();
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: SVG has no button.
		<g class="more" role="button" tabindex={0} onClick={toggle} onKeyDown={onKeyDown}>
			<rect x={x} y={y} width={width} height={height} rx="4" />
			<text x={x + width / 2} y={y + height / 2 + 5} text-anchor="middle">
				{folded > 0 ? text.diagram.more(folded) : text.diagram.fewer}
			</text>
		</g>
	);
}
