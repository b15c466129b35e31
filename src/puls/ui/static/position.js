// « Près de moi »: asks the browser for a position when the visitor wants it, rounds it to about 100 m, and keeps it in
// this page's memory only, unless it is given where to keep it (`recalled`, `remember`) for the pages of this tab. Without geolocation the button stays hidden and the page works as it is.

const PATIENCE_MS = 10_000;
const READ_WITHIN_MS = 6_000;
const DECIMALS = 3; // about 100 m, as the server does

export class Position {
  #known;
  #remember;

  constructor({ recalled = () => null, remember = () => {} } = {}) {
    this.#known = recalled();
    this.#remember = remember;
  }

  /** For a message: `{lat, lon}`, or nothing. */
  get = () => this.#known ?? {};

  offer(button, { said, words, onShared }) {
    if (!("geolocation" in navigator)) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(this.#known !== null));
    button.addEventListener("click", () => {
      if (this.#known) {
        this.#known = null;
        this.#remember(null);
        button.setAttribute("aria-pressed", "false");
        said.textContent = "";
        return;
      }
      said.textContent = words.near_me_waiting;
      button.disabled = true;
      coarsePosition().then(
        (here) => {
          this.#known = here;
          this.#remember(here);
          button.disabled = false;
          button.setAttribute("aria-pressed", "true");
          said.textContent = words.position_on;
          setTimeout(() => (said.textContent = ""), READ_WITHIN_MS); // the button goes on showing it
          onShared();
        },
        () => {
          button.disabled = false;
          said.textContent = words.near_me_refused;
        },
      );
    });
  }
}

/** Where the browser says it is, to about 100 m; asks the visitor's leave. Rejects without it. */
export function coarsePosition() {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: rounded(coords.latitude), lon: rounded(coords.longitude) }),
      reject,
      { timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  });
}

function rounded(degrees) {
  return Number(degrees.toFixed(DECIMALS));
}
