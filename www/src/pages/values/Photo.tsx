import { useEffect, useState } from "preact/hooks";
import { text } from "../../text.ts";

interface PhotoProps {
	bytes: Uint8Array;
	type: string;
	/** As high as a line, and without words. */
	small?: boolean;
}

/** A picture. It is no address of anything: the bytes are those of the value. */
export function Photo({ bytes, type, small = false }: PhotoProps) {
	const [url, setURL] = useState("");
	const [broken, setBroken] = useState(false);
	useEffect(() => {
		const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
		setURL(made);
		setBroken(false);
		return () => URL.revokeObjectURL(made);
	}, [bytes, type]);
	const size = text.values.size(bytes.length);
	const picture = url && !broken && <img src={url} alt={text.values.photo} onError={() => setBroken(true)} />;
	if (small) return <span class="thumbnail">{picture || size}</span>;
	return (
		<figure class="photo">
			{picture}
			<figcaption class="muted">{broken ? text.values.broken(size) : `${type}, ${size}`}</figcaption>
		</figure>
	);
}
