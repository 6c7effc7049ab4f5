import { options } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Whether the page is being printed: what is folded is then shown. */
export function usePrinting(): boolean {
	const [printing, setPrinting] = useState(false);
	useEffect(() => {
		const begin = () => atOnce(() => setPrinting(true));
		const end = () => setPrinting(false);
		addEventListener("beforeprint", begin);
		addEventListener("afterprint", end);
		return () => {
			removeEventListener("beforeprint", begin);
			removeEventListener("afterprint", end);
		};
	}, []);
	return printing;
}

/** Draws what a change of state changes before it returns: the browser prints what is there when its listeners return. */
function atOnce(change: () => void): void {
	const { debounceRendering } = options;
	options.debounceRendering = (draw) => draw();
	change();
	if (debounceRendering) options.debounceRendering = debounceRendering;
	else delete options.debounceRendering;
}
