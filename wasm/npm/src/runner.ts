/** Where the module runs: in a worker of its own, or in this thread. */
import { type Application, type Applied, applyScript } from "./apply.js";
import { compiled, type Given } from "./load.js";

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

export function inWorker(module: Given, _: typeof WebSocket | undefined, listener: Listener): Runner {
	const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ldapedge" });
	worker.addEventListener("message", ({ data }: MessageEvent<Frame | string | Applied>) => {
		if (typeof data === "string") listener.end(data);
		else if (data instanceof Uint8Array) listener.receive(data);
		else listener.applied(data);
	});
	worker.addEventListener("error", (event) => listener.end(event.message || "the worker could not be loaded"));
	// Compiling it bit by bit as it comes would hold up this thread.
	worker.postMessage(module);
	return {
		post: (frame) => worker.postMessage(frame, [frame.buffer]),
		apply: (request) => worker.postMessage(request),
		close: () => worker.terminate(),
	};
}

export function inThread(module: Given, webSocket: typeof WebSocket | undefined, listener: Listener): Runner {
	// What the module does with a frame ends before the answer is looked at.
	const receive = (frame: Frame) => queueMicrotask(() => listener.receive(frame));
	const started = Promise.all([compiled(module), import("./start.js")]).then(([module, { start }]) =>
		start(module, receive, listener.end, { webSocket }),
	);
	const failed = (error: unknown) => listener.end(String(error));
	started.catch(failed);
	return {
		post: (frame) => void started.then((call) => call(frame)).catch(failed),
		apply: (request) => void applyScript(request).then(listener.applied),
		close() {},
	};
}
