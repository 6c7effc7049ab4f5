import { compile, type InitializeOptions, Module } from "./module.js";

let module: Module | undefined;

/** The module that runs; it is started if there is none, or anew if it has failed. */
export function running(options: InitializeOptions = {}): Module {
	if (!module || module.ended) module = new Module(compile(options), options);
	return module;
}
