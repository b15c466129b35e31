// The one screen: joins the conversation with the address bar, the map and the position.

import { markFollowed, offerActions } from "./actions.js";
import { Conversation, isCalm } from "./conversation.js";
import { EventMap } from "./map.js";
import { withdrawMissing } from "./pictures.js";
import { Position } from "./position.js";
import { Server } from "./server.js";
import { listen, offerThumbs } from "./talking.js";
import { BrowserStore, WebChoice } from "./web.js";
import { recalled, remember } from "./whereabouts.js";
import { words } from "./words.js";

const isWide = window.matchMedia("(min-width: 64rem)");
const talk = document.querySelector(".talk");
const place = document.querySelector("[data-conversation]");
const panel = document.querySelector(".map-panel");
let path = window.location.pathname; // of what the page shows
const server = new Server();
const position = new Position({ recalled, remember });
const web = new WebChoice(new BrowserStore("puls web"));
const conversation = new Conversation(document, {
  server,
  words,
  id: place.dataset.conversation || null,
  language: place.dataset.language || null,
  position: position.get,
  web: web.get,
});
const map = new EventMap(panel, { onPick: pick, onArea: searchArea });

listen(document, conversation, { server, words });
offerActions(document, { server, words });
withdrawMissing(document);
web.offer(document.querySelector("[data-web]"));
position.offer(document.querySelector("[data-near-me]"), {
  said: document.querySelector("[data-ask-said]"),
  words,
  onShared: () => {
    if (!document.querySelector("#q").value.trim()) conversation.say({ text: words.near_me_question });
  },
});

document.addEventListener("puls:wish", ({ detail }) => {
  const address = `/c/${detail.conversation}${conversation.language ? `?lang=${conversation.language}` : ""}`;
  if (window.location.pathname !== `/c/${detail.conversation}`) history.pushState(null, "", address);
  path = window.location.pathname;
  document.title = `${detail.text} · Puls`;
  const language = document.querySelector("a[data-language]");
  if (language) language.href = `/c/${detail.conversation}?lang=${language.hreflang}`;
});
document.addEventListener("puls:current", ({ detail }) => shown(detail.turn));
window.addEventListener("popstate", () => {
  if (window.location.pathname !== path) window.location.reload(); // not for « #content », which stays on the page
});

for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    const uid = target.closest?.("[data-uid]")?.dataset.uid ?? target.closest?.("[data-event]")?.dataset.event;
    if (uid) lift(uid);
  });
}
document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-open-map]")) return;
  conversation.make(target.closest(".turn"));
  toggleMap(true);
});
document.querySelector("[data-close-map]").addEventListener("click", () => toggleMap(false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && talk.classList.contains("has-map-open")) toggleMap(false);
});
isWide.addEventListener("change", () => conversation.current && shown(conversation.current));

/** The events of a turn are on the page: offer what can be done with them, and put them on the map. */
function shown(turn) {
  offerThumbs(turn);
  if (turn.querySelector("[data-follow]")) markFollowed(turn, server);
  const cards = placed(turn);
  talk.classList.toggle("has-events", turn.querySelector(".card") !== null);
  talk.classList.toggle("has-map", cards.length > 0);
  panel.hidden = cards.length === 0 || (!isWide.matches && !talk.classList.contains("has-map-open"));
  if (!panel.hidden) draw(cards);
}

function placed(turn) {
  return [...turn.querySelectorAll(".card[data-lat]")];
}

function draw(cards) {
  map.show(cards).catch(() => {
    const said = panel.querySelector(".map-said");
    said.textContent = words.map_failed;
    said.hidden = false;
  });
}

function toggleMap(isOpen) {
  talk.classList.toggle("has-map-open", isOpen);
  if (conversation.current) shown(conversation.current);
  (isOpen ? panel : document).querySelector(isOpen ? "[data-close-map]" : ".turn.is-current [data-open-map]")?.focus();
}

function lift(uid) {
  for (const card of document.querySelectorAll(".turn.is-current .card")) {
    card.classList.toggle("is-picked", card.dataset.uid === uid);
  }
  map.highlight(uid);
}

function pick(uid) {
  const card = document.querySelector(`.turn.is-current .card[data-uid="${CSS.escape(uid)}"]`);
  if (talk.classList.contains("has-map-open")) toggleMap(false);
  card.scrollIntoView({ block: "nearest", inline: "center", behavior: isCalm() ? "instant" : "smooth" });
  lift(uid);
  card.querySelector("h3 a").focus({ preventScroll: true });
}

function searchArea(area) {
  const turn = conversation.current?.dataset.turn;
  if (talk.classList.contains("has-map-open")) toggleMap(false);
  if (turn) conversation.say({ edit: { of_turn: turn, area } });
}

// A question that came in the address was answered by the server at once; asked again here, it begins a conversation.
const alone = document.querySelector("[data-alone]");
if (alone) {
  const asked = new URLSearchParams(window.location.search);
  const at = asked.has("lat") && asked.has("lon") && { lat: Number(asked.get("lat")), lon: Number(asked.get("lon")) };
  conversation.say(
    {
      text: asked.get("q"),
      ...(at || {}),
      without: asked.getAll("without"),
      ...(asked.has("order") && { order: asked.get("order") }),
      limit: Number(asked.get("limit") ?? 12),
    },
    alone,
  );
} else if (conversation.current) {
  shown(conversation.current);
  conversation.current.scrollIntoView({ block: "start" });
} else if (window.matchMedia("(pointer: fine)").matches) {
  document.querySelector("#q").focus({ preventScroll: true });
}
