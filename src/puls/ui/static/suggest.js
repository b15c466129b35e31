// What the letters typed so far may become, under their box: towns, kinds, venues, what is on. The combobox pattern: arrows
// choose, Enter takes, Escape closes; the box keeps the focus. Without script the box is a box. Enter at `offerSuggestions`.

const PAUSE_MS = 90; // between two letters of one who types on
const PATIENCE_MS = 2_000;
const FEWEST = 2; // letters
const LONGEST = 48; // letters: beyond, it is a sentence and no name

let lists = 0;

/** Every box under `root` that is marked `data-suggest`. `isWanted()`: whether suggestions make sense at the moment. */
export function offerSuggestions(root, { words, language = null, isWanted = () => true }) {
  for (const box of root.querySelectorAll("[data-suggest]")) new Suggestions(box, { words, language, isWanted });
}

class Suggestions {
  #box;
  #list;
  #said;
  #words;
  #language;
  #isWanted;
  #timer = null;
  #asking = null;
  #active = -1;
  #shown = [];

  constructor(box, { words, language, isWanted }) {
    this.#box = box;
    this.#words = words;
    this.#language = language;
    this.#isWanted = isWanted;
    lists += 1;
    this.#list = Object.assign(document.createElement("ul"), { className: "suggestions", id: `suggestions-${lists}`, hidden: true });
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", words.suggestions);
    this.#said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
    this.#said.setAttribute("role", "status");
    const place = box.closest("[data-suggest-place]") ?? box.parentElement;
    place.classList.add("has-suggestions");
    place.append(this.#list, this.#said);
    if (box.localName === "input") box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.#list.id);
    this.#expanded(false);
    box.addEventListener("input", () => this.#later());
    box.addEventListener("keydown", (event) => this.#key(event), true); // before who sends by Enter
    box.addEventListener("blur", () => this.close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    this.#list.addEventListener("click", ({ target }) => {
      const at = [...this.#list.children].indexOf(target.closest("li"));
      if (at >= 0) this.#take(at);
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#list.hidden = true;
    this.#active = -1;
    this.#said.textContent = "";
    this.#box.removeAttribute("aria-activedescendant");
    this.#expanded(false);
  }

  #expanded(isOpen) {
    if (this.#box.localName === "input") this.#box.setAttribute("aria-expanded", String(isOpen));
  }

  #later() {
    clearTimeout(this.#timer);
    const typed = this.#box.value.trim();
    if (typed.length < FEWEST || typed.length > LONGEST || typed.includes("\n") || !this.#isWanted()) {
      this.close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(typed), PAUSE_MS);
  }

  async #ask(typed) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const given = new URLSearchParams({ q: typed, of: this.#box.dataset.suggest, ...(this.#language && { lang: this.#language }) });
    try {
      const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(PATIENCE_MS)]);
      const answer = await fetch(`/suggestions?${given}`, { signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (asking === this.#asking && document.activeElement === this.#box && this.#box.value.trim() === typed) this.#show(suggestions);
    } catch {
      // the box is as good without
    }
  }

  #show(suggestions) {
    this.#shown = suggestions;
    this.#active = -1;
    this.#box.removeAttribute("aria-activedescendant");
    this.#list.replaceChildren(...suggestions.map((each, at) => this.#row(each, at)));
    this.#list.hidden = suggestions.length === 0;
    this.#expanded(suggestions.length > 0);
    this.#said.textContent = suggestions.length ? this.#words.suggestions_said.replace("{number}", suggestions.length) : "";
  }

  #row({ name, beside }, at) {
    const row = Object.assign(document.createElement("li"), { id: `${this.#list.id}-${at}` });
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    for (const [kind, text] of [["name", name], ["beside", beside]]) {
      row.append(Object.assign(document.createElement("span"), { className: `suggestion-${kind}`, textContent: text }), " ");
    }
    return row;
  }

  #key(event) {
    if (this.#list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.#choose((this.#active + step + (this.#active < 0 && step < 0 ? 1 : 0) + this.#shown.length) % this.#shown.length);
    } else if (event.key === "Enter" && this.#active >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#take(this.#active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  #choose(at) {
    this.#active = at;
    for (const [each, row] of [...this.#list.children].entries()) row.setAttribute("aria-selected", String(each === at));
    this.#box.setAttribute("aria-activedescendant", this.#list.children[at].id);
    this.#list.children[at].scrollIntoView({ block: "nearest" });
  }

  #take(at) {
    const { value, address } = this.#shown[at];
    this.close();
    if (this.#box.dataset.suggest === "town") {
      this.#box.value = value;
      this.#box.form?.requestSubmit();
    } else window.location.assign(address);
  }
}
