// A search at its own address: the map beside its list, more of it where it ended, suggestions in its boxes. All else is links.

import { markFollowed, offerActions } from "./actions.js";
import { Board } from "./board.js";
import { withdrawMissing } from "./pictures.js";
import { Server } from "./server.js";
import { offerSuggestions } from "./suggest.js";
import { words } from "./words.js";

const server = new Server();
const PATIENCE_MS = 10_000;
const board = new Board(document.querySelector(".map-panel"), {
  cards: () => [...document.querySelectorAll(".found .card")],
  words,
  position: () => Object.fromEntries([...new URLSearchParams(window.location.search)].filter(([name]) => ["lat", "lon"].includes(name))),
  onArea: ({ lat, lon, radius_km: radius }) => {
    const asked = new URLSearchParams(window.location.search);
    for (const name of ["lieu", "rayon", "page"]) asked.delete(name);
    asked.set("zone", `${lat},${lon},${radius}`);
    window.location.assign(`/recherche?${asked}`);
  },
  onChange: () => board.show(),
});
board.show();
offerActions(document, { server });
withdrawMissing(document);
if (document.querySelector("[data-follow]")) markFollowed(document, server);
offerSuggestions(document, { words, language: new URLSearchParams(window.location.search).get("lang") });

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-map]");
  if (opener) board.open(opener);
  const more = event.target.closest("[data-more-page]");
  if (!more || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  goOn(more);
});

/** The rest of the list is put where it ended; the address then shows as much when it is opened again. */
async function goOn(link) {
  const address = new URL(link.href);
  const list = document.querySelector(".found .cards");
  const before = list.childElementCount;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address.pathname + address.search, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const rest = [...page.querySelectorAll(".found .cards > li")].slice(before);
    const place = link.closest(".more");
    const next = page.querySelector(".found .more");
    next ? place.replaceWith(next) : place.remove();
    list.append(...rest);
    history.replaceState(history.state, "", address.pathname + address.search);
    withdrawMissing(list);
    markFollowed(list, server);
    board.show();
    rest[0]?.querySelector("h3 a").focus();
  } catch {
    window.location.assign(link.href); // as without script
  }
}
