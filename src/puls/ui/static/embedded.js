// The assistant inside the shadow root of another site's page: the page's own conversation, without map or address bar. Its
// visitor is a token of this tab, asked for with the first message; its links open Puls in a new tab. Enter at `embed`.

import { offerActions } from "./actions.js";
import { Conversation, isCalm, piecesOf } from "./conversation.js";
import { withdrawMissing } from "./pictures.js";
import { Position } from "./position.js";
import { Server } from "./server.js";
import { kept, listen, offerThumbs } from "./talking.js";
import { WebChoice } from "./web.js";

const REM = /@[^{;]+[{;]|(-?[\d.]+)rem\b/g; // what opens an at-rule is passed over: no variable counts there
const UNIT = "--puls-rem";
const ABOVE_TURN_PX = 12;

/** `root` holds the frame. `tab` keeps the visitor's token, conversation and choice of the web. */
export function embed(root, { base, words, tab, language, place, question, isNearOffered, onStartAgain }) {
  const server = new GuestServer(base, tab);
  const position = new Position();
  const web = new WebChoice({ read: () => tab.read().web, keep: (word) => tab.keep({ web: word }) });
  const body = root.querySelector(".widget-body");
  const conversation = new Conversation(root, {
    server,
    words,
    id: tab.read().conversation ?? null,
    language,
    position: () => (place && !conversation.id ? { place, ...position.get() } : position.get()),
    web: web.get,
    drawn: withoutPosters,
    reveal: (turn) => body.scrollTo({ top: turn.offsetTop - ABOVE_TURN_PX, behavior: isCalm() ? "instant" : "smooth" }),
  });
  listen(root, conversation, { server, words });
  offerActions(root, { server, words });
  withdrawMissing(root);
  web.offer(root.querySelector("[data-web]"));
  leadToPuls(root, base, words);

  const box = root.querySelector("#q");
  if (question) box.value = question;
  if (isNearOffered) {
    position.offer(root.querySelector("[data-near-me]"), {
      said: root.querySelector("[data-ask-said]"),
      words,
      onShared: () => box.focus(),
    });
  }
  root.addEventListener("puls:wish", ({ detail }) => tab.keep({ conversation: detail.conversation }));
  const again = root.querySelector("[data-start-again]");
  again.addEventListener("click", () =>
    kept(again, words, async () => {
      conversation.stop();
      if (server.token) await server.send("DELETE", "/v1/me");
      tab.forget();
      await onStartAgain();
    }),
  );
  root.addEventListener("puls:current", ({ detail }) => offerThumbs(detail.turn));
  for (const turn of root.querySelectorAll(".turn")) offerThumbs(turn);
  const last = root.querySelector(".turn:last-child");
  if (last) body.scrollTo({ top: last.offsetTop - ABOVE_TURN_PX, behavior: "instant" });
  return conversation;
}

/** Posters stay on Puls: the site's policy need not allow its pictures, and a relative address would ask the site. */
export function withoutPosters(html) {
  const pieces = piecesOf(html);
  for (const poster of pieces.querySelectorAll(".leaf-picture")) poster.remove();
  return pieces;
}

class GuestServer extends Server {
  #tab;

  constructor(base, tab) {
    super({ base, token: tab.read().token ?? null });
    this.#tab = tab;
  }

  /** Who speaks for the first time becomes a visitor first. */
  async headers(more) {
    if (this.token === null) {
      this.token = (await new Server({ base: this.base }).send("POST", "/v1/me")).token;
      this.#tab.keep({ token: this.token });
    }
    return super.headers(more);
  }
}

/** Links and the map are on Puls, also those of pieces that arrive later. */
function leadToPuls(root, base, words) {
  const lead = () => {
    for (const button of root.querySelectorAll("[data-open-map]")) {
      const link = Object.assign(document.createElement("a"), { className: "map-link", href: button.dataset.address });
      link.append(button.querySelector("svg"), words.see_on_map);
      button.replaceWith(link);
    }
    for (const link of root.querySelectorAll("a[href]:not([target])")) {
      link.href = new URL(link.getAttribute("href"), base).href;
      Object.assign(link, { target: "_blank", rel: "noopener" });
    }
  };
  new MutationObserver(lead).observe(root, { childList: true, subtree: true });
  lead();
}

/** The page's styles where the root's letters have any size, and where `scheme` may be said. */
export function styleSheet(text, scheme) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text.replace(REM, (whole, number) => (number === undefined ? whole : `calc(${number} * var(${UNIT}))`)));
  for (const rule of sheet.cssRules) {
    if (scheme && rule.media?.mediaText.includes("prefers-color-scheme: dark")) rule.media.mediaText = scheme === "dark" ? "all" : "not all";
  }
  return sheet;
}

try {
  CSS.registerProperty({ name: UNIT, syntax: "<length>", inherits: true, initialValue: "16px" });
} catch {
  // another version of this script did
}
