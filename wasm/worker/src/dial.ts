/** Opens streams to servers, whatever carries them. */
import type { Configuration } from "./configuration.ts";
import { openSession } from "./connectorstream.ts";
import { openDirect } from "./directstream.ts";
import type { Event } from "./step.ts";
import type { Stream } from "./stream.ts";

/** `connectorName` is "-" for a server that is dialled, whose name is host:port. */
export async function dial(
	{ connectors }: Configuration,
	connectorName: string,
	name: string,
	deadline: number,
	signal: AbortSignal,
): Promise<Stream | Event> {
	if (connectorName === "-") return openDirect(name, deadline, signal);
	const connector = connectors.get(connectorName);
	if (!connector) throw new Error(`there is no connector ${connectorName}`);
	return openSession(connector, name, deadline, signal);
}
