import type { Failure } from "ldapedge";
import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../../state.ts";

/** What has been answered last, or why there is no answer, and whether a newer one is on its way. */
export interface Answer<T> {
	value?: T;
	failure?: Failure;
	waiting: boolean;
}

/**
 * Asks anew whenever what is asked with changes. The answer before stays until then; without a question there is none.
 */
export function useAnswer<T>(ask: ((signal: AbortSignal) => Promise<T>) | undefined, inputs: unknown[]): Answer<T> {
	const [answer, setAnswer] = useState<Answer<T>>({ waiting: ask !== undefined });
	useEffect(() => {
		if (!ask) {
			setAnswer({ waiting: false });
			return;
		}
		const asking = new AbortController();
		const { signal } = asking;
		setAnswer((before) => ({ ...before, waiting: true }));
		ask(signal).then(
			(value) => signal.aborted || setAnswer({ value, waiting: false }),
			(error: unknown) => signal.aborted || setAnswer({ failure: failureOf(error), waiting: false }),
		);
		return () => asking.abort();
	}, inputs);
	return answer;
}
