// What a person does with a conversation: types, stops, refines, agrees, rates. One listener per kind of
// action on the root, so that pieces which arrive later need none of their own. Enter at `listen`.

import { words as pageWords } from "./words.js";

export function listen(root, conversation, { server, words = pageWords }) {
  const form = root.querySelector("[data-ask-form]");
  const box = form.elements.namedItem("q");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow(box);
    conversation.say({ text });
  });
  box.addEventListener("input", () => grow(box));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  root.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    if (target === null) return;
    if (target.matches("[data-stop]")) conversation.stop();
    else if (target.matches("[data-ask]")) ask(event, conversation, target);
    else if (target.matches("[data-without]")) edit(conversation, target, { without: [target.dataset.without] });
    else if (target.matches("[data-more]")) edit(conversation, target, { limit: Number(target.dataset.more) });
    else if (target.matches("[data-refine]")) openSheet(target);
    else if (target.matches("[data-close]")) target.closest("dialog").close();
    else if (target.matches("[data-whole-answer]")) unfold(target);
    else if (target.matches("[data-show-again]")) conversation.make(target.closest(".turn"));
    else if (target.matches("[data-thumb]")) likeCard(server, words, target);
    else if (target.matches("[data-agree]")) agree(server, words, target);
    else if (target.matches("[data-answer-thumb]")) rateAnswer(server, words, target);
  });
  root.addEventListener("submit", (event) => {
    if (event.target.matches("[data-refine-form]")) refine(event, conversation);
    else if (event.target.matches("[data-feedback-form]")) explain(event, server, words);
  });
  root.addEventListener("change", (event) => {
    const survey = event.target.closest("[data-survey]");
    if (survey) answerSurvey(server, words, survey, Number(event.target.value));
  });
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

function unfold(button) {
  const answer = button.closest(".turn").querySelector(".answer");
  answer.classList.add("is-whole");
  button.hidden = true;
  answer.tabIndex = -1;
  answer.focus({ preventScroll: true });
}

function ask(event, conversation, link) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab, as with any link
  event.preventDefault();
  conversation.say({ text: link.dataset.ask });
}

function edit(conversation, target, changes) {
  conversation.say({ edit: { of_turn: target.closest(".turn").dataset.turn, ...changes } });
}

// The sheet that refines --------------------------------------------------------------------------------------------

function openSheet(button) {
  const sheet = button.closest(".understood").querySelector("dialog");
  const [from, to] = [sheet.querySelector("[name=from]"), sheet.querySelector("[name=to]")];
  from.onchange = () => {
    if (to.value && to.value < from.value) to.value = from.value; // a day that begins after its end is that one day
  };
  to.onchange = () => {
    if (to.value && from.value > to.value) from.value = to.value;
  };
  sheet.showModal();
  const field = button.dataset.refine;
  const input = field && sheet.querySelector(`[data-field~="${field}"]`);
  (input || sheet.querySelector("input")).focus();
}

function refine(event, conversation) {
  event.preventDefault();
  const form = event.target;
  const changes = { without: [] };
  const value = (name) => form.elements.namedItem(name).value.trim();
  const initial = (name) => form.elements.namedItem(name).defaultValue;
  const changed = (...names) => names.some((name) => value(name) !== initial(name));

  if (changed("topic")) value("topic") ? (changes.topic = value("topic")) : changes.without.push("topic");
  if (changed("from", "to")) {
    if (value("from")) changes.from = value("from");
    if (value("to")) changes.to = value("to");
    if (!value("from") && !value("to")) changes.without.push("when");
  }
  if (changed("place", "radius_km")) {
    if (value("place") && changed("place")) changes.place = value("place");
    if (value("radius_km")) changes.radius_km = Number(value("radius_km"));
    else if (value("place")) changes.place = value("place");
    if (!value("place") && !value("radius_km")) changes.without.push("where");
  }
  if (changed("max_price")) {
    value("max_price") ? (changes.max_price = Number(value("max_price"))) : changes.without.push("max_price");
  }
  if (changed("age")) {
    const ages = value("age").split(/[ ,]+/).filter(Boolean).map(Number);
    ages.length ? (changes.age = ages) : changes.without.push("ages");
  }
  const free = form.elements.namedItem("free");
  if (free.checked !== free.defaultChecked) free.checked ? (changes.free = true) : changes.without.push("free");
  const needs = [...form.querySelectorAll("[name=accessibility]")];
  if (needs.some((need) => need.checked !== need.defaultChecked)) {
    const wanted = needs.filter((need) => need.checked).map((need) => need.value);
    wanted.length ? (changes.accessibility = wanted) : changes.without.push("accessibility");
  }
  changes.order = value("order");
  form.closest("dialog").close();
  edit(conversation, form, changes);
}

// Likes, thumbs, consent --------------------------------------------------------------------------------------------

/** The cards of a turn that Puls keeps may be liked. */
export function offerThumbs(turn) {
  for (const button of turn.querySelectorAll("[data-thumb]")) button.hidden = !turn.dataset.turn;
}

async function likeCard(server, words, button) {
  const card = button.closest(".card");
  const turn = button.closest(".turn").dataset.turn;
  const thumb = button.dataset.thumb;
  const isKept = await kept(button, words, () =>
    server.send("POST", `/v1/turns/${turn}/feedback`, { thumb, uid: card.dataset.uid }),
  );
  if (!isKept) return;
  for (const each of card.querySelectorAll("[data-thumb]")) {
    each.setAttribute("aria-pressed", String(each.dataset.thumb === thumb));
  }
  card.classList.toggle("is-unwanted", thumb === "down");
}

async function rateAnswer(server, words, button) {
  const feedback = button.closest("[data-feedback]");
  const said = feedback.querySelector(".feedback-said");
  const thumb = button.dataset.answerThumb;
  const isKept = await kept(button, words, () =>
    server.send("POST", `/v1/turns/${feedback.dataset.feedback}/feedback`, { thumb }),
  );
  if (!isKept) return;
  for (const each of feedback.querySelectorAll("[data-answer-thumb]")) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  feedback.querySelector("[data-feedback-form]").hidden = thumb === "up";
  said.textContent = thumb === "up" ? words.thanks : "";
}

async function explain(event, server, words) {
  event.preventDefault();
  const form = event.target;
  const feedback = form.closest("[data-feedback]");
  const reason = new FormData(form).get("reason");
  const comment = form.elements.namedItem("comment").value.trim();
  const said = feedback.querySelector(".feedback-said");
  const given = { thumb: "down", ...(reason && { reason_code: reason }), ...(comment && { reason: comment }) };
  try {
    await server.send("POST", `/v1/turns/${feedback.dataset.feedback}/feedback`, given);
    form.hidden = true;
    said.textContent = words.thanks;
  } catch {
    said.textContent = words.not_saved;
  }
}

async function answerSurvey(server, words, survey, score) {
  const said = survey.querySelector(".feedback-said");
  try {
    await server.send("POST", `/v1/turns/${survey.dataset.survey}/survey`, { score });
    said.textContent = words.thanks;
  } catch {
    said.textContent = words.not_saved;
  }
}

async function agree(server, words, button) {
  const consent = button.closest("[data-consent]");
  const agrees = button.dataset.agree === "true";
  const turn = button.closest(".turn").dataset.turn;
  const change = { [consent.dataset.consent]: agrees, language: consent.dataset.language, ...(agrees && { from_turn: turn }) };
  if (!(await kept(button, words, () => server.send("PUT", "/v1/me/consent", change)))) return;
  const said = Object.assign(document.createElement("p"), {
    className: "notice",
    textContent: agrees ? words.agreed : words.refused,
  });
  said.setAttribute("role", "status");
  consent.replaceWith(said);
}

/** Runs what a button asks for; whether it was done. When not, the button says so. */
export async function kept(button, words, work) {
  button.disabled = true;
  try {
    await work();
    button.classList.remove("has-failed");
    return true;
  } catch {
    button.title = words.not_saved;
    button.classList.add("has-failed");
    return false;
  } finally {
    button.disabled = false;
  }
}
