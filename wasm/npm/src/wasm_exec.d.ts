/** The part of Go's wasm_exec.js that the worker uses; the script puts Go into the global scope. */
export {};

declare global {
	class Go {
		importObject: WebAssembly.Imports;
		run(instance: WebAssembly.Instance): Promise<void>;
	}
}
