import { type State, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Cause } from "./ErrorPanel.tsx";
import { Icon } from "./Icon.tsx";

/** Says that the server of the schema on the page is lost. While it is tried again there is nothing to say. */
export function Banner({ state }: { state: State }) {
	const viewer = useViewer();
	const lost = shownFor(state)?.lost;
	if (!lost || state.loading) return null;
	const words = text.errors[lost.code];
	return (
		<div id="banner" role="alert" data-code={lost.code}>
			<Icon name="warning" />
			<div>
				<p>
					<strong>{words.title}</strong>
					{lost.where && `: ${lost.where}`}
				</p>
				<p>
					{words.hint} {text.failure.stays}
				</p>
				<Cause failure={lost} />
			</div>
			<button type="button" onClick={() => viewer.session.reload()}>
				{text.failure.retry}
			</button>
		</div>
	);
}
