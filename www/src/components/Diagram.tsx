import type { Definition, Schema } from "ldapedge";
import { useEffect, useState } from "preact/hooks";
import { neighboursOf } from "../diagram/neighbourhood.ts";
import { text } from "../text.ts";

type View = typeof import("../diagram/DiagramView.tsx").DiagramView;

/** The part that draws, once it has been loaded. */
let loaded: View | undefined;

interface DiagramProps {
	source: string;
	schema: Schema;
	definition: Definition;
}

/** A definition among its neighbours, if it has any. What draws is loaded when it is needed first. */
export function Diagram(props: DiagramProps) {
	const neighbours = neighboursOf(props.definition);
	const [View, setView] = useState<View | undefined>(() => loaded);
	const [failed, setFailed] = useState(false);
	const some = neighbours !== undefined && neighbours.above.length + neighbours.below.length > 0;
	useEffect(() => {
		if (!some || loaded) return;
		let current = true;
		import("../diagram/DiagramView.tsx").then(
			({ DiagramView }) => {
				loaded = DiagramView;
				if (current) setView(() => DiagramView);
			},
			() => current && setFailed(true),
		);
		return () => {
			current = false;
		};
	}, [some]);
	if (!some) return null;
	const height = placeFor(neighbours.above.length, neighbours.below.length);
	return (
		<section class="diagram" aria-labelledby="diagram-title">
			<h2 id="diagram-title">{text.diagram.heading}</h2>
			{failed && <p class="muted">{text.diagram.failed}</p>}
			{!failed && (View ? <View {...props} height={height} /> : <Place height={height} />)}
		</section>
	);
}

/** Keeps the place of a diagram that is on its way: nothing moves when it comes. */
export function Place({ height }: { height: number }) {
	return <svg class="place" width="1" height={height} aria-hidden="true" />;
}

/** About how high a diagram with its tools is going to be, in pixels. */
function placeFor(above: number, below: number): number {
	return 48 + (above + 1) * 80 + (below > 0 ? 80 : 0);
}
