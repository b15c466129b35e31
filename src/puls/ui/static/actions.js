// Sharing and following an event, wherever it is shown: on a card, on its own page. Follows are known to the visitor only.

import { kept } from "./talking.js";
import { words as pageWords } from "./words.js";

export function offerActions(root, { server, words = pageWords }) {
  root.addEventListener("click", (event) => {
    const target = event.target.closest("[data-share], [data-follow]");
    if (target === null) closeMenus(root, event.target);
    else if (target.dataset.share !== undefined) share(event, target, words);
    else follow(server, words, target);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Show which events the visitor follows already; asked once for the page. */
export async function markFollowed(root, server) {
  server.followed ??= server.send("GET", "/v1/me/followed").then(
    ({ followed }) => new Set(followed.map((each) => each.event.uid)),
    () => new Set(),
  );
  const followed = await server.followed;
  for (const button of root.querySelectorAll("[data-follow]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(followed.has(button.dataset.follow)));
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
    link.lastChild.textContent = words.shared;
  } catch {
    window.open(url, link.target || "_self"); // at least its address is in a bar
  }
}

async function follow(server, words, button) {
  const isFollowed = button.getAttribute("aria-pressed") === "true";
  const path = `/v1/me/followed/${encodeURIComponent(button.dataset.follow)}`;
  if (!(await kept(button, words, () => server.send(isFollowed ? "DELETE" : "PUT", path)))) return;
  button.setAttribute("aria-pressed", String(!isFollowed));
  const followed = await server.followed; // for cards of turns to come
  isFollowed ? followed?.delete(button.dataset.follow) : followed?.add(button.dataset.follow);
}

function closeMenus(root, clicked) {
  for (const menu of root.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(clicked)) menu.open = false;
  }
}
