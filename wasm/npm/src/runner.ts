/** Where the module runs: in a worker of its own, or in this thread. */
import { type Application, type Applied, applyScript } from "./apply.js";

type Frame = Uint8Array<ArrayBuffer>;

/** What a runner tells. */
export interface Listener {
	receive(frame: Frame): void;
	applied(answer: Applied): void;
	end(cause: string): void;
}

/** A running module as bytes in and out. */
export interface Runner {
	post(frame: Frame): void;
	apply(request: Application): void;
	close(): void;
}

/** Whether the host has workers. */
export const hasWorkers = typeof Worker !== "undefined";

/** The module, on its way. */
type Coming = Promise<WebAssembly.Module>;

export function inWorker(module: Coming, _: typeof WebSocket | undefined, listener: Listener): Runner {
	const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ldapedge" });
	worker.addEventListener("message", ({ data }: MessageEvent<Frame | string | Applied>) => {
		if (typeof data === "string") listener.end(data);
		else if (data instanceof Uint8Array) listener.receive(data);
		else listener.applied(data);
	});
	worker.addEventListener("error", (event) => listener.end(event.message || "the worker could not be loaded"));
	// It is fetched and compiled while the worker starts, bit by bit as it comes.
	module.then(
		(compiled) => worker.postMessage(compiled),
		(error: unknown) => listener.end(String(error)),
	);
	return {
		post: (frame) => worker.postMessage(frame, [frame.buffer]),
		apply: (request) => worker.postMessage(request),
		close: () => worker.terminate(),
	};
}

export function inThread(module: Coming, webSocket: typeof WebSocket | undefined, listener: Listener): Runner {
	// What the module does with a frame ends before the answer is looked at.
	const receive = (frame: Frame) => queueMicrotask(() => listener.receive(frame));
	const started = Promise.all([module, import("./start.js")]).then(([compiled, { start }]) =>
		start(compiled, receive, listener.end, { webSocket }),
	);
	const failed = (error: unknown) => listener.end(String(error));
	started.catch(failed);
	return {
		post: (frame) => void started.then((call) => call(frame)).catch(failed),
		apply: (request) => void applyScript(request).then(listener.applied),
		close() {},
	};
}
