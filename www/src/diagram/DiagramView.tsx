import type { Definition, Schema } from "ldapedge";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Place } from "../components/Diagram.tsx";
import { RefLink } from "../components/RefLink.tsx";
import { text } from "../text.ts";
import { AsText } from "./AsText.tsx";
import { downloadPicture } from "./download.ts";
import { draw } from "./layout.ts";
import { type Neighbour, type Neighbourhood, neighbourhood } from "./neighbourhood.ts";
import { Picture } from "./Picture.tsx";
import "./picture.css";

interface DiagramViewProps {
	source: string;
	schema: Schema;
	definition: Definition;
	/** How high it is until it is there. */
	height: number;
}

/** A neighbourhood as a picture and as a list, with what can be done with it. */
export function DiagramView({ source, schema, definition, height }: DiagramViewProps) {
	const hood = useNeighbourhood(schema, definition);
	if (hood === "failed") return <p class="muted">{text.diagram.failed}</p>;
	if (!hood) return <Place height={height} />;
	const { collection, name, ordinal } = definition;
	return (
		<>
			<Drawn source={source} hood={hood} />
			{/* Texts are written of what look-ups find: the first of a name. */}
			{collection === "objectClasses" && !ordinal && <AsText schema={schema} name={name} />}
		</>
	);
}

function useNeighbourhood(schema: Schema, definition: Definition): Neighbourhood | "failed" | undefined {
	const [hood, setHood] = useState<Neighbourhood | "failed">();
	useEffect(() => {
		let current = true;
		const set = (found: Neighbourhood | "failed") => current && setHood(found);
		neighbourhood(schema, definition).then(set, () => set("failed"));
		return () => {
			current = false;
		};
	}, [schema, definition]);
	return hood;
}

/** The scales, of which 1 is the one with text as large as elsewhere. */
const scales = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2];

interface DrawnProps {
	source: string;
	hood: Neighbourhood;
}

function Drawn({ source, hood }: DrawnProps) {
	const [attributes, setAttributes] = useState(false);
	const [unfolded, setUnfolded] = useState(false);
	const [scale, setScale] = useState(1);
	const view = useRef<HTMLDivElement>(null);
	const width = useWidth(view);
	const drawing = useMemo(
		() => (width > 0 ? draw(hood, { width, attributes, unfolded, measure }) : undefined),
		[hood, width, attributes, unfolded],
	);
	const { name } = hood.here.ref;
	const zoom = (by: 1 | -1) => setScale(scales[scales.indexOf(scale) + by] ?? scale);
	// A button that is disabled would lose the focus.
	const download = () => {
		const picture = view.current?.querySelector<SVGSVGElement>("svg.picture");
		if (picture) downloadPicture(picture, name);
	};
	const hasAttributes = [hood.here, ...hood.above].some(({ must, may }) => must.length + may.length > 0);
	return (
		<>
			<div class="tools">
				{hasAttributes && (
					<label class="check">
						<input
							type="checkbox"
							checked={attributes}
							onChange={(event) => setAttributes(event.currentTarget.checked)}
						/>
						{text.diagram.attributes}
					</label>
				)}
				<button type="button" onClick={() => zoom(-1)} aria-disabled={scale === scales[0]}>
					{text.diagram.zoomOut}
				</button>
				<button type="button" onClick={() => zoom(1)} aria-disabled={scale === scales.at(-1)}>
					{text.diagram.zoomIn}
				</button>
				<button type="button" onClick={download}>
					{text.diagram.download}
				</button>
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
			<section class="view" ref={view} aria-label={text.diagram.label(name)} tabIndex={0}>
				{drawing && (
					<Picture
						source={source}
						label={text.diagram.label(name)}
						drawing={drawing}
						scale={scale}
						inherits={hood.inherits}
						toggle={() => setUnfolded(!unfolded)}
					/>
				)}
			</section>
			<AsList source={source} hood={hood} />
		</>
	);
}

/** The same in words. */
function AsList({ source, hood: { here, above, below } }: DrawnProps) {
	return (
		<details class="as-list folds">
			<summary>{text.diagram.asList}</summary>
			<dl class="fields">
				{above.length > 0 && <Names source={source} name={text.diagram.above} all={above} />}
				<Names source={source} name={text.diagram.here} all={[here]} />
				{below.length > 0 && <Names source={source} name={text.diagram.below} all={below} />}
			</dl>
		</details>
	);
}

function Names({ source, name, all }: { source: string; name: string; all: Neighbour[] }) {
	return (
		<div class="field">
			<dt>{name}</dt>
			<dd>
				<ul class="names">
					{all.map(({ ref, note, must, may }) => (
						<li key={`${ref.name} ${ref.ordinal}`}>
							<RefLink source={source} to={ref} /> {ref.known && note && <span class="muted">{note}</span>}
							{must.length + may.length > 0 && (
								<span class="muted"> ({text.summary.counts(must.length, may.length)})</span>
							)}
						</li>
					))}
				</ul>
			</dd>
		</div>
	);
}

/** The width of an element, in steps, so that a diagram is not laid out anew with each pixel. */
function useWidth(element: { current: HTMLElement | null }): number {
	const step = 32;
	const [width, setWidth] = useState(0);
	useLayoutEffect(() => {
		if (!element.current) return;
		const observer = new ResizeObserver(([entry]) => {
			setWidth(Math.floor((entry?.contentRect.width ?? 0) / step) * step);
		});
		observer.observe(element.current);
		return () => observer.disconnect();
	}, [element]);
	return width;
}

let context: CanvasRenderingContext2D | null | undefined;

/** How wide a text is in the picture, bold as the name of the definition itself is. */
function measure(words: string): number {
	context ??= document.createElement("canvas").getContext("2d");
	if (!context) return words.length * 8;
	context.font = `600 14px ${getComputedStyle(document.body).fontFamily}`;
	return context.measureText(words.slice(0, 100)).width;
}
