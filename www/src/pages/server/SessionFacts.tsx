import { Connection, Connector, type Offer, Server, type Session } from "ldapedge";
import { useCallback } from "preact/hooks";
import { Cause } from "../../components/ErrorPanel.tsx";
import { Field } from "../../components/Field.tsx";
import type { Access } from "../../session.ts";
import { text } from "../../text.ts";
import { useAsked } from "./hooks.ts";

interface SessionFactsProps {
	access: Access;
	server: Offer;
}

/** How a session with the server comes about: the address that the connector dialled, and TLS between the two. */
export function SessionFacts({ access, server }: SessionFactsProps) {
	const { connector, token } = access;
	const open = useCallback(
		(signal: AbortSignal) => factsOf({ connector, token }, server, signal),
		[connector, token, server],
	);
	const [{ value, failure, waiting }] = useAsked(open);
	return (
		<section data-part="session">
			<h2>{text.server.session}</h2>
			{failure && (
				<div role="alert">
					<p>{text.errors[failure.code].title}</p>
					<Cause failure={failure} />
				</div>
			)}
			{waiting && !value && <p role="status">{text.server.opening}</p>}
			{value && <Facts session={value} />}
		</section>
	);
}

/** Opens a session to see what it is like, and closes it. */
async function factsOf({ connector, token }: Access, server: Offer, signal: AbortSignal): Promise<Session> {
	const connection = new Connection(new Server(server, { getInfo: "NO_INFO" }), {
		connector: new Connector(connector, { token }),
	});
	try {
		return await connection.open({ signal });
	} finally {
		void connection.close().catch(() => undefined);
	}
}

function Facts({ session: { server, address, tls } }: { session: Session }) {
	return (
		<dl class="fields">
			<Field name={text.server.target}>{server}</Field>
			<Field name={text.server.address}>
				<code>{address}</code>
			</Field>
			{tls ? (
				<>
					<Field name={text.server.tls}>
						<span>{tls.version}</span>
						<code>{tls.cipher}</code>
					</Field>
					<Field name={text.server.certificate}>
						<span class="badge" data-verified={tls.verified}>
							{tls.verified ? text.server.verified : text.server.notVerified}
						</span>
					</Field>
					<Field name={text.server.fingerprint}>
						<code class="fingerprint">{tls.fingerprint}</code>
					</Field>
				</>
			) : (
				<Field name={text.server.tls}>{text.server.noTLS}</Field>
			)}
		</dl>
	);
}
