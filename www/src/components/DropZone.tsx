import { useEffect, useState } from "preact/hooks";
import { readFile } from "../files.ts";
import { text } from "../text.ts";
import { useViewer } from "../viewer.ts";

/** Takes a file that is dropped anywhere on the page, and shows that it would. */
export function DropZone() {
	const viewer = useViewer();
	const [over, setOver] = useState(false);
	useEffect(() => {
		const drag = (event: DragEvent) => {
			if (!event.dataTransfer?.types.includes("Files")) return;
			event.preventDefault();
			setOver(event.type !== "dragleave" || event.relatedTarget !== null);
		};
		const drop = (event: DragEvent) => {
			const file = event.dataTransfer?.files[0];
			if (!file) return;
			event.preventDefault();
			setOver(false);
			void readFile(file).then((opened) => (opened ? viewer.openFile(opened) : viewer.setDialog("sources")));
		};
		addEventListener("dragover", drag);
		addEventListener("dragleave", drag);
		addEventListener("drop", drop);
		return () => {
			removeEventListener("dragover", drag);
			removeEventListener("dragleave", drag);
			removeEventListener("drop", drop);
		};
	}, [viewer]);
	return over ? <div class="drop">{text.sources.drop}</div> : null;
}
