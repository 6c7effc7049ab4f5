import type { PageProps } from "./index.tsx";

export default function ExportPage(_: PageProps) {
	return <h1 tabIndex={-1}>Export</h1>;
}
