import type { Failure } from "ldapedge";
import { Cause } from "../../components/ErrorPanel.tsx";
import type { Access } from "../../session.ts";
import { text } from "../../text.ts";
import type { CheckedAddress, CheckedServer, ListedMember } from "./check.ts";
import { useHealth } from "./hooks.ts";

interface HealthProps {
	access: Access;
	name: string;
}

/** How the addresses of a server do, or those of each member of a pool; the table follows as long as it is in sight. */
export function Health({ access, name }: HealthProps) {
	const { listed, checked, checkAgain } = useHealth(access, name);
	const pool = listed.value?.pool;
	const members: ListedMember[] = pool?.members ?? [];
	return (
		<section data-part="health">
			<div class="headed">
				<h2>{pool ? text.server.members(pool.strategy) : text.server.addresses}</h2>
				<button
					type="button"
					id="check"
					aria-disabled={checked.waiting}
					onClick={() => checked.waiting || checkAgain()}
				>
					{checked.waiting ? text.server.checking : text.server.check}
				</button>
				<span class="muted" data-at>
					{checked.at && text.server.checkedAt(checked.at)}
				</span>
			</div>
			<Failed failure={checked.failure ?? listed.failure} />
			<HealthTable members={members} servers={checked.value ?? []} />
		</section>
	);
}

/** Why the table is not what it should be; of being too quick there is no fuss. */
function Failed({ failure }: { failure: Failure | undefined }) {
	if (!failure) return null;
	if (failure.code === "too-many") return <p role="status">{text.server.tooOften}</p>;
	return (
		<div role="alert" class="failed">
			<p>
				<strong>{text.errors[failure.code].title}.</strong> {failure.where}
			</p>
			<Cause failure={failure} />
		</div>
	);
}

/** Members and servers by URL, in the pool's order. */
function HealthTable({ members, servers }: { members: ListedMember[]; servers: CheckedServer[] }) {
	const urls = [...new Set([...members.map(({ url }) => url), ...servers.map(({ url }) => url)])];
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be scrolled by keyboard too
		<section class="scrolls" aria-label={text.server.addresses} tabIndex={0}>
			<table class="facts" id="health">
				<thead>
					<tr>
						<th scope="col">{text.server.address}</th>
						<th scope="col">{text.server.state}</th>
						<th scope="col" class="figure">
							{text.server.latency}
						</th>
						<th scope="col">{text.server.tls}</th>
					</tr>
				</thead>
				{urls.map((url) => (
					<Rows
						key={url}
						url={url}
						member={members.find((one) => one.url === url)}
						server={servers.find((one) => one.url === url)}
					/>
				))}
			</table>
		</section>
	);
}

interface RowsProps {
	url: string;
	member: ListedMember | undefined;
	server: CheckedServer | undefined;
}

/** A server's row, and one for each of its addresses. */
function Rows({ url, member, server }: RowsProps) {
	const state = member?.state ?? (server && (server.alive ? "up" : "down")) ?? "unknown";
	return (
		<tbody data-url={url} data-state={state}>
			<tr>
				<th scope="rowgroup">{url}</th>
				<td>
					<State state={state} />
					{server?.error && <span class="cause-of">{server.error}</span>}
					{server?.bind?.error && <span class="cause-of">{text.server.bindFailed(server.bind.error)}</span>}
				</td>
				<td class="figure">
					{member?.latencySeconds !== undefined && text.server.milliseconds(member.latencySeconds)}
				</td>
				<td />
			</tr>
			{server?.candidates.map((one) => (
				<Address key={`${one.address} ${one.source}`} one={one} />
			))}
		</tbody>
	);
}

function Address({ one }: { one: CheckedAddress }) {
	const { address, family, target, answered, latencySeconds, stage, error, tls } = one;
	return (
		<tr data-address={address} data-answered={answered}>
			<td class="address">
				<code>{address}</code>{" "}
				<span class="muted">
					{family}
					{target && ` ${target}`}
				</span>
			</td>
			<td>
				<State state={answered ? "answers" : "fails"} />
				{!answered && (
					<span class="cause-of">
						{stage && text.server.stages[stage]}
						{error && `: ${error}`}
					</span>
				)}
			</td>
			<td class="figure">{answered && text.server.milliseconds(latencySeconds)}</td>
			<td>
				{tls ? `${tls.version}, ${tls.verified ? text.server.verified : text.server.notVerified}` : text.server.plain}
			</td>
		</tr>
	);
}

/** A state as a word, with a dot of its own shape. */
function State({ state }: { state: string }) {
	return (
		<span class="state" data-state={state}>
			{text.server.states[state] ?? state}
		</span>
	);
}
