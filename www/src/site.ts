/** The page's own files, as the build has left them. */
export interface Site {
	/** Another one for other files. */
	version: string;
	/** The hash of each file, SHA-256 in hexadecimal; empty where it is not to be checked. */
	files: Record<string, string>;
	/** The files that the page cannot do without. */
	shell: string[];
}
