import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
	id: string;
	title: string;
	/** Called once the user has closed it. */
	onClose: () => void;
	children: ComponentChildren;
}

/** A modal dialog, open for as long as it is on the page. */
export function Dialog({ id, title, onClose, children }: DialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	useLayoutEffect(() => {
		const element = dialog.current;
		element?.showModal();
		element?.addEventListener("close", onClose);
		return () => {
			// Whoever takes it off the page knows. Closing, not only removing it, gives the focus back to where it was.
			element?.removeEventListener("close", onClose);
			element?.close();
		};
	}, []);
	return (
		<dialog id={id} ref={dialog} aria-labelledby={`${id}-title`}>
			<h2 id={`${id}-title`}>{title}</h2>
			{children}
		</dialog>
	);
}
