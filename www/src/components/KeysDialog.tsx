import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";
import { Dialog } from "./Dialog.tsx";

/** Shows the keys, and lets those that are letters or signs be switched off (WCAG 2.1.4). */
export function KeysDialog({ singleKeys }: { singleKeys: boolean }) {
	const viewer = useViewer();
	const close = () => viewer.setDialog(undefined);
	return (
		<Dialog id="keys" title={text.keys.title} onClose={close}>
			<dl class="keys">
				{text.keys.list.map(([keys, does]) => (
					<div key={does}>
						<dt>
							{keys.map((key) => (
								<kbd key={key}>{key}</kbd>
							))}
						</dt>
						<dd>{does}</dd>
					</div>
				))}
			</dl>
			<label class="check">
				<input
					type="checkbox"
					checked={singleKeys}
					onChange={(event) => viewer.setSingleKeys(event.currentTarget.checked)}
				/>
				{text.keys.single}
			</label>
			<p class="actions">
				<button type="button" class="main" onClick={close}>
					{text.keys.close}
				</button>
			</p>
		</Dialog>
	);
}
