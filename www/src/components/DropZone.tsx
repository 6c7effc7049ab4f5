import { useEffect, useState } from "preact/hooks";
import { readFiles } from "../files.ts";
import { labelOf } from "../sources.ts";
import { type State, shownFor } from "../state.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";

/** What becomes of files that are dropped. */
type Use = "open" | "add";

/**
 * Takes files that are dropped anywhere on the page, and shows that it would: in the left half to open them, in the right
 * one to add them to the schema on the page.
 */
export function DropZone({ state }: { state: State }) {
	const viewer = useViewer();
	const [over, setOver] = useState<Use>();
	const shown = shownFor(state);
	const base = shown && labelOf(shown.source);
	useEffect(() => {
		const useAt = ({ clientX }: DragEvent): Use => (base !== undefined && clientX > innerWidth / 2 ? "add" : "open");
		const drag = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes("Files")) return;
			event.preventDefault();
			setOver(event.type !== "dragleave" || event.relatedTarget !== null ? useAt(event) : undefined);
		};
		const drop = (event: DragEvent) => {
			const files = [...(event.dataTransfer?.files ?? [])];
			if (files.length === 0) return;
			event.preventDefault();
			setOver(undefined);
			const use = useAt(event);
			void readFiles(files).then(async ({ opened, tooLarge }) => {
				await (use === "add" ? viewer.addFiles(opened) : viewer.openFiles(opened));
				if (tooLarge !== undefined) viewer.setDialog("sources");
			});
		};
		addEventListener("dragover", drag);
		addEventListener("dragleave", drag);
		addEventListener("drop", drop);
		return () => {
			removeEventListener("dragover", drag);
			removeEventListener("dragleave", drag);
			removeEventListener("drop", drop);
		};
	}, [viewer, base]);
	if (!over) return null;
	return (
		<div class="drops">
			<div class="drop" data-over={over === "open"}>
				{text.sources.drop}
			</div>
			{base !== undefined && (
				<div class="drop" data-over={over === "add"}>
					{text.merge.dropToAdd(base)}
				</div>
			)}
		</div>
	);
}
