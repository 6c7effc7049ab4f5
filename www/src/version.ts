/** The version of the page's files, which the build has put there; empty before a build. */
export function ownVersion(): string {
	return document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content ?? "";
}
