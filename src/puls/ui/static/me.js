// « Mon espace »: each button asks the API, then the page is read again, so that it shows what is really kept.

import { Server, sentenceOf } from "./server.js";
import { words } from "./words.js";

const server = new Server();
const said = document.querySelector("[data-said]");

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button === null) return;
  const conversation = button.closest("[data-conversation]")?.dataset.conversation;
  if (button.matches("[data-rename]")) rename(button.closest("li"));
  else if (button.matches("[data-delete]")) does("DELETE", `/v1/conversations/${conversation}`);
  else if (button.matches("[data-unfollow]")) {
    does("DELETE", `/v1/me/followed/${encodeURIComponent(button.closest("[data-followed]").dataset.followed)}`);
  } else if (button.matches("[data-seen]")) {
    does("PUT", `/v1/me/followed/${encodeURIComponent(button.closest("[data-followed]").dataset.followed)}`);
  } else if (button.matches("[data-forget]")) does("DELETE", `/v1/me/preferences?kind=${button.dataset.forget}`);
  else if (button.matches("[data-erase]")) document.querySelector("[data-erase-dialog]").showModal();
  else if (button.matches("[data-erase-now]")) erase();
  else if (button.matches("[data-close]")) button.closest("dialog").close();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-plain]")) return; // works as it is
  event.preventDefault();
  const form = event.target;
  if (form.matches(".rename")) {
    const { conversation } = form.closest("[data-conversation]").dataset;
    does("PATCH", `/v1/conversations/${conversation}`, { title: form.elements.namedItem("title").value });
  } else if (form.matches("[data-preferences]")) does("PATCH", "/v1/me/preferences", preferences(form));
});

document.querySelector("[data-consents]").addEventListener("change", ({ target }) => {
  does("PUT", "/v1/me/consent", { [target.name]: target.checked, language: document.documentElement.lang });
});

function rename(row) {
  const form = row.querySelector(".rename");
  form.hidden = !form.hidden;
  row.querySelector("a").hidden = !form.hidden;
  if (!form.hidden) form.elements.namedItem("title").focus();
}

function preferences(form) {
  const has = (name) => form.elements.namedItem(name) !== null;
  const text = (name) => form.elements.namedItem(name).value.trim();
  const list = (name) => text(name).split(",").map((each) => each.trim()).filter(Boolean);
  const ticked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);
  return {
    ...(has("home") && {
      home: text("home") || null,
      children: text("children").split(/[ ,]+/).filter(Boolean).map(Number),
      likes: list("likes"),
      dislikes: list("dislikes"),
      max_price: text("max_price") ? Number(text("max_price")) : null,
      moments: ticked("moments"),
      without_car: form.elements.namedItem("without_car").checked,
    }),
    ...(has("accessibility") && { accessibility: ticked("accessibility") }),
  };
}

async function does(method, path, body) {
  try {
    await server.send(method, path, body);
    window.location.reload();
  } catch (failure) {
    tell(failure.status === 404 ? words.not_saved : sentenceOf(failure, words));
  }
}

async function erase() {
  document.querySelector("[data-erase-dialog]").close();
  try {
    await server.send("DELETE", "/v1/me");
    for (const panel of document.querySelectorAll(".panel")) panel.remove();
    tell(words.erased);
  } catch (failure) {
    tell(sentenceOf(failure, words));
  }
}

function tell(sentence) {
  said.textContent = sentence;
  said.hidden = false;
  said.scrollIntoView({ block: "nearest" });
}
