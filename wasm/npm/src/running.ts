/** The modules that run: a small one, which is there soon, and the toolkit, when it is first needed. */
import { type InitializeOptions, Module } from "./module.js";
import { hasWorkers } from "./runner.js";

let options: InitializeOptions = {};
let first: Module | undefined;
let second: Module | undefined;

/**
 * Starts to load the module; calls made meanwhile wait for it. Once is enough:
 * a second call does nothing, unless the module has failed, when it is loaded
 * anew.
 */
export function initialize(given: InitializeOptions = {}): void {
	if (!first || first.ended) options = given;
	running();
}

/** Whether there is one module for everything. */
function alone(): boolean {
	return options.worker === false || options.wasmURL !== undefined || options.wasmModule !== undefined || !hasWorkers;
}

/** The module that is there first. */
export function running(): Module {
	if (!first || first.ended) {
		// Each address is spelled out, for bundlers to find the file.
		const whole = () => new URL("./toolkit.wasm", import.meta.url);
		first = new Module(alone() ? whole : () => new URL("./ldapedge.wasm", import.meta.url), options);
	}
	return first;
}

/** The module that has lint, diff and convert, and reads all formats. */
export function toolkit(): Module {
	if (alone()) return running();
	if (!second || second.ended) second = new Module(() => new URL("./toolkit.wasm", import.meta.url), options);
	return second;
}
