// On every page: registers the service worker, and keeps the last results on this device for when there is no line.

const KEPT = "kept"; // as in sw.js
const MOST = 20;

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined); // a browser that forbids it loses nothing else
}

if ("caches" in window) document.addEventListener("puls:current", ({ detail }) => keep(detail.turn));

async function keep(turn) {
  const events = [...turn.querySelectorAll("[data-uid]")].slice(0, MOST).map((row) => ({
    uid: row.dataset.uid,
    title: text(row, "h3"),
    facts: [".moment", ".place", ".price"].map((name) => text(row, name)).filter(Boolean),
  }));
  if (events.length === 0) return;
  const body = JSON.stringify({ asked: text(turn, ".said"), kept: new Date().toISOString(), events });
  try {
    await (await caches.open(KEPT)).put("/kept/results", new Response(body, { headers: { "Content-Type": "application/json" } }));
  } catch {
    // no room on the device, or a private window: results are then online only
  }
}

function text(root, selector) {
  return root.querySelector(selector)?.textContent.replace(/\s+/g, " ").trim() ?? "";
}
