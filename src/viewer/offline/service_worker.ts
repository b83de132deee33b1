/**
 * The static site's service worker: gives pages and files from the network or, without one, from what it has kept.
 *
 * Pages come from the network where there is one, so that an update arrives with the next visit. What lies in `assets/`
 * has its hash in its path and never changes. Of an older version nothing is kept once no page of it is open.
 */

/** What `deno task build:site` puts in: the hash of all files, and those that the first visit gets. */
declare const SITE_VERSION: string;
declare const SITE_FILES: readonly string[];

/** The part of a service worker's scope that is used here. */
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  addEventListener(kind: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(kind: "fetch", listener: (event: FetchEvent) => void): void;
}

interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = globalThis as unknown as ServiceWorkerScope;
const prefix = `neuromorphic-drivers ${worker.registration.scope} `;
const cacheName = prefix + SITE_VERSION;

worker.addEventListener("install", (event) => event.waitUntil(keepSite()));
worker.addEventListener("activate", (event) => event.waitUntil(forgetOldVersions()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(worker.registration.scope)) return;
  const isAsset = request.url.slice(worker.registration.scope.length).startsWith("assets/");
  event.respondWith(isAsset ? keptFirst(request) : networkFirst(event));
});

async function keepSite(): Promise<void> {
  const cache = await caches.open(cacheName);
  // Not what the browser's own cache has, which may be older.
  await cache.addAll(
    SITE_FILES.map((path) => new Request(new URL(path, worker.registration.scope), { cache: "reload" })),
  );
}

async function forgetOldVersions(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(prefix) && name !== cacheName).map((name) => caches.delete(name)),
  );
}

async function keptFirst(request: Request): Promise<Response> {
  return await caches.match(request) ?? await fetch(request);
}

/** A page that was visited is kept, too. */
async function networkFirst(event: FetchEvent): Promise<Response> {
  const { request } = event;
  try {
    // Asks the host also where the browser's own cache has an older page.
    const response = await fetch(request, { cache: "no-cache" });
    if (response.ok && response.type === "basic") {
      const copy = response.clone();
      event.waitUntil(caches.open(cacheName).then((cache) => cache.put(request, copy)));
    }
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept !== undefined) return kept;
    throw error;
  }
}
