// « Mon espace »: kept searches and letters. Each button asks the API, then the page is read again.

import { Server, sentenceOf } from "./server.js";
import { words } from "./words.js";

const server = new Server();
const said = document.querySelector("[data-said]");

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  const saved = button?.closest("[data-saved]")?.dataset.saved;
  if (button?.matches("[data-search-seen]")) does("POST", `/v1/me/searches/${saved}/seen`);
  else if (button?.matches("[data-search-forget]")) does("DELETE", `/v1/me/searches/${saved}`);
  else if (button?.matches("[data-letters-stop]")) does("DELETE", "/v1/me/letters");
  const link = target.closest("[data-saved] .saved-head a");
  if (link) navigator.sendBeacon(`/v1/me/searches/${link.closest("[data-saved]").dataset.saved}/seen`); // opened is seen
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-search-letters]")) return;
  does("PATCH", `/v1/me/searches/${target.closest("[data-saved]").dataset.saved}`, { letters: target.value });
});

document.querySelector("[data-letters]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    await server.send("POST", "/v1/me/letters", {
      address: form.elements.namedItem("address").value,
      agrees: form.elements.namedItem("agrees").checked,
      language: document.documentElement.lang,
    });
    const told = document.querySelector("[data-letters-said]");
    told.textContent = told.dataset.asked;
    told.hidden = false;
    form.remove();
  } catch (failure) {
    const { invalid, often, away } = form.dataset;
    const known = { invalid_input: invalid, mailbox_refused: invalid, asked_too_often: often, letter_not_sent: away, letters_off: away };
    tell(known[failure.code] ?? sentenceOf(failure, words));
    button.disabled = false;
  }
});

async function does(method, path, body) {
  try {
    await server.send(method, path, body);
    window.location.reload();
  } catch (failure) {
    tell(sentenceOf(failure, words));
  }
}

function tell(sentence) {
  said.textContent = sentence;
  said.hidden = false;
  said.scrollIntoView({ block: "nearest" });
}
