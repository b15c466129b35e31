// Sharing and keeping an event, wherever it is shown: on a card, on its own page. To keep one is the one way to say « I like
// it »: it is followed, and in a turn of a conversation it counts as a thumb up too. Known to the visitor only.

import { kept } from "./talking.js";
import { words as pageWords } from "./words.js";

export function offerActions(root, { server, words = pageWords }) {
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-share], [data-follow]");
    if (target === null) closeMenus(root, event.target);
    else if (target.dataset.share !== undefined) share(event, target, words);
    else keep(server, words, target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Show which events the visitor keeps already; asked once for the page. */
export async function markFollowed(root, server) {
  server.followed ??= server.send("GET", "/v1/me/followed").then(
    ({ followed }) => new Set(followed.map((each) => each.event.uid)),
    () => new Set(),
  );
  const followed = await server.followed;
  for (const button of root.querySelectorAll("[data-follow]")) {
    button.hidden = false;
    press(button, followed.has(button.dataset.follow));
  }
}

async function share(event, link, words) {
  event.preventDefault();
  const url = new URL(link.getAttribute("href"), link.baseURI).href;
  if (navigator.share) {
    await navigator.share({ title: link.dataset.share, url }).catch(() => {}); // the visitor changed their mind
    return;
  }
  try {
    await navigator.clipboard.writeText(url);
    (link.querySelector("span") ?? link.lastChild).textContent = words.shared;
  } catch {
    window.open(url, link.target || "_self"); // at least its address is in a bar
  }
}

async function keep(server, words, button) {
  const wasKept = button.getAttribute("aria-pressed") === "true";
  const uid = button.dataset.follow;
  const turn = button.closest(".turn")?.dataset.turn;
  const path = `/v1/me/followed/${encodeURIComponent(uid)}`;
  const isDone = await kept(button, words, async () => {
    await server.send(wasKept ? "DELETE" : "PUT", path);
    if (turn && !wasKept) await server.send("POST", `/v1/turns/${turn}/feedback`, { thumb: "up", uid });
  });
  if (!isDone) return;
  press(button, !wasKept);
  if (!wasKept) wanted(button.closest(".card"));
  const followed = await server.followed; // for cards of turns to come
  wasKept ? followed?.delete(uid) : followed?.add(uid);
}

function press(button, isKept) {
  button.setAttribute("aria-pressed", String(isKept));
  const said = button.dataset.kept && button.querySelector("span");
  if (said) said.textContent = isKept ? button.dataset.kept : button.dataset.keep;
}

/** What is kept is not « not for me » any more: the last word counts. */
function wanted(card) {
  card?.classList.remove("is-unwanted");
  card?.querySelector("[data-thumb=down]")?.setAttribute("aria-pressed", "false");
}

function closeMenus(root, clicked) {
  for (const menu of root.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(clicked)) menu.open = false;
  }
}
