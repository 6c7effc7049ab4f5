import { ownVersion } from "./version.ts";

/** How often a page that stays open asks whether there is a newer version, in milliseconds. */
const interval = 3_600_000;

/**
 * Has the browser keep the page, so that it works without its connector; the function is called when there is a newer
 * version than this one. Where the browser allows no service worker, which is a secure context's, nothing happens.
 */
export function keepForOffline(newer: () => void): void {
	if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
	const own = ownVersion();
	navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<string>) => {
		if (data !== own) newer();
	});
	// Once the page is there, its files are in the browser's cache.
	setTimeout(() => void register(), headStart);
}

/** How long the page has for itself at first, in milliseconds. */
const headStart = 3000;

async function register(): Promise<void> {
	let registration: ServiceWorkerRegistration;
	try {
		registration = await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI));
	} catch {
		return; // Storage may be forbidden, or the connector gone: the page works without.
	}
	let asked = Date.now();
	document.addEventListener("visibilitychange", () => {
		if (document.hidden || Date.now() - asked < interval) return;
		asked = Date.now();
		registration.update().catch(() => undefined);
	});
}
