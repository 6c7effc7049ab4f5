import type { SubmitEventHandler } from "preact";
import { useRef } from "preact/hooks";
import type { Login } from "../session.ts";
import { text } from "../text.ts";
import { Dialog } from "./Dialog.tsx";

interface LoginDialogProps {
	id: string;
	title: string;
	/** What becomes of the password. */
	explain: string;
	submit: string;
	/** Why the last attempt has failed. */
	wrong?: string | undefined;
	onLogin: (login: Login) => void;
	onClose: () => void;
}

/** Asks for a DN and a password. The password goes nowhere but into the attempt. */
export function LoginDialog({ id, title, explain, submit, wrong, onLogin, onClose }: LoginDialogProps) {
	const form = useRef<HTMLFormElement>(null);
	const login: SubmitEventHandler<HTMLFormElement> = (event) => {
		event.preventDefault();
		const data = new FormData(event.currentTarget);
		const given = { dn: String(data.get("dn") ?? "").trim(), password: String(data.get("password") ?? "") };
		form.current?.reset();
		onLogin(given);
	};
	return (
		<Dialog id={id} title={title} onClose={onClose}>
			<form ref={form} onSubmit={login}>
				<p>{explain}</p>
				<label>
					{text.bind.dn}
					<input name="dn" autocomplete="off" autocapitalize="none" spellcheck={false} required />
				</label>
				<label>
					{text.bind.password}
					<input type="password" name="password" autocomplete="off" required />
				</label>
				{wrong !== undefined && (
					<p class="wrong" role="alert">
						{wrong}
					</p>
				)}
				<p class="actions">
					<button type="button" onClick={onClose}>
						{text.token.cancel}
					</button>
					<button type="submit" class="main">
						{submit}
					</button>
				</p>
			</form>
		</Dialog>
	);
}
