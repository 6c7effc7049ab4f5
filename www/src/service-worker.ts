/**
 * Keeps the page, so that it works without its connector once it has been there: its own files, which the build lists
 * here with their hashes, and nothing else. Whatever a connector answers, and whoever asks, passes by.
 *
 * What all need is fetched when a version of the worker is installed; the other files are kept once they have been used.
 * A new version waits until no page of the old one is open, so that none loses its files.
 */
import type { Site } from "./site.ts";

/** Put in by the build. */
declare const __SITE__: Site;

const site: Site = __SITE__;

/** The scope of a service worker, as far as it is used. */
interface Scope {
	registration: { scope: string; navigationPreload?: { enable(): Promise<void> } };
	clients: { matchAll(options: { includeUncontrolled: boolean }): Promise<{ postMessage(message: string): void }[]> };
	addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
	addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
}

interface Lasting {
	waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Lasting {
	request: Request;
	preloadResponse: Promise<Response | undefined>;
	respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as Scope;

const prefix = "viewer ";
const cacheName = prefix + site.version;

/** How long the connector has to send the page before the one that is kept is shown, in milliseconds. */
const patience = 3000;

const urlOf = (file: string) => new URL(file, scope.registration.scope).href;

/** The hashes of the files, by URL. */
const hashes = new Map(Object.entries(site.files).map(([file, hash]) => [urlOf(file), hash]));

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => {
	const { request } = event;
	if (request.method !== "GET") return;
	const url = fileOf(request.url);
	if (request.mode === "navigate" && url === urlOf("index.html")) event.respondWith(page(event));
	else if (hashes.has(url)) event.respondWith(file(event, url));
});

/** The URL of a file of the site: the page has two. */
function fileOf(url: string): string {
	const { origin, pathname } = new URL(url);
	const file = origin + pathname;
	return file === scope.registration.scope ? urlOf("index.html") : file;
}

async function install(): Promise<void> {
	const cache = await caches.open(cacheName);
	await Promise.all(site.shell.map((file) => keep(cache, urlOf(file))));
	for (const client of await scope.clients.matchAll({ includeUncontrolled: true })) client.postMessage(site.version);
}

async function activate(): Promise<void> {
	await scope.registration.navigationPreload?.enable();
	const names = await caches.keys();
	const old = names.filter((name) => name.startsWith(prefix) && name !== cacheName);
	await Promise.all(old.map((name) => caches.delete(name)));
}

/** Fetches a file, and keeps it if it is the one that the build has made: the connector may be of another version by now. */
async function keep(cache: Cache, url: string): Promise<void> {
	const response = await fetch(url, { cache: "no-cache" });
	const hash = hashes.get(url);
	if (!response.ok || (hash && hash !== (await hashOf(response.clone()))))
		throw new Error(`${url} is of another version`);
	await cache.put(url, response);
}

async function hashOf(response: Response): Promise<string> {
	const hash = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
	return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The page as the connector has it now or, if it does not answer, as it is kept. */
async function page(event: Fetching): Promise<Response> {
	try {
		const late = new Promise<never>((_, reject) => setTimeout(reject, patience, new Error("the connector is late")));
		return await Promise.race([fresh(event), late]);
	} catch (error) {
		const kept = await (await caches.open(cacheName)).match(urlOf("index.html"));
		if (kept) return kept;
		throw error;
	}
}

async function fresh(event: Fetching): Promise<Response> {
	return (await event.preloadResponse) ?? fetch(event.request);
}

/** A file as it is kept; another is fetched, and kept from then on. */
async function file(event: Fetching, url: string): Promise<Response> {
	const cache = await caches.open(cacheName);
	const kept = await cache.match(url);
	if (kept) return kept;
	event.waitUntil(keep(cache, url).catch(() => undefined));
	return fetch(event.request);
}
