import { useMemo } from "preact/hooks";
import { type Parameters, readParameters, writeParameters } from "../../parameters.ts";
import type { PageRoute } from "../../route.ts";
import { useViewer } from "../../viewer.ts";

/** The parameters in a page's address, and what changes some of them. */
export function usePageParameters(route: PageRoute): [Parameters, (changes: Parameters) => void] {
	const viewer = useViewer();
	const parameters = useMemo(() => readParameters(route.parameters), [route.parameters]);
	const change = (changes: Parameters) =>
		viewer.changePage({ ...route, parameters: writeParameters({ ...parameters, ...changes }) });
	return [parameters, change];
}
