import { nameOfSource } from "../sources.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { LoginDialog } from "./LoginDialog.tsx";

/** Asks whom to read the schema as. */
export function BindDialog({ state }: { state: State }) {
	const viewer = useViewer();
	return (
		<LoginDialog
			id="bind"
			title={text.bind.title(nameOfSource(state.route?.source ?? ""))}
			explain={text.bind.explain}
			submit={text.bind.submit}
			onLogin={(login) => viewer.session.bind(login)}
			onClose={() => viewer.setDialog(undefined)}
		/>
	);
}
