// The service worker: what has been loaded once is there without a network too. The network comes first, so that nothing is ever older
// than it must be.

/** The names of the files of the page, which the build fills in. */
declare const PAGE_FILES: string[];

const CACHE = 'fencerun-viewer';

const scope = globalThis as unknown as ServiceWorkerGlobalScope;

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerGlobalScope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

scope.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(PAGE_FILES))
      .then(() => scope.skipWaiting()),
  );
});

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOwn = new URL(request.url).origin === scope.location.origin;
  // Parts of files are the page's own affair, and so is what a person opens.
  if (request.method !== 'GET' || !isOwn || request.headers.has('range')) return;
  event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    const isPart = /\.(?:js|css|wasm|html|json)$|\/$/.test(new URL(request.url).pathname);
    if (response.ok && isPart) await cache.put(request, response.clone());
    return response;
  } catch (thrown) {
    const kept = await cache.match(request, { ignoreSearch: request.mode === 'navigate' });
    if (kept) return kept;
    throw thrown;
  }
}
