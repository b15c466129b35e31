// The service worker. `PULS` (version, shell, banner) stands before this text: see ui/app/routes.py.
// A page always comes from the line when there is one. Without: the copy of the same version, marked as such, else the offline page.
// What is kept of a visitor (« kept ») is data, not pages of a version; « Oubliez-moi » empties it.

const SHELL = `shell-${PULS.version}`;
const PAGES = `pages-${PULS.version}`;
const KEPT = "kept";
const PATIENCE_MS = 8_000; // a line that is there and answers nothing
const MOST_PAGES = 40;
const MOST_FOLLOWED = 30;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(PULS.shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => ![SHELL, PAGES, KEPT].includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (url.pathname === "/v1/me" && request.method === "DELETE") event.respondWith(thenForget(request));
    else if (url.pathname.startsWith("/v1/me/followed/")) event.respondWith(thenKeep(event));
  } else if (request.mode === "navigate") event.respondWith(navigated(event, url));
  else if (url.pathname.startsWith("/static/") && url.searchParams.has("v")) event.respondWith(unchanging(request));
});

/** A file whose address names its content. */
async function unchanging(request) {
  const cache = await caches.open(SHELL);
  const held = await cache.match(request, { ignoreVary: true });
  if (held) return held;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

async function navigated(event, url) {
  const held = await (await caches.open(PAGES)).match(event.request, { ignoreVary: true });
  try {
    const response = await fetch(event.request, held ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    if (mayBeKept(response, url)) event.waitUntil(keepPage(event.request, response.clone()));
    if (response.ok && url.pathname === "/moi") event.waitUntil(keepFollowed());
    return response;
  } catch {
    return held ? marked(held) : offlinePage(url);
  }
}

/** Results and events; nothing of one's own (no-store), no failure, no address with a position in it. */
function mayBeKept(response, url) {
  const isOurs = url.pathname.startsWith("/evenement/") || url.pathname === "/recherche" || (url.pathname === "/" && url.searchParams.has("q"));
  const isPrivate = (response.headers.get("cache-control") ?? "").includes("no-store");
  return isOurs && response.status === 200 && response.type === "basic" && !isPrivate && !url.searchParams.has("lat");
}

async function keepPage(request, response) {
  const headers = new Headers(response.headers);
  headers.set("X-Puls-Kept", new Date().toISOString());
  const cache = await caches.open(PAGES);
  await cache.put(request, new Response(await response.blob(), { status: 200, headers }));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PAGES)).map((key) => cache.delete(key)));
}

/** The copy, saying so, and without scripts that would ask again. */
async function marked(held) {
  const html = await held.text();
  const language = /<html lang="en"/.test(html) ? "en" : "fr";
  const kept = new Date(held.headers.get("X-Puls-Kept") ?? Date.now());
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(kept);
  const said = `<p class="notice offline" role="status">${PULS.banner[language].replace("{when}", when)}</p>`;
  const body = html
    .replace(/<script type="module"[^>]*><\/script>/g, "")
    .replace(/(<main id="content"[^>]*>)/, `$1${said}`);
  return new Response(body, { status: 200, headers: held.headers });
}

async function offlinePage(url) {
  const address = url.searchParams.get("lang") === "en" || (navigator.language ?? "fr").startsWith("en") ? "/hors-ligne?lang=en" : "/hors-ligne";
  return (await (await caches.open(SHELL)).match(address, { ignoreVary: true })) ?? Response.error();
}

/** One after the other, so that what is forgotten cannot be written again by what was still under way. */
let keeping = Promise.resolve();
let forgettings = 0;

function keepFollowed() {
  const before = forgettings;
  keeping = keeping.then(() => fetchFollowed(() => forgettings === before)).catch(() => undefined); // a line that goes leaves what was kept
  return keeping;
}

/** What the visitor follows, and the page of each: for the train to the concert. */
async function fetchFollowed(isWanted) {
  const response = await fetch("/v1/me/followed");
  if (!response.ok || !isWanted()) return;
  const { followed } = await response.clone().json();
  await (await caches.open(KEPT)).put("/v1/me/followed", response);
  for (const { event } of followed.slice(0, MOST_FOLLOWED)) {
    const request = new Request(`/evenement/${encodeURIComponent(event.uid)}`);
    const page = isWanted() ? await fetch(request).catch(() => null) : null;
    if (page?.ok && isWanted()) await keepPage(request, page);
  }
}

async function thenKeep(event) {
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepFollowed());
  return response;
}

async function thenForget(request) {
  const response = await fetch(request);
  if (!response.ok) return response;
  forgettings += 1;
  await keeping;
  await Promise.all([KEPT, PAGES].map((name) => caches.delete(name)));
  return response;
}
