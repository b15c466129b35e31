// Puls inside a page of another site:
//   <script type="module" src="https://puls.example/widget.js"></script>
//   <puls-assistant lang="fr" place="Valence"></puls-assistant>
// The one file that any page may load. It draws the assistant in a shadow root, with what Puls serves to the pages that it
// lets in; for any other it says why, on the page and in the console. docs/how-to/widget.md has the attributes.

const BASE = new URL(import.meta.url).origin;
const TAB_KEY = `puls ${BASE}`;
const STALE = new Set([401, 404]); // the visitor's token or conversation is no more

class PulsAssistant extends HTMLElement {
  #conversation = null;

  connectedCallback() {
    if (this.shadowRoot) return; // moved within its page
    this.attachShadow({ mode: "open" });
    this.#begin().catch((failure) => this.#explain(failure));
  }

  disconnectedCallback() {
    this.#conversation?.stop();
  }

  async #begin() {
    const frame = await this.#frame();
    const { embed, styleSheet, withoutPosters } = await import(BASE + frame.script);
    const texts = await Promise.all(frame.styles.map((address) => asked(address).then((answer) => answer.text())));
    const place = this.getAttribute("place");
    if (place && !frame.place) console.warn(`Puls: no place in France is called “${place}”; it is left out.`);
    const root = document.createElement("div");
    root.append(withoutPosters(frame.html));
    this.shadowRoot.adoptedStyleSheets = texts.map((text) => styleSheet(text, this.getAttribute("scheme")));
    this.shadowRoot.replaceChildren(root);
    this.#conversation = embed(root, {
      base: BASE,
      words: frame.words,
      tab,
      language: ours(this.lang),
      place: frame.place,
      question: this.getAttribute("question"),
      isNearOffered: this.hasAttribute("near"),
      onStartAgain: () => this.#begin(),
    });
  }

  async #frame() {
    const { token, conversation } = tab.read();
    const query = new URLSearchParams();
    const language = ours(this.lang || document.documentElement.lang);
    if (language) query.set("lang", language);
    if (this.hasAttribute("place")) query.set("place", this.getAttribute("place"));
    if (conversation) query.set("conversation", conversation);
    try {
      const answer = await asked(`/widget/frame?${query}`, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
      return await answer.json();
    } catch (failure) {
      if (!token || !STALE.has(failure.status)) throw failure;
      tab.forget();
      return this.#frame();
    }
  }

  async #explain(failure) {
    console.error(`Puls: ${await reasonOf(failure)}`, failure);
    const isEnglish = ours(this.lang || document.documentElement.lang) === "en";
    const sentence = document.createElement("p");
    const link = Object.assign(document.createElement("a"), {
      href: BASE,
      target: "_blank",
      rel: "noopener",
      textContent: isEnglish ? "Open Puls" : "Ouvrir Puls",
    });
    sentence.append(isEnglish ? "The Puls assistant is not available on this page. " : "L’assistant Puls n’est pas disponible sur cette page. ", link);
    this.shadowRoot.replaceChildren(sentence);
  }
}

/** What this tab keeps of its visitor, from the first message on: `{token, conversation}`, and `web`, how far to look there. Where storage is closed, until the page is left. */
const tab = {
  kept: null,
  read() {
    try {
      this.kept ??= JSON.parse(sessionStorage.getItem(TAB_KEY));
    } catch {
      // storage is closed to this page, or another script wrote there
    }
    return this.kept ?? {};
  },
  keep(more) {
    this.kept = { ...this.read(), ...more };
    try {
      sessionStorage.setItem(TAB_KEY, JSON.stringify(this.kept));
    } catch {
      // as above
    }
  },
  forget() {
    this.kept = null;
    try {
      sessionStorage.removeItem(TAB_KEY);
    } catch {
      // as above
    }
  },
};

async function asked(address, more = {}) {
  const answer = await fetch(BASE + address, { credentials: "omit", ...more });
  if (!answer.ok) throw Object.assign(new Error(`${answer.status} for ${address}`), { status: answer.status });
  return answer;
}

/** `fr` or `en`, if it is one of these. */
function ours(language) {
  return /^(fr|en)\b/i.exec(language)?.[1].toLowerCase() ?? null;
}

/** A browser does not say why a request failed; this script, which every page may read, tells refused from unreachable. */
async function reasonOf(failure) {
  if (failure.status) return `${BASE} could not serve the assistant.`;
  const isReached = await fetch(import.meta.url, { credentials: "omit" }).then(() => true, () => false);
  return isReached
    ? `${BASE} does not let pages of ${location.origin} embed the assistant: add this origin to PULS_WIDGET_ORIGINS.`
    : `${BASE} cannot be reached from this page: is it up, and named in connect-src of the page's Content-Security-Policy?`;
}

if (!customElements.get("puls-assistant")) customElements.define("puls-assistant", PulsAssistant);
