/** Does what the program says for one task, step by step, with the sockets and timers of one request. */

import { dial } from "./dial.ts";
import type { Context } from "./env.ts";
import type { Host } from "./host.ts";
import type { Instance } from "./instance.ts";
import { load } from "./load.ts";
import { done, type Event, formatEvent, isOver, nothing, type Step } from "./step.ts";
import { at, Stream } from "./stream.ts";

/** How long a client may take for a piece of a streamed answer, in milliseconds. */
const chunkTimeout = 30_000;

/** An answer that nobody hears. */
const clientGone = 499;

const withoutBody = [101, 204, 205, 304];

/** The answer of a step that says RESPOND. */
export function respond(step: Step, body: BodyInit | null = step.bytes): Response {
	const status = Number(step.arguments[0]);
	return new Response(withoutBody.includes(status) ? null : body, { status, headers: step.fields });
}

/** Starts a task for a request, given as text, and returns its answer. */
export function answer(host: Host, request: Uint8Array<ArrayBuffer>[], context: Context, signal: AbortSignal) {
	const instance = host.instances.current();
	const { task, step } = instance.start(request);
	if (isOver(step)) return respond(step);
	return new Task(host, instance, task, context).answer(step, signal);
}

/** The client has gone away, and with it what its task was for. */
class Gone extends Error {
	override name = "Gone";
}

export class Task {
	readonly #host: Host;
	readonly #instance: Instance;
	readonly #number: number;
	readonly #context: Context;
	/** Ends what is under way when the task is given up. */
	readonly #ended = new AbortController();
	#stream: Stream | undefined;
	/** Streams with the same one may take each other's place. */
	#key = "";
	#writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
	#respond: ((response: Response) => void) | undefined;
	/** Has no more to do with the client. */
	#leave: (() => void) | undefined;

	constructor(host: Host, instance: Instance, number: number, context: Context) {
		this.#host = host;
		this.#instance = instance;
		this.#number = number;
		this.#context = context;
	}

	/** Goes on from the first step, and returns the answer as soon as it is there. */
	answer(first: Step, signal: AbortSignal): Promise<Response> {
		return new Promise((resolve, reject) => {
			this.#respond = resolve;
			const gone = () => this.#end(new Gone("the client has gone away"));
			this.#leave = () => signal.removeEventListener("abort", gone);
			signal.addEventListener("abort", gone);
			// Without this nothing would run any more, not even the listener, once the client has gone away.
			this.#context.waitUntil(this.run(first).catch(reject));
			if (signal.aborted) gone();
		});
	}

	/** Goes on from a step until the task is over. */
	async run(step: Step): Promise<void> {
		try {
			while (!isOver(step)) {
				const event = await this.#do(step);
				this.#ended.signal.throwIfAborted();
				step = this.#instance.advance(this.#number, formatEvent(event));
			}
			await this.#finish(step);
		} catch (error) {
			this.#end(error);
			if (error instanceof Gone) this.#answered(new Response(null, { status: clientGone }));
			else if (this.#respond) throw error;
			else console.error(`after the answer: ${String(error)}`);
		} finally {
			this.#leave?.();
			this.#stream?.close();
		}
	}

	/** Gives the task up. */
	#end(why: unknown): void {
		if (this.#ended.signal.aborted) return;
		this.#ended.abort(why);
		this.#stream?.close();
		this.#writer?.abort(why).catch(() => {});
		this.#instance.drop(this.#number);
	}

	/** The last step. */
	async #finish(step: Step): Promise<void> {
		if (step.do === "RESPOND") this.#answered(respond(step));
		const [reason] = step.arguments;
		if (step.do === "END" && reason) await this.#writer?.abort(new Error(reason));
		else if (step.do === "END") await this.#writer?.close();
		if (this.#respond) throw new Error("the task has ended without an answer");
	}

	#answered(response: Response): void {
		this.#respond?.(response);
		this.#respond = undefined;
	}

	async #do(step: Step): Promise<Event> {
		const [first = "", second = ""] = step.arguments;
		switch (step.do) {
			case "RESPOND":
				return this.#begin(step);
			case "CHUNK":
				return this.#chunk(step);
			case "LOOK":
				return this.#look(first);
			case "STORE":
				this.#host.shared.cache.store(first, step.bytes, Number(second), this.#context);
				return done;
			case "LOAD":
				return load(step.arguments, this.#host.shared, this.#ended.signal);
			case "OPEN":
				return this.#open(step.arguments);
			case "EXCHANGE":
				return this.#exchange(step, Number(first));
			case "CLOSE":
				if (step.bytes.length > 0) await this.#stream?.send(step.bytes);
				return this.#close(done);
			case "KEEP":
				return this.#keep(Number(first));
			case "WAIT":
				return this.#wait(Number(first));
		}
		throw new Error(`there is no step ${step.do}`);
	}

	/** Answers, though the task goes on: with the rest of the answer, or behind the client's back. */
	#begin(step: Step): Event {
		if (step.arguments[1] === "stream") {
			const { readable, writable } = new IdentityTransformStream();
			this.#writer = writable.getWriter();
			this.#writer.closed.catch(() => this.#end(new Gone("the client has gone away")));
			this.#answered(respond(step, readable));
		} else {
			this.#answered(respond(step));
			this.#leave?.();
		}
		return done;
	}

	/** A piece is written once the client takes it. */
	async #chunk(step: Step): Promise<Event> {
		const callOff = at(Date.now() + chunkTimeout, () => this.#end(new Gone("the client takes nothing")));
		try {
			await this.#writer?.write(step.bytes);
		} catch {
			throw new Gone("the client has gone away");
		} finally {
			callOff();
		}
		return done;
	}

	async #look(name: string): Promise<Event> {
		const bytes = await this.#host.shared.cache.look(name);
		return bytes ? { kind: "FOUND", bytes } : nothing;
	}

	async #open([connectorName = "", name = "", key = "", deadline = ""]: string[]): Promise<Event> {
		this.#stream?.close();
		this.#key = key;
		const kept = this.#host.keeper?.take(key, this.#instance);
		if (kept) {
			this.#stream = kept.stream;
			return { kind: "OPENED", connection: kept.connection };
		}
		const opened = await dial(
			this.#host.shared.configuration,
			connectorName,
			name,
			Number(deadline),
			this.#ended.signal,
		);
		if (!(opened instanceof Stream)) return opened;
		this.#stream = opened;
		if (this.#ended.signal.aborted) opened.close();
		return { kind: "OPENED" };
	}

	async #exchange(step: Step, deadline: number): Promise<Event> {
		const stream = this.#stream;
		if (!stream) return { kind: "CLOSED", reason: "there is no stream" };
		if (step.bytes.length > 0) await stream.send(step.bytes);
		return stream.receive(deadline);
	}

	#close(event: Event): Event {
		this.#stream?.close();
		this.#stream = undefined;
		return event;
	}

	#keep(connection: number): Event {
		const stream = this.#stream;
		if (!stream || !this.#host.keeper?.keep(this.#key, connection, stream, this.#instance)) {
			return this.#close(nothing);
		}
		this.#stream = undefined;
		return done;
	}

	#wait(deadline: number): Promise<Event> {
		return new Promise((resolve) => {
			const callOff = at(deadline, () => resolve(done));
			this.#ended.signal.addEventListener("abort", () => {
				callOff();
				resolve(done);
			});
		});
	}
}

/** Runs the pools' checks that are due, behind the answer. */
export function runChecks(host: Host, context: Context): void {
	if (!host.checksDue()) return;
	const instance = host.instances.current();
	for (let due = instance.check(); due; due = instance.check()) {
		const task = new Task(host, instance, due.task, context);
		context.waitUntil(task.run(due.step));
	}
}
