/**
 * The worker that holds the module. Its messages are frames of the module, but
 * for the first one from the page, which is the compiled module, and the last
 * one to it, a string that says why the module has ended.
 */
import { type Host, start } from "./host.js";

/** The scope of a dedicated worker, as far as it is used. */
interface Scope {
	postMessage(message: Uint8Array | string, transfer?: Transferable[]): void;
	addEventListener(type: "message", listener: (event: MessageEvent<WebAssembly.Module | Uint8Array>) => void): void;
}

const scope = globalThis as unknown as Scope;

const waiting: Uint8Array[] = [];

const host: Host = {
	ready() {
		for (const frame of waiting.splice(0)) host.call?.(frame);
	},
	receive(frame) {
		scope.postMessage(frame, [frame.buffer]);
	},
};

scope.addEventListener("message", ({ data }) => {
	if (data instanceof WebAssembly.Module) void start(data, host).then((why) => scope.postMessage(why));
	else if (host.call) host.call(data);
	else waiting.push(data);
});
