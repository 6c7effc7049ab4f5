import type { Schema } from "ldapedge";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type DefinitionRoute, parseRoute } from "../route.ts";
import { type Summarized, summaryOf } from "../summaries.ts";

/** How long one stays on a name until its summary comes, and how long it stays once one has left, in milliseconds. */
const delay = 250;
const stay = 150;

const id = "summary";

interface SummaryTipProps {
	schema: Schema;
	/** Where the names are. */
	within: RefObject<HTMLElement | null>;
}

/** Summarizes the definition whose name has the focus or is pointed at. */
export function SummaryTip({ schema, within }: SummaryTipProps) {
	const [shown, setShown] = useState<{ link: Element; summary: Summarized }>();
	const tip = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (within.current && tip.current) return follow(within.current, tip.current, schema, setShown);
	}, [schema, within]);
	useLayoutEffect(() => {
		if (!shown || !tip.current) return;
		const { link } = shown;
		tip.current.showPopover();
		place(tip.current, link.getBoundingClientRect());
		link.setAttribute("aria-describedby", id);
		return () => {
			link.removeAttribute("aria-describedby");
			tip.current?.hidePopover();
		};
	}, [shown]);
	return (
		<div id={id} class="summary" role="tooltip" popover="manual" ref={tip}>
			{shown && (
				<>
					<p>
						<strong>
							<bdi>{shown.summary.name}</bdi>
						</strong>{" "}
						<span class="muted">{shown.summary.facts.join(" · ")}</span>
					</p>
					{shown.summary.desc && <p dir="auto">{shown.summary.desc}</p>}
				</>
			)}
		</div>
	);
}

type Show = (shown: { link: Element; summary: Summarized } | undefined) => void;

/** Follows pointer and focus; returns how to end it. */
function follow(within: HTMLElement, tip: HTMLElement, schema: Schema, show: Show): () => void {
	let link: Element | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const leave = (after: number) => {
		clearTimeout(timer);
		link = undefined;
		timer = setTimeout(() => show(undefined), after);
	};
	const enter = (target: Element, route: DefinitionRoute) => {
		if (target === link) return;
		clearTimeout(timer);
		link = target;
		timer = setTimeout(async () => {
			const summary = await summaryOf(schema, route).catch(() => undefined);
			if (target === link && target.isConnected) show(summary && { link: target, summary });
		}, delay);
	};
	const over = (event: Event) => {
		const target = event.target as Element;
		if (event instanceof PointerEvent && event.pointerType === "touch") return;
		if (tip.contains(target)) return clearTimeout(timer);
		const named = target.closest("#definition a");
		const route = named && parseRoute(named.getAttribute("href") ?? "");
		if (named && route?.view === "definition") enter(named, route);
		else leave(stay);
	};
	const out = () => leave(stay);
	const dismiss = (event: KeyboardEvent) => {
		if (event.key !== "Escape" || !tip.matches(":popover-open")) return;
		event.preventDefault();
		leave(0);
	};
	// A name that scrolls into view with the focus has its summary still to come.
	const gone = () => {
		if (tip.matches(":popover-open")) leave(0);
	};
	within.addEventListener("pointerover", over);
	within.addEventListener("pointerleave", out);
	within.addEventListener("focusin", over);
	within.addEventListener("focusout", out);
	within.addEventListener("scroll", gone, true);
	document.addEventListener("keydown", dismiss, true);
	addEventListener("hashchange", gone);
	return () => {
		clearTimeout(timer);
		within.removeEventListener("pointerover", over);
		within.removeEventListener("pointerleave", out);
		within.removeEventListener("focusin", over);
		within.removeEventListener("focusout", out);
		within.removeEventListener("scroll", gone, true);
		document.removeEventListener("keydown", dismiss, true);
		removeEventListener("hashchange", gone);
	};
}

/** Puts the summary below the name or, where there is no room, above it. */
function place(tip: HTMLElement, name: DOMRect): void {
	const { width, height } = tip.getBoundingClientRect();
	const below = name.bottom + 4;
	const top = below + height <= innerHeight ? below : Math.max(4, name.top - height - 4);
	const left = Math.max(8, Math.min(name.left, innerWidth - width - 8));
	tip.style.top = `${top}px`;
	tip.style.left = `${left}px`;
}
