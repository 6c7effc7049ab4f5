/** What the program of the second entry point, on syumai/workers, asks of the host for one request. */
import type { Bytes } from "./bytes.ts";
import { dial } from "./dial.ts";
import type { Context } from "./env.ts";
import { load } from "./load.ts";
import type { Caller } from "./request.ts";
import type { Shared } from "./shared.ts";
import { formatEvent, nothing, parseStep } from "./step.ts";
import { Stream } from "./stream.ts";

/** Events are bytes of text. */
export class GoHost {
	readonly configuration: string;
	/** JSON: secrets by name. */
	readonly secrets: string;
	/** JSON: package edge's Caller. */
	readonly caller: string;
	readonly #shared: Shared;
	readonly #context: Context;
	readonly #signal: AbortSignal;

	constructor(shared: Shared, { subject, refused, address }: Caller, context: Context, signal: AbortSignal) {
		const { configuration, secrets } = shared.configuration.settings;
		this.configuration = configuration;
		this.secrets = JSON.stringify(secrets);
		this.caller = JSON.stringify({
			Subject: subject?.name ?? "",
			Limited: subject !== undefined && subject.servers !== "all",
			Servers: subject && subject.servers !== "all" ? subject.servers : [],
			Address: address ?? "",
			Refused: refused ?? "",
		});
		this.#shared = shared;
		this.#context = context;
		this.#signal = signal;
	}

	async load(step: Bytes): Promise<Bytes> {
		return formatEvent(await load(parseStep(step).arguments, this.#shared, this.#signal));
	}

	async look(name: string): Promise<Bytes> {
		const bytes = await this.#shared.cache.look(name);
		return formatEvent(bytes ? { kind: "FOUND", bytes } : nothing);
	}

	store(name: string, seconds: number, bytes: Bytes): void {
		this.#shared.cache.store(name, bytes, seconds, this.#context);
	}

	async open(connectorName: string, name: string, deadline: number): Promise<{ stream?: GoStream; event?: Bytes }> {
		const opened = await dial(this.#shared.configuration, connectorName || "-", name, deadline, this.#signal);
		return opened instanceof Stream ? { stream: new GoStream(opened) } : { event: formatEvent(opened) };
	}
}

class GoStream {
	readonly #stream: Stream;

	constructor(stream: Stream) {
		this.#stream = stream;
	}

	send(bytes: Bytes): Promise<void> {
		return this.#stream.send(bytes);
	}

	async receive(deadline: number): Promise<Bytes> {
		return formatEvent(await this.#stream.receive(deadline));
	}

	close(): void {
		this.#stream.close();
	}
}
