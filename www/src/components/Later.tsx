import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Draws what is out of sight at first once what is in sight has been painted. */
export function Later({ children }: { children: () => ComponentChildren }) {
	const [now, setNow] = useState(false);
	useEffect(() => {
		const frame = requestAnimationFrame(() => setNow(true));
		return () => cancelAnimationFrame(frame);
	}, []);
	return now ? children() : null;
}
