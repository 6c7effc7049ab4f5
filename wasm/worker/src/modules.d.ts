/** The modules that are no TypeScript: Go's glue, the compiled program, and the pre-built schemas. */

/** Go's wasm_exec.js, as far as it is used; it puts Go into the global scope. */
declare class Go {
	importObject: { gojs: Record<string, (sp: number) => void> } & WebAssembly.Imports;
	exited?: boolean;
	exit: (code: number) => void;
	_resolveExitPromise: () => void;
	run(instance: WebAssembly.Instance): Promise<void>;
}

declare module "wasm_exec" {}

declare module "*.wasm" {
	const module: WebAssembly.Module;
	export default module;
}

declare module "*.gz" {
	const bytes: ArrayBuffer;
	export default bytes;
}

/** The script of github.com/syumai/workers, which starts its program for each request. */
declare module "*/workers.mjs" {
	const script: { fetch(request: Request, env: object, context: unknown): Promise<Response> };
	export default script;
}
