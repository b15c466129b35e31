// A list and its map: beside each other on a desk; on a phone the map is a half-height sheet that one tap opens and Back closes.
// A pin shows its event under the map before one goes there. Enter at `Board`.

import { isCalm } from "./conversation.js";
import { EventMap } from "./map.js";

const OPEN = "board";

export class Board {
  #page = document.body;
  #panel;
  #cards;
  #words;
  #map;
  #isWide = window.matchMedia("(min-width: 64rem)");
  #opener = null;

  /** `cards()`: those that are on the page now; `position()`: `{lat, lon}` of the visitor, or nothing; `onArea`: see `EventMap`. */
  constructor(panel, { cards, words, position = () => ({}), onArea = null, onChange = () => {} }) {
    this.#panel = panel;
    this.#cards = cards;
    this.#words = words;
    this.#map = new EventMap(panel, { position, onPick: (uid) => this.#pick(uid), onArea: onArea && ((area) => this.#area(area, onArea)) });
    panel.querySelector("[data-close-map]").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen && !event.defaultPrevented) this.close();
    });
    window.addEventListener("popstate", () => this.isOpen && history.state?.[OPEN] === undefined && this.#folded());
    this.#isWide.addEventListener("change", () => onChange());
    for (const kind of ["mouseover", "focusin"]) {
      document.addEventListener(kind, ({ target }) => {
        const uid = target.closest?.("[data-uid]")?.dataset.uid ?? target.closest?.("[data-event]")?.dataset.event;
        if (uid) this.lift(uid);
      });
    }
  }

  get isOpen() {
    return this.#page.classList.contains("has-map-open");
  }

  /** The cards have changed. */
  show() {
    const placed = this.#cards().filter((card) => card.dataset.lat !== undefined);
    this.#page.classList.toggle("has-map", placed.length > 0);
    this.#panel.hidden = placed.length === 0 || (!this.#isWide.matches && !this.isOpen);
    if (!this.#panel.hidden) this.#draw(placed);
  }

  open(opener) {
    if (this.isOpen) return;
    this.#opener = opener;
    history.pushState({ ...history.state, [OPEN]: true }, "", window.location.href);
    this.#page.classList.add("has-map-open");
    this.show();
    this.#panel.querySelector("[data-close-map]").focus();
  }

  close() {
    if (!this.isOpen) return;
    if (history.state?.[OPEN]) history.back(); // `popstate` folds it
    else this.#folded();
  }

  #folded() {
    this.#page.classList.remove("has-map-open");
    this.#preview(null);
    this.show();
    this.#opener?.focus({ preventScroll: true });
  }

  lift(uid) {
    for (const card of this.#cards()) card.classList.toggle("is-picked", card.dataset.uid === uid);
    this.#map.highlight(uid);
  }

  #pick(uid) {
    const card = this.#cards().find((each) => each.dataset.uid === uid);
    if (!card) return;
    this.lift(uid);
    if (this.isOpen && !this.#isWide.matches) {
      this.#preview(card);
      card.scrollIntoView({ block: "start", behavior: isCalm() ? "instant" : "smooth" });
      return;
    }
    card.scrollIntoView({ block: "nearest", behavior: isCalm() ? "instant" : "smooth" });
    card.querySelector("h3 a").focus({ preventScroll: true });
  }

  #preview(card) {
    const place = this.#panel.querySelector("[data-preview]");
    place.replaceChildren(...(card ? [card.cloneNode(true)] : []));
    place.hidden = card === null;
  }

  #draw(cards) {
    this.#map.show(cards).catch(() => {
      const said = this.#panel.querySelector(".map-said");
      said.textContent = this.#words.map_failed;
      said.hidden = false;
    });
  }

  #area(area, onArea) {
    this.close();
    onArea(area);
  }
}
