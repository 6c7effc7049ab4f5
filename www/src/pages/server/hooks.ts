/** What the server page asks for, and when. */
import { type DSAInfo, type Failure, LDAPEdgeError, type Schema } from "ldapedge";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Access } from "../../session.ts";
import { failureOf } from "../../state.ts";
import { type CheckedServer, checkServer, type Listed, listedServer } from "./check.ts";

/** How often a pool's state is looked at while it is on the screen, and the addresses of a server, in milliseconds. */
const listEvery = 4000;
const checkEvery = 15_000;

/** What has been asked for last. */
export interface Asked<T> {
	value?: T | undefined;
	failure?: Failure | undefined;
	waiting: boolean;
	/** When the last answer came. */
	at?: Date | undefined;
}

/** Asks at once, and again whenever the function or the returned one says so. What was there stays until the answer. */
export function useAsked<T>(ask: ((signal: AbortSignal) => Promise<T>) | undefined): [Asked<T>, () => void] {
	const [asked, setAsked] = useState<Asked<T>>({ waiting: false });
	const last = useRef<AbortController>(undefined);
	const again = useCallback(() => {
		last.current?.abort();
		if (!ask) return;
		const controller = new AbortController();
		last.current = controller;
		const { signal } = controller;
		setAsked((before) => ({ ...before, waiting: true }));
		ask(signal).then(
			(value) => signal.aborted || setAsked({ value, waiting: false, at: new Date() }),
			(error: unknown) => signal.aborted || setAsked((before) => failed(before, error)),
		);
	}, [ask]);
	useEffect(() => {
		setAsked({ waiting: ask !== undefined });
		again();
		return () => last.current?.abort();
	}, [again, ask]);
	return [asked, again];
}

/** Who asks too often is to wait: that is no news of the server. */
function failed<T>(before: Asked<T>, error: unknown): Asked<T> {
	const failure = failureOf(error);
	return { ...before, waiting: false, failure, at: failure.code === "too-many" ? before.at : new Date() };
}

/** Calls the function every so often, in milliseconds, as long as the page is in sight. */
function useBeat(beat: () => void, every: number): void {
	useEffect(() => {
		let timer: ReturnType<typeof setInterval> | undefined;
		const follow = () => {
			clearInterval(timer);
			if (!document.hidden) timer = setInterval(beat, every);
		};
		follow();
		document.addEventListener("visibilitychange", follow);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", follow);
		};
	}, [beat, every]);
}

/** The root DSE; a live server is asked for it anew. */
export function useInfo(schema: Schema): [Asked<DSAInfo>, () => void] {
	const ask = useCallback((signal: AbortSignal) => schema.info({ signal }), [schema]);
	return useAsked(ask);
}

/** How a server's addresses do, and what the connector says of a pool's members. */
export function useHealth(access: Access, name: string) {
	const { connector, token } = access;
	const list = useCallback(
		async (signal: AbortSignal): Promise<Listed> => {
			const one = await listedServer({ connector, token }, name, signal);
			if (one) return one;
			throw new LDAPEdgeError({ code: "unknown-server", where: connector.href, cause: name });
		},
		[connector, token, name],
	);
	const check = useCallback(
		(signal: AbortSignal): Promise<CheckedServer[]> => checkServer({ connector, token }, name, signal),
		[connector, token, name],
	);
	const [listed, listAgain] = useAsked(list);
	const [checked, checkAgain] = useAsked(check);
	useBeat(listAgain, listEvery);
	useBeat(checkAgain, checkEvery);
	return { listed, checked, checkAgain };
}
