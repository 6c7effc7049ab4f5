import { lookUpOIDs, type OIDInfo } from "ldapedge";
import { useEffect, useState } from "preact/hooks";

/** What the registry of object identifiers has for one, once it is there. */
export function useRegistered(oid: string): OIDInfo | undefined {
	const [found, setFound] = useState<OIDInfo>();
	useEffect(() => {
		const stop = new AbortController();
		setFound(undefined);
		lookUpOIDs([oid], { signal: stop.signal }).then(
			([info]) => stop.signal.aborted || setFound(info?.kind ? info : undefined),
			() => undefined, // A name is missing that is no part of the schema.
		);
		return () => stop.abort();
	}, [oid]);
	return found;
}
