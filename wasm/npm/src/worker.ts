/**
 * The worker that holds the module. Its messages are frames of the module, but
 * for the first one from the page, which is the module or where it is, the last
 * one to it, a string that says why the module has ended, and those about
 * formatters of the page's own that are a script.
 */
import { type Application, type Applied, applyScript } from "./apply.js";
import { compiled, type Given } from "./load.js";
import { start } from "./start.js";

type Message = Given | Uint8Array | Application;

/** The scope of a dedicated worker, as far as it is used. */
interface Scope {
	/** What the module uses, for those who measure it. */
	ldapedgeMemory?: WebAssembly.Memory;
	postMessage(message: Uint8Array | string | Applied, transfer?: Transferable[]): void;
	addEventListener(type: "message", listener: (event: MessageEvent<Message>) => void): void;
}

const scope = globalThis as unknown as Scope;

let call: ((frame: Uint8Array) => void) | undefined;
const early: Uint8Array[] = [];

/** Starts the module; the calls that have come meanwhile are made then. */
async function begin(given: Given): Promise<void> {
	call = start(
		await compiled(given),
		(frame) => scope.postMessage(frame, [frame.buffer]),
		(cause) => scope.postMessage(cause),
		{
			memory: (memory) => {
				scope.ldapedgeMemory = memory;
			},
		},
	);
	for (const frame of early.splice(0)) call(frame);
}

scope.addEventListener("message", ({ data }) => {
	if (data instanceof Uint8Array) {
		if (call) call(data);
		else early.push(data);
	} else if (typeof data === "string" || data instanceof WebAssembly.Module) {
		begin(data).catch((error: unknown) => scope.postMessage(String(error)));
	} else {
		applyScript(data).then((applied) => {
			try {
				scope.postMessage(applied);
			} catch (error) {
				scope.postMessage({ application: applied.application, error: String(error) }); // it cannot be sent
			}
		});
	}
});
