import type { PageProps } from "./index.tsx";

export default function LintPage(_: PageProps) {
	return <h1 tabIndex={-1}>Lint</h1>;
}
