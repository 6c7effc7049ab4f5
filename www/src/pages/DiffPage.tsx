import type { PageProps } from "./index.tsx";

export default function DiffPage(_: PageProps) {
	return <h1 tabIndex={-1}>Diff</h1>;
}
