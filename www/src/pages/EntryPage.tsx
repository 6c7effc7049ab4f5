import type { PageProps } from "./index.tsx";

export default function EntryPage(_: PageProps) {
	return <h1 tabIndex={-1}>Entry</h1>;
}
