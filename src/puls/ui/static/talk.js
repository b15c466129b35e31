// The one screen: joins the conversation with the address bar, the map and the position.

import { markFollowed, offerActions } from "./actions.js";
import { Board } from "./board.js";
import { Conversation } from "./conversation.js";
import { withdrawMissing } from "./pictures.js";
import { coarsePosition, Position } from "./position.js";
import { Server } from "./server.js";
import { offerSuggestions } from "./suggest.js";
import { listen, offerThumbs } from "./talking.js";
import { BrowserStore, WebChoice } from "./web.js";
import { recalled, remember } from "./whereabouts.js";
import { words } from "./words.js";

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
  place: place.dataset.place || null,
  position: position.get,
  web: web.get,
});
const board = new Board(panel, {
  cards: () => [...(conversation.current?.querySelectorAll(".card") ?? [])],
  words,
  position: position.get,
  onArea: searchArea,
  onChange: () => conversation.current && shown(conversation.current),
});

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
  if (window.location.pathname !== `/c/${detail.conversation}`) {
    // A question that came in the address is this conversation: Back leads to where the visitor came from.
    if (window.location.search.includes("q=")) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  }
  path = window.location.pathname;
  document.title = `${detail.text} · Puls`;
  const language = document.querySelector("a[data-language]");
  if (language) language.href = `/c/${detail.conversation}?lang=${language.hreflang}`;
});
document.addEventListener("puls:current", ({ detail }) => shown(detail.turn));
window.addEventListener("popstate", () => {
  if (window.location.pathname !== path) window.location.reload(); // not for « #content », which stays on the page
});

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-open-map]");
  if (!opener) return;
  conversation.make(target.closest(".turn"));
  board.open(opener);
});
offerSuggestions(document, {
  words,
  language: place.dataset.language || null,
  isWanted: () => talk.classList.contains("is-home"),
});

/** The events of a turn are on the page: offer what can be done with them, and put them on the map. */
function shown(turn) {
  offerThumbs(turn);
  if (turn.querySelector("[data-follow]")) markFollowed(turn, server);
  talk.classList.toggle("has-events", turn.querySelector(".card") !== null);
  board.show();
}

function searchArea(area) {
  const turn = conversation.current?.dataset.turn;
  if (turn) conversation.say({ edit: { of_turn: turn, area } });
}

// The town around the visitor, on request: the position serves this once, only the town is remembered.
const mine = document.querySelector("[data-my-town]");
if (mine && "geolocation" in navigator) {
  mine.hidden = false;
  mine.addEventListener("click", () => townHere(mine, document.querySelector("[data-town-said]")));
}

async function townHere(button, said) {
  button.disabled = true;
  said.textContent = words.near_me_waiting;
  try {
    const here = await coarsePosition();
    await server.send("POST", "/ville", here);
    window.location.assign(place.dataset.language ? `/?lang=${place.dataset.language}` : "/");
  } catch {
    said.textContent = words.near_me_refused;
    button.disabled = false;
  }
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
