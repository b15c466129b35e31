// How far Puls looks on the web: the visitor's choice, kept in their browser and sent with each message. Until they choose,
// nothing is sent, and the operator's choice holds; without looking on the web there is no switch.

const DEPTHS = new Set(["off", "quick", "thorough"]);

export class WebChoice {
  #store;
  #isOffered = false;

  /** `store` reads and keeps one word. */
  constructor(store) {
    this.#store = store;
  }

  /** For a message: `{web}`, or nothing. */
  get = () => {
    const chosen = this.#isOffered && this.#store.read();
    return DEPTHS.has(chosen) ? { web: chosen } : {};
  };

  offer(select) {
    if (select === null) return;
    this.#isOffered = true;
    select.closest("label").hidden = false;
    if (DEPTHS.has(this.#store.read())) select.value = this.#store.read();
    select.addEventListener("change", () => this.#store.keep(select.value));
  }
}

/** Keeps the word in the browser; where storage is closed, until the page is left. */
export class BrowserStore {
  #key;
  #kept = null;

  constructor(key) {
    this.#key = key;
  }

  read() {
    try {
      return localStorage.getItem(this.#key) ?? this.#kept;
    } catch {
      return this.#kept;
    }
  }

  keep(word) {
    this.#kept = word;
    try {
      localStorage.setItem(this.#key, word);
    } catch {
      // storage is closed to this page
    }
  }
}
