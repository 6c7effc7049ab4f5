import type { ComponentChildren, RefObject, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { focusSearch } from "../keys.ts";
import type { Line, Lines } from "../lines.ts";
import { useViewer } from "../viewer.ts";

/** How many rows there are above and below those in sight, so that scrolling finds them drawn. */
const spare = 30;

/** How many there are below them at first: who has just come, or types, does not scroll yet. */
const fewSpare = 4;

/** How many rows stay in sight beside one that is brought into view. */
const beside = 2;

interface VirtualRowsProps {
	lines: Lines;
	/** The line of the definition that is open, or -1. */
	current: number;
	/** What scrolls. */
	scroller: RefObject<HTMLElement | null>;
	label: string;
	/** The list's attributes beside those of all lists. */
	marks?: Record<string, string | undefined>;
	children: (line: Line, tabIndex: 0 | -1) => ComponentChildren;
}

/**
 * A list of which only the rows about those in sight are in the document. It is
 * one stop of the tab key, and the arrows move within it.
 */
export function VirtualRows({ lines, current, scroller, label, marks, children }: VirtualRowsProps) {
	const list = useRef<HTMLUListElement>(null);
	const rows = lines.lines;
	const [first, last] = useWindow(scroller, list, rows.length);
	const { active, setActive, moveTo } = useActive(lines, current, scroller, list);
	const tree = lines.shape === "tree";
	const onKeyDown = useKeys(rows, active, moveTo);
	// The row with the focus stays where it is when it is scrolled out of sight.
	const shown = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
	if (active < first) shown.unshift(active);
	else if (active >= last && active < rows.length) shown.push(active);
	return (
		<ul
			id="list"
			ref={list}
			role={tree ? "tree" : undefined}
			aria-label={tree ? label : undefined}
			style={{ "--count": rows.length }}
			onKeyDown={onKeyDown}
			onFocusIn={(event) => setActive(indexOf(event.target) ?? active)}
			{...marks}
		>
			{shown.map((i) => {
				const line = rows[i];
				if (!line) return null;
				const place = tree ? { role: "none" as const } : { "aria-setsize": rows.length, "aria-posinset": i + 1 };
				// By their places: another list takes over the elements of the one before.
				return (
					<li key={i} data-index={i} style={{ "--index": i }} {...place}>
						{children(line, i === active ? 0 : -1)}
					</li>
				);
			})}
		</ul>
	);
}

function indexOf(target: EventTarget | null): number | undefined {
	const row = target instanceof Element ? target.closest<HTMLElement>("#list > li") : null;
	return row ? Number(row.dataset.index) : undefined;
}

/** The height of a row, which the style sheet decides. */
function heightOf(list: HTMLElement): number {
	return Number.parseFloat(getComputedStyle(list).getPropertyValue("--row")) || 28;
}

/** The rows that are to be drawn: from the first to before the last. */
export function useWindow(
	scroller: RefObject<HTMLElement | null>,
	list: RefObject<HTMLElement | null>,
	count: number,
): [number, number] {
	const [[first, last], setWindow] = useState([0, spare]);
	useLayoutEffect(() => {
		const panel = scroller.current;
		if (!panel) return;
		const measure = () => {
			if (!list.current) return;
			const height = heightOf(list.current);
			// In steps, so that not each row that scrolls by is a drawing of the list.
			const top = Math.floor(panel.scrollTop / height / 10) * 10;
			const from = Math.max(0, top - spare);
			const inSight = Math.ceil(panel.clientHeight / height);
			const to = top + inSight + (panel.scrollTop === 0 ? fewSpare : 10 + spare);
			setWindow((before) => (before[0] === from && before[1] === to ? before : [from, to]));
		};
		panel.addEventListener("scroll", measure, { passive: true });
		const observer = new ResizeObserver(measure); // which measures at once, when the page has been laid out
		observer.observe(panel);
		return () => {
			panel.removeEventListener("scroll", measure);
			observer.disconnect();
		};
	}, [scroller, list]);
	return [Math.min(first ?? 0, count), Math.min(last ?? 0, count)];
}

/** The row that the tab key goes to: the one that had the focus last, or that of the definition that is open. */
function useActive(
	lines: Lines,
	current: number,
	scroller: RefObject<HTMLElement | null>,
	list: RefObject<HTMLElement | null>,
) {
	const [active, setActive] = useState(Math.max(0, current));
	const [asked, setAsked] = useState(0);
	const before = useRef<string | undefined>(undefined);
	const scrolled = useScrolled(scroller);
	// By its key: its place changes with what is opened above it.
	const key = lines.lines[current]?.key;
	useLayoutEffect(() => {
		const another = before.current !== lines.identity;
		before.current = lines.identity;
		if (another && scrolled.current) scroller.current?.scrollTo(0, 0);
		if (another || key) setActive(Math.max(0, current));
		if (key) bringIntoView(scroller.current, list.current, current);
	}, [lines.identity, key, scroller, list]);
	useLayoutEffect(() => {
		if (asked > 0) list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
	}, [asked, list]);
	const moveTo = (index: number) => {
		const to = Math.max(0, Math.min(index, lines.lines.length - 1));
		bringIntoView(scroller.current, list.current, to);
		setActive(to);
		setAsked(asked + 1);
	};
	return { active: Math.min(active, Math.max(0, lines.lines.length - 1)), setActive, moveTo };
}

/** Whether an element is scrolled: to ask itself would have it laid out. */
export function useScrolled(scroller: RefObject<HTMLElement | null>): RefObject<boolean> {
	const scrolled = useRef(false);
	useLayoutEffect(() => {
		const panel = scroller.current;
		const note = () => {
			scrolled.current = panel?.scrollTop !== 0;
		};
		panel?.addEventListener("scroll", note, { passive: true });
		return () => panel?.removeEventListener("scroll", note);
	}, [scroller]);
	return scrolled;
}

function bringIntoView(panel: HTMLElement | null, list: HTMLElement | null, index: number): void {
	if (!panel || !list) return;
	const height = heightOf(list);
	const above = (index - beside) * height;
	const below = (index + 1 + beside) * height - panel.clientHeight;
	if (panel.scrollTop > above) panel.scrollTop = above;
	else if (panel.scrollTop < below) panel.scrollTop = below;
}

/** The keys within the list. Up from the first row is the search field. */
function useKeys(rows: Lines["lines"], active: number, moveTo: (index: number) => void) {
	const viewer = useViewer();
	return (event: TargetedKeyboardEvent<HTMLElement>) => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		const height = event.currentTarget.parentElement?.clientHeight ?? 0;
		const page = Math.max(1, Math.floor(height / heightOf(event.currentTarget)));
		const place = rows[active]?.place;
		const moves: Record<string, () => void> = {
			ArrowDown: () => moveTo(active + 1),
			ArrowUp: () => (active === 0 ? focusSearch() : moveTo(active - 1)),
			Home: () => moveTo(0),
			End: () => moveTo(rows.length - 1),
			PageDown: () => moveTo(active + page),
			PageUp: () => moveTo(active - page),
		};
		if (place) {
			moves.ArrowRight = () =>
				place.open === false ? viewer.setOpen(place.path, true) : place.open && moveTo(active + 1);
			moves.ArrowLeft = () => {
				if (place.open) viewer.setOpen(place.path, false);
				else if (place.parent) moveTo(rows.findIndex((row) => row.place === place.parent));
			};
		}
		const move = moves[event.key];
		if (!move) return;
		move();
		event.preventDefault();
	};
}
