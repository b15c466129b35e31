// The conversation: what the visitor says goes out, what comes back is put in its place, piece by piece.
// Knows no map and no address bar, and may live in a part of a page (`root`); tells them by events on its root: `puls:wish`, `puls:current`.

import { Lost, sentenceOf } from "./server.js";
import { told } from "./stream.js";

export class Conversation {
  #root;
  #server;
  #words;
  #reveal;
  #drawn;
  #running = null;

  constructor(root, { server, words, id = null, language = null, place = null, position = () => null, web = () => null, reveal = bringToTop, drawn = piecesOf }) {
    this.#root = root;
    this.#server = server;
    this.#words = words;
    this.#reveal = reveal;
    this.#drawn = drawn; // what arrives, before anything of it is loaded
    this.id = id;
    this.language = language;
    this.place = place; // where the visitor goes out, when a message names no place
    this.position = position;
    this.web = web;
  }

  /** The turn whose events are shown on the board and the map: the last one that found any, or the one chosen since. */
  get current() {
    return this.#root.querySelector(".turn.is-current");
  }

  make(turn) {
    this.#keepingFocus(turn, () => {
      this.current?.classList.remove("is-current");
      turn.classList.add("is-current");
    });
    this.#dispatch("puls:current", { turn });
  }

  /** `{text}` or `{edit}`; `into` is a turn that the server already drew. Settles when the turn has ended. */
  async say(message, into = null) {
    this.stop();
    const turn = into ?? this.#newTurn(message.text ?? "");
    const running = (this.#running = { turn, abort: new AbortController(), isHere: true });
    const request = {
      request_id: crypto.randomUUID(),
      conversation_id: this.id,
      lang: this.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...this.position(),
      ...this.web(),
      ...(this.place && !message.edit && { place: this.place }),
      ...message,
    };
    this.#isBusy(true);
    this.#doing(turn, this.#words.searching);
    try {
      for await (const event of told(request, {
        server: this.#server,
        signal: running.abort.signal,
        onLost: () => this.#doing(turn, navigator.onLine ? this.#words.lost : this.#words.offline),
      })) {
        this.#show(turn, event);
      }
    } catch (failure) {
      if (!running.abort.signal.aborted) this.#fail(turn, failure, message);
    } finally {
      this.#doing(turn, null);
      if (this.#running === running) {
        this.#running = null;
        this.#isBusy(false);
      }
    }
  }

  /** Stop the answer that is being written; what is there stays. */
  stop() {
    const running = this.#running;
    if (running === null) return;
    const id = running.turn.dataset.turn;
    if (id) this.#server.send("POST", `/v1/turns/${id}/stop`).catch(() => {}); // it ends by itself anyway
    else running.abort.abort();
    setTimeout(() => running.abort.abort(), 1_000); // the server's last words come before
  }

  #show(turn, { name, data }) {
    const place = (kind) => turn.querySelector(`.${kind}-place`);
    switch (name) {
      case "wish":
        this.#begin(turn, data);
        place("understood").innerHTML = data.html;
        this.#doing(turn, data.doing);
        this.#dispatch("puls:wish", { turn, conversation: data.conversation, text: data.text });
        break;
      case "events":
        place("found").replaceChildren(this.#drawn(data.html));
        this.#doing(turn, this.#words.writing);
        this.#announce(data.said);
        if (turn.querySelector(".card")) this.make(turn);
        break;
      case "web_step":
        this.#doing(turn, data.doing);
        this.#announce(data.said);
        this.#seen(turn, data);
        break;
      case "web":
        this.#doing(turn, this.#words.writing);
        this.#announce(data.said);
        this.#seen(turn, data);
        break;
      case "token":
        this.#write(turn.querySelector(".answer"), data);
        this.#doing(turn, null);
        break;
      case "notice":
        this.#notice(turn, data.text);
        break;
      case "done":
        place("after").innerHTML = data.html;
        break;
      case "error":
        this.#notice(turn, data.text);
        this.#announce(data.text);
        break;
    }
  }

  /** A turn begins, or is told again from its beginning after a lost connection. */
  #begin(turn, data) {
    this.id = data.conversation;
    turn.dataset.turn = data.turn;
    turn.lang = data.language;
    turn.removeAttribute("data-alone");
    const said = turn.querySelector(".said");
    said.textContent = data.text;
    said.hidden = false;
    for (const kind of ["notices", "answer", "found-place", "after-place"]) {
      turn.querySelector(`.${kind}`).replaceChildren();
    }
  }

  #write(answer, { opens, html }) {
    if (opens || !answer.lastElementChild) answer.append(document.createElement("p"));
    const paragraph = answer.lastElementChild;
    const before = paragraph.textContent.length;
    paragraph.insertAdjacentHTML("beforeend", html);
    this.#announce(paragraph.textContent.slice(before));
  }

  /** Cards get their badge, or are drawn anew where what was seen changes them; what the catalogue lacks comes below. */
  #seen(turn, { cards, html }) {
    const changed = cards.filter(({ uid, html: drawn, is_changed: isChanged }) => {
      const card = turn.querySelector(`.card[data-uid="${CSS.escape(uid)}"]`);
      if (card === null) return false;
      const fresh = this.#drawn(drawn).firstElementChild;
      if (isChanged) replaced(card, fresh);
      else badged(card, fresh);
      return isChanged;
    });
    if (html) turn.querySelector(".found").insertAdjacentHTML("beforeend", html);
    if (changed.length && turn === this.current) this.#dispatch("puls:current", { turn });
  }

  #notice(turn, text) {
    const notice = Object.assign(document.createElement("p"), { className: "notice", textContent: text });
    turn.querySelector(".notices").append(notice);
    return notice;
  }

  #fail(turn, failure, message) {
    if (failure.status === 404) this.id = null; // what comes next begins a conversation of its own
    const notice = this.#notice(turn, sentenceOf(failure instanceof Error ? failure : new Lost(), this.#words));
    this.#announce(notice.textContent);
    const again = Object.assign(document.createElement("button"), {
      className: "link",
      type: "button",
      textContent: this.#words.retry,
    });
    again.addEventListener("click", () => {
      notice.remove();
      this.say(message, turn);
    });
    notice.append(" ", again);
  }

  #newTurn(text) {
    const template = this.#root.querySelector("[data-turn-template]");
    const turn = template.content.firstElementChild.cloneNode(true);
    const said = turn.querySelector(".said");
    said.textContent = text;
    said.hidden = !text; // an edit's words come with the wish
    this.#keepingFocus(turn, () => {
      this.#root.querySelector(".turns").append(turn);
      this.#root.querySelector(".is-home")?.classList.remove("is-home");
    });
    const box = this.#root.querySelector("[data-placeholder-next]");
    box.placeholder = box.dataset.placeholderNext;
    this.#reveal(turn);
    return turn;
  }

  /** What a change hides takes no focus with it: a keyboard goes on from `turn`, not from the top of the page. */
  #keepingFocus(turn, change) {
    const focused = this.#root.getRootNode().activeElement;
    change();
    if (focused?.checkVisibility({ visibilityProperty: true }) === false) turn.focus({ preventScroll: true });
  }

  #doing(turn, text) {
    const doing = turn.querySelector(".doing");
    doing.textContent = text ?? "";
    doing.hidden = text === null;
  }

  #isBusy(isBusy) {
    this.#root.querySelector(".send").hidden = isBusy;
    this.#root.querySelector("[data-stop]").hidden = !isBusy;
  }

  #announce(text) {
    const place = this.#root.querySelector("[data-announce]");
    if (place && text) place.append(Object.assign(document.createElement("span"), { textContent: `${text} ` }));
    while (place?.childElementCount > 40) place.firstElementChild.remove();
  }

  #dispatch(name, detail) {
    this.#root.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

export function piecesOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function badged(card, fresh) {
  card.querySelector(".checked")?.remove();
  card.querySelector(".card-foot").before(fresh.querySelector(".checked"));
}

/** What the visitor did with the card meanwhile stays done, and a keyboard stays on it. */
function replaced(card, fresh) {
  for (const button of card.querySelectorAll("[aria-pressed]")) {
    const name = button.dataset.thumb ? `[data-thumb="${button.dataset.thumb}"]` : "[data-follow]";
    for (const same of fresh.querySelectorAll(name)) {
      same.setAttribute("aria-pressed", button.getAttribute("aria-pressed"));
      same.hidden = button.hidden;
    }
  }
  fresh.classList.toggle("is-unwanted", card.classList.contains("is-unwanted"));
  const hasFocus = card.contains(card.getRootNode().activeElement);
  card.replaceWith(fresh);
  if (hasFocus) fresh.querySelector("h3 a").focus({ preventScroll: true });
}

function bringToTop(turn) {
  turn.scrollIntoView({ block: "start", behavior: isCalm() ? "instant" : "smooth" });
}

export function isCalm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
