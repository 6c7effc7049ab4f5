import type { SubmitEventHandler } from "preact";
import { useRef } from "preact/hooks";
import { nameOfSource } from "../sources.ts";
import type { State } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Dialog } from "./Dialog.tsx";

/** Asks for a DN and a password to read the schema with. The password goes nowhere but into the attempt. */
export function BindDialog({ state }: { state: State }) {
	const viewer = useViewer();
	const form = useRef<HTMLFormElement>(null);
	const close = () => viewer.setDialog(undefined);
	const submit: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		const data = new FormData(event.currentTarget);
		const login = { dn: String(data.get("dn") ?? "").trim(), password: String(data.get("password") ?? "") };
		form.current?.reset();
		viewer.session.bind(login);
	};
	return (
		<Dialog id="bind" title={text.bind.title(nameOfSource(state.route?.source ?? ""))} onClose={close}>
			<form ref={form} onSubmit={submit}>
				<p>{text.bind.explain}</p>
				<label>
					{text.bind.dn}
					<input name="dn" autocomplete="off" autocapitalize="none" spellcheck={false} required />
				</label>
				<label>
					{text.bind.password}
					<input type="password" name="password" autocomplete="off" required />
				</label>
				<p class="actions">
					<button type="button" onClick={close}>
						{text.token.cancel}
					</button>
					<button type="submit" class="main">
						{text.bind.submit}
					</button>
				</p>
			</form>
		</Dialog>
	);
}
