import { Graph, layout } from "@dagrejs/dagre";
import type { Ref } from "ldapedge";
import type { Neighbour, Neighbourhood } from "./neighbourhood.ts";

/** Where something is, in pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A neighbour where it is drawn. */
export interface Box extends Area {
	neighbour: Neighbour;
	/** The name as far as there is room for it. */
	name: string;
	/** The attributes that are drawn, and how many are not. */
	attributes: { ref: Ref; name: string; required: boolean }[];
	hidden: number;
}

export interface Drawing {
	width: number;
	height: number;
	boxes: Box[];
	/** Around those below, where they are too many for a row. */
	frame: Area | undefined;
	/** Where the rest can be unfolded or folded. */
	more: Area | undefined;
	/** How many are folded. */
	folded: number;
	lines: { x: number; y: number }[][];
}

export interface Choices {
	/** How wide it should be at most. */
	width: number;
	/** Whether classes have their attributes. */
	attributes: boolean;
	/** Whether all are drawn, however many there are. */
	unfolded: boolean;
	/** How wide a text is. */
	measure: (text: string) => number;
}

/** How many are drawn unless more are asked for. */
const readable = 40;
/** How many attributes a class has at most. */
const readableAttributes = 16;
/** How many stand in a row below at most, each with a line of its own. */
const rowMost = 6;

export const lineHeight = 24;
const headHeight = { plain: 32, noted: 44 };
const padding = 12;
const gap = 12;
const narrowest = 88;
const widest = 240;

/** Lays a neighbourhood out: above on top, below at the bottom, in a frame of their own if they are many. */
export function draw(hood: Neighbourhood, choices: Choices): Drawing {
	const most = Math.max(rowMost, readable - 1 - hood.above.length);
	const shown = choices.unfolded ? hood.below : hood.below.slice(0, most);
	const below = shown.map((neighbour) => boxOf(neighbour, choices, false));
	const folds = hood.below.length > most;
	const inRow = !folds && below.length <= rowMost && rowWidth(below) <= choices.width;
	const frame = below.length > 0 && !inRow ? grid(below, folds, choices.width) : undefined;
	const placed = place(hood, choices, below, frame);
	return { ...placed, folded: hood.below.length - shown.length };
}

const rowWidth = (boxes: Area[]): number => boxes.reduce((sum, { width }) => sum + width + gap, gap);

function boxOf(neighbour: Neighbour, choices: Choices, full: boolean): Box {
	const all = choices.attributes && full ? attributesOf(neighbour) : [];
	const shown = all.slice(0, readableAttributes);
	const hidden = all.length - shown.length;
	const texts = [neighbour.ref.name, ...shown.map(({ ref }) => `+ ${ref.name}`)];
	const wanted = Math.max(...texts.map(choices.measure)) + 2 * padding;
	const width = Math.ceil(Math.min(widest, Math.max(narrowest, wanted)));
	const head = neighbour.note ? headHeight.noted : headHeight.plain;
	const lines = shown.length + (hidden > 0 ? 1 : 0);
	const fit = (name: string, more = "") => fitted(name, width - 2 * padding - choices.measure(more), choices.measure);
	return {
		neighbour,
		name: fit(neighbour.ref.name),
		attributes: shown.map((one) => ({ ...one, name: fit(one.ref.name, "+ ") })),
		hidden,
		x: 0,
		y: 0,
		width,
		height: head + (lines > 0 ? lines * lineHeight + 8 : 0),
	};
}

const attributesOf = ({ must, may }: Neighbour) => [
	...must.map((ref) => ({ ref, required: true })),
	...may.map((ref) => ({ ref, required: false })),
];

/** Cuts a text to what there is room for. */
function fitted(name: string, room: number, measure: (text: string) => number): string {
	if (name.length < 64 && measure(name) <= room) return name;
	let length = Math.min(name.length, 64);
	while (length > 1 && measure(`${name.slice(0, length)}…`) > room) length--;
	return `${name.slice(0, length)}…`;
}

interface Frame {
	width: number;
	height: number;
	more: Area | undefined;
}

/** Puts boxes in rows and columns, from the top left corner on. */
function grid(boxes: Box[], folds: boolean, room: number): Frame {
	const width = Math.max(...boxes.map((box) => box.width));
	const height = Math.max(...boxes.map((box) => box.height));
	const cells = boxes.length + (folds ? 1 : 0);
	const columns = Math.max(1, Math.min(cells, Math.floor((room - 3 * gap) / (width + gap))));
	const cell = (i: number): Area => ({
		x: gap + (i % columns) * (width + gap),
		y: gap + Math.floor(i / columns) * (height + gap),
		width,
		height,
	});
	boxes.forEach((box, i) => {
		Object.assign(box, cell(i));
	});
	return {
		width: gap + columns * (width + gap),
		height: gap + Math.ceil(cells / columns) * (height + gap),
		more: folds ? cell(boxes.length) : undefined,
	};
}

const frameID = "frame";

function place(hood: Neighbourhood, choices: Choices, below: Box[], frame: Frame | undefined): Omit<Drawing, "folded"> {
	const upper = [hood.here, ...hood.above].map((neighbour) => boxOf(neighbour, choices, true));
	const boxes = [...upper, ...(frame ? [] : below)];
	const graph = new Graph();
	graph.setGraph({ rankdir: "TB", nodesep: gap, ranksep: 36, marginx: gap, marginy: gap });
	graph.setDefaultEdgeLabel(() => ({}));
	const ids = new Map(boxes.map((box, i) => [box.neighbour, String(i)]));
	for (const box of boxes) graph.setNode(ids.get(box.neighbour) ?? "", { width: box.width, height: box.height });
	for (const [from, to] of hood.edges) graph.setEdge(ids.get(from) ?? "", ids.get(to) ?? "");
	if (frame) graph.setNode(frameID, { width: frame.width, height: frame.height });
	for (const id of frame ? [frameID] : below.map((box) => ids.get(box.neighbour) ?? "")) graph.setEdge("0", id);
	layout(graph);
	const corner = (id: string): { x: number; y: number } => {
		const { x, y, width, height } = graph.node(id);
		return { x: x - width / 2, y: y - height / 2 };
	};
	for (const box of boxes) Object.assign(box, corner(ids.get(box.neighbour) ?? ""));
	const at = frame ? corner(frameID) : { x: 0, y: 0 };
	const moved = <A extends Area>(area: A): A => ({ ...area, x: area.x + at.x, y: area.y + at.y });
	const { width = 0, height = 0 } = graph.graph();
	return {
		width: Math.ceil(width),
		height: Math.ceil(height),
		boxes: frame ? [...upper, ...below.map(moved)] : boxes,
		frame: frame && { ...at, width: frame.width, height: frame.height },
		more: frame?.more && moved(frame.more),
		lines: graph.edges().map((edge) => graph.edge(edge).points ?? []),
	};
}
