/** Times as people read them. */

const local = new Intl.DateTimeFormat("en-GB", {
	year: "numeric",
	month: "short",
	day: "2-digit",
	hour: "2-digit",
	minute: "2-digit",
	second: "2-digit",
	timeZoneName: "short",
});

/** A time of RFC 3339 in the zone of the browser, and in UTC. What Date cannot read stays as it is. */
export function timesOf(time: string): { local: string; utc: string } {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return { local: time, utc: "" };
	return { local: local.format(date), utc: date.toISOString().replace(/\.000Z$/, "Z") };
}
