/** The program: an instance is started when a request needs one, and discarded when it can no longer be trusted. */
import "wasm_exec";
import { type Bytes, decode, encode } from "./bytes.ts";
import { Fault } from "./check.ts";
import program from "./ldapedge.wasm";
import { parseStep, type Step } from "./step.ts";

/** What the program exports, but for what tests force. */
interface Exports {
	mem: WebAssembly.Memory;
	space(length: number): number;
	output(): number;
	outputLength(): number;
	configure(secretsLength: number): number;
	start(now: number): number;
	advance(task: number, now: number): number;
	drop(task: number, now: number): number;
	lost(connection: number, now: number): number;
	check(now: number): number;
}

type Call = Exclude<keyof Exports, "mem">;

/** The configuration that an instance is started with. */
export interface Settings {
	configuration: string;
	secrets: Record<string, string>;
}

/** Memory never shrinks: an instance that has more serves no new tasks. In bytes. */
const mostMemory = 48 << 20;

export class Instance {
	readonly #go = new Go();
	readonly #exports: Exports;
	/** Why the instance is lost. */
	#lost: string | undefined;

	/** Starts the program. Only a handler may: outside of one the clock stands still. */
	constructor({ configuration, secrets }: Settings) {
		const go = this.#go;
		go.exit = (code) => {
			this.#lost ??= `exit ${code}`;
		};
		// A timer would belong to the request that happened to set it. The program has none of its own, and what the
		// runtime wants to do from time to time it may leave undone.
		go.importObject.gojs["runtime.scheduleTimeoutEvent"] = () => {};
		go.importObject.gojs["runtime.clearTimeoutEvent"] = () => {};
		const instance = new WebAssembly.Instance(program, go.importObject);
		this.#exports = instance.exports as unknown as Exports;
		go.run(instance).catch((error: unknown) => {
			this.#lost ??= String(error);
		});
		// The promise that this settles belongs to the request that has started the instance.
		go._resolveExitPromise = () => {};
		const before = encode(JSON.stringify(secrets));
		this.#write([before, encode(configuration)]);
		if (this.#call("configure", before.length) < 0) throw new Fault("", this.#text());
	}

	get lost(): boolean {
		return this.#lost !== undefined || this.#go.exited === true;
	}

	/** Whether a new task may be given to the instance. */
	get usable(): boolean {
		return !this.lost && this.memory <= mostMemory;
	}

	/** The bytes of memory. */
	get memory(): number {
		return this.#exports.mem.buffer.byteLength;
	}

	start(request: Bytes[]): { task: number; step: Step } {
		this.#write(request);
		return { task: this.#checked("start", Date.now()), step: this.#step() };
	}

	advance(task: number, event: Bytes): Step {
		this.#write([event]);
		this.#checked("advance", task, Date.now());
		return this.#step();
	}

	/** Gives a task up; where there is no instance any more there is no task. */
	drop(task: number): void {
		if (!this.lost) this.#checked("drop", task, Date.now());
	}

	/** Says that a kept stream has ended. */
	forget(connection: number): void {
		if (!this.lost) this.#checked("lost", connection, Date.now());
	}

	/** A check that is due. */
	check(): { task: number; step: Step } | undefined {
		const task = this.#checked("check", Date.now());
		return task > 0 ? { task, step: this.#step() } : undefined;
	}

	/** Calls what is exported under a name for tests alone. */
	force(name: string, ...values: number[]): number {
		return this.#checked(name as Call, ...values);
	}

	#write(parts: Bytes[]): void {
		const at = this.#call(
			"space",
			parts.reduce((sum, part) => sum + part.length, 0),
		);
		// The memory may have grown, and then it is another buffer.
		const memory = new Uint8Array(this.#exports.mem.buffer);
		let to = at;
		for (const part of parts) {
			memory.set(part, to);
			to += part.length;
		}
	}

	/** A copy of the output, which the next call overwrites. */
	#output(): Bytes {
		const at = this.#call("output");
		const length = this.#call("outputLength");
		return new Uint8Array(this.#exports.mem.buffer, at, length).slice() as Bytes;
	}

	#text(): string {
		return decode(this.#output());
	}

	#step(): Step {
		return parseStep(this.#output());
	}

	#checked(call: Call, ...values: number[]): number {
		const result = this.#call(call, ...values);
		if (result < 0) throw new Error(`${call}: ${this.#text()}`);
		return result;
	}

	/** After a trap, an exit or a stack that was too small nothing may be called any more. */
	#call(call: Call, ...values: number[]): number {
		if (this.lost) throw new Error(`the instance is lost: ${this.#lost}`);
		let result: number;
		try {
			result = (this.#exports[call] as (...values: number[]) => number)(...values);
		} catch (error) {
			this.#lost = String(error);
			throw new Error(`the instance is lost: ${this.#lost}`);
		}
		if (this.lost) throw new Error(`the instance is lost: ${this.#lost}`);
		return result;
	}
}

/** Has the instance that new tasks are given to. Tasks under way keep the one that they have begun with. */
export class Instances {
	readonly #settings: Settings;
	#current: Instance | undefined;
	#fault: Fault | undefined;
	/** How many have been started. */
	started = 0;

	constructor(settings: Settings) {
		this.#settings = settings;
	}

	/** Starts one if there is none that can be used. */
	current(): Instance {
		if (this.#fault) throw this.#fault;
		if (!this.#current?.usable) {
			this.#current = undefined;
			this.started++;
			this.#current = this.#start();
		}
		return this.#current;
	}

	/** A configuration that was refused once is refused always. */
	#start(): Instance {
		try {
			return new Instance(this.#settings);
		} catch (error) {
			if (error instanceof Fault) this.#fault = error;
			throw error;
		}
	}
}
