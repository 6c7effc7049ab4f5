import type { SubmitEventHandler } from "preact";
import { useRef } from "preact/hooks";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Dialog } from "./Dialog.tsx";

/** Asks for the connector's token. */
export function TokenDialog({ refused }: { refused: boolean }) {
	const viewer = useViewer();
	const input = useRef<HTMLInputElement>(null);
	const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		viewer.session.useToken(input.current?.value.trim() ?? "");
	};
	const close = () => viewer.setDialog(undefined);
	return (
		<Dialog id="token" title={text.token.title} onClose={close}>
			<form onSubmit={submit}>
				<p id="token-explain">
					{text.token.explain} {text.token.keep}
				</p>
				<label>
					{text.token.label}
					<input
						ref={input}
						type="password"
						name="token"
						autocomplete="off"
						required
						aria-invalid={refused}
						aria-describedby={refused ? "token-wrong" : "token-explain"}
					/>
				</label>
				<p id="token-wrong" class="wrong" role="alert">
					{refused && text.token.wrong}
				</p>
				<p class="actions">
					<button type="button" onClick={close}>
						{text.token.cancel}
					</button>
					<button type="submit" class="main">
						{text.token.submit}
					</button>
				</p>
			</form>
		</Dialog>
	);
}
