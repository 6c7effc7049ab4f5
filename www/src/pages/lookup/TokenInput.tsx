import type { TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { Icon } from "../../components/Icon.tsx";
import { text } from "../../text.ts";

interface TokenInputProps {
	id: string;
	label: string;
	placeholder: string;
	/** The ID of the datalist with what there is. */
	list: string;
	tokens: readonly string[];
	onChange: (tokens: readonly string[]) => void;
}

/** Several names in one field. Enter and commas end one, backspace takes back the last. */
export function TokenInput({ id, label, placeholder, list, tokens, onChange }: TokenInputProps) {
	const [typed, setTyped] = useState("");
	const input = useRef<HTMLInputElement>(null);
	const add = (more: string) => {
		const given = more.split(/[\s,]+/).filter(Boolean);
		const fresh = given.filter((one) => !tokens.some((token) => token.toLowerCase() === one.toLowerCase()));
		if (fresh.length > 0) onChange([...tokens, ...fresh]);
		setTyped("");
	};
	const remove = (token: string) => {
		onChange(tokens.filter((one) => one !== token));
		input.current?.focus();
	};
	const onInput = (event: TargetedInputEvent<HTMLInputElement>) => {
		const { value } = event.currentTarget;
		// What is chosen from the list is whole.
		const chosen = !("inputType" in event) || event.inputType === "insertReplacementText" || !event.inputType;
		if (chosen || /[\s,]/.test(value)) add(value);
		else setTyped(value);
	};
	const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
		if (event.key === "Enter" && typed.trim() !== "") {
			event.preventDefault();
			add(typed);
		} else if (event.key === "Backspace" && typed === "") onChange(tokens.slice(0, -1));
	};
	return (
		<div class="tokens">
			<label for={id}>{label}</label>
			<div class="tokens-field">
				{tokens.map((token) => (
					<span class="token" key={token} data-token={token}>
						{token}
						<button
							type="button"
							class="plain icon-button"
							aria-label={text.lookUp.removeAttribute(token)}
							onClick={() => remove(token)}
						>
							<Icon name="cancel" />
						</button>
					</span>
				))}
				<input
					id={id}
					ref={input}
					list={list}
					placeholder={tokens.length === 0 ? placeholder : ""}
					autocomplete="off"
					autocapitalize="none"
					spellcheck={false}
					value={typed}
					onInput={onInput}
					onKeyDown={onKeyDown}
					onBlur={() => add(typed)}
				/>
			</div>
		</div>
	);
}
