import { useEffect, useState } from "preact/hooks";
import { keepForOffline } from "../offline.ts";
import { text } from "../text.ts";

/** Has the page kept, and says that there is a newer version of it, which is taken whenever it suits the user. */
export function NewerVersion() {
	const [newer, setNewer] = useState(false);
	useEffect(() => keepForOffline(() => setNewer(true)), []);
	return (
		<div id="newer" role="status">
			{newer && (
				<p>
					{text.newer.title}{" "}
					<button type="button" class="main" onClick={() => location.reload()}>
						{text.newer.reload}
					</button>{" "}
					<button type="button" onClick={() => setNewer(false)}>
						{text.newer.later}
					</button>
				</p>
			)}
		</div>
	);
}
