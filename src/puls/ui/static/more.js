// Beside the conversation: dictate a message (when the visitor agreed), change the last one, copy an answer.

import { words } from "./words.js";

const box = document.querySelector("#q");
const said = document.querySelector("[data-ask-said]");
const AGREED = "puls dictation";
const MICROPHONE =
  '<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/></svg>';

offerDictation();
for (const turn of document.querySelectorAll(".turn[data-turn]")) offer(turn);
document.addEventListener("puls:current", ({ detail }) => offer(detail.turn));
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const turn = target.closest?.(".turn");
    if (turn) offer(turn);
  }
}).observe(document.querySelector(".turns") ?? document.body, { childList: true, subtree: true });

/** « Modifier ma demande » under the last message, « Copier la réponse » under each whole answer. */
function offer(turn) {
  if (turn.querySelector(".feedback") && !turn.querySelector("[data-copy]")) {
    turn.querySelector(".feedback").append(button("link", words.copy_answer, "copy"));
  }
  offerKeeping(turn);
  const turns = [...document.querySelectorAll(".turn")].filter((each) => !each.closest("template"));
  const last = turns.at(-1);
  for (const each of document.querySelectorAll("[data-edit-message]")) {
    if (each.closest(".turn") !== last) each.remove();
  }
  if (last && !last.querySelector("[data-edit-message]") && last.querySelector(".said")?.textContent.trim()) {
    last.querySelector(".said").after(button("link edit-message", words.edit_message, "editMessage"));
  }
}

/** Only of a first message: a later one alone does not say what was asked. */
function offerKeeping(turn) {
  const isFirst = turn === document.querySelector(".turns .turn");
  if (!isFirst || document.querySelector(".keep-search") || !turn.querySelector("[data-uid]")) return;
  const link = document.createElement("a");
  link.className = "link";
  link.href = `/recherches/garder?${new URLSearchParams({ q: turn.querySelector(".said").textContent.trim(), lang: document.documentElement.lang })}`;
  link.textContent = words.keep_search;
  const line = document.createElement("p");
  line.className = "keep-search";
  line.append(link);
  turn.querySelector(".after-place").after(line);
}

function button(kind, text, data) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = text;
  made.dataset[data] = "";
  return made;
}

document.addEventListener("click", ({ target }) => {
  if (target.matches?.("[data-copy]")) copy(target);
  if (target.matches?.("[data-edit-message]")) edit(target.closest(".turn"));
});

async function copy(pressed) {
  const turn = pressed.closest(".turn");
  const lines = [turn.querySelector(".said").textContent.trim(), turn.querySelector(".answer").innerText.trim()];
  for (const link of turn.querySelectorAll(".answer a[href], [data-uid] h3 a[href]")) lines.push(`${link.textContent.trim()} ${link.href}`);
  try {
    await navigator.clipboard.writeText([...new Set(lines)].filter(Boolean).join("\n\n"));
    pressed.textContent = words.copied;
  } catch {
    said.textContent = words.not_saved;
  }
}

/** The first message of a conversation is asked anew, so that nothing of the old one stays; a later one is said again. */
function edit(turn) {
  box.value = turn.querySelector(".said").textContent.trim();
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  if (document.querySelectorAll(".turns .turn").length > 1) return;
  const form = box.form;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    window.location.assign(`/?${new URLSearchParams(new FormData(form))}`);
  }, { capture: true, once: true });
}

function offerDictation() {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition || !box) return;
  const speak = button("round speak", "", "speak");
  speak.title = words.speak;
  speak.setAttribute("aria-label", words.speak);
  speak.setAttribute("aria-pressed", "false");
  speak.insertAdjacentHTML("beforeend", MICROPHONE);
  document.querySelector(".ask-row .send").before(speak);
  let listening = null;
  speak.addEventListener("click", async () => {
    if (listening) listening.stop();
    else if (await agreed()) listening = listen(Recognition, speak, () => (listening = null));
  });
}

/** Asked once, before the first word; whoever says no is asked again when they press again. */
async function agreed() {
  if (localStorage.getItem(AGREED) === "yes") return true;
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-label", words.speak);
  const text = document.createElement("p");
  text.textContent = words.speak_sure;
  const foot = document.createElement("footer");
  foot.className = "sheet-foot";
  const no = button("button", words.cancel, "no");
  const yes = button("button primary", words.speak_yes, "yes");
  foot.append(no, yes);
  dialog.append(text, foot);
  document.body.append(dialog);
  dialog.showModal();
  const answer = await new Promise((resolve) => {
    yes.addEventListener("click", () => resolve(true));
    no.addEventListener("click", () => resolve(false));
    dialog.addEventListener("close", () => resolve(false));
  });
  dialog.remove();
  if (answer) localStorage.setItem(AGREED, "yes");
  return answer;
}

function listen(Recognition, speak, ended) {
  const recognition = new Recognition();
  recognition.lang = document.documentElement.lang === "en" ? "en-GB" : "fr-FR";
  recognition.interimResults = true;
  const before = box.value.trim();
  recognition.onresult = ({ results }) => {
    box.value = [before, ...[...results].map((each) => each[0].transcript.trim())].filter(Boolean).join(" ");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  recognition.onerror = ({ error }) => {
    said.textContent = error === "no-speech" ? "" : words.speak_failed;
  };
  recognition.onend = () => {
    speak.setAttribute("aria-pressed", "false");
    if (said.textContent === words.speak_listening) said.textContent = "";
    box.focus();
    ended();
  };
  recognition.start();
  speak.setAttribute("aria-pressed", "true");
  said.textContent = words.speak_listening;
  return recognition;
}
