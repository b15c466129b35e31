// The page of one event, or of one venue: share and keep it, the way from where one is, its map, and back to the list.

import { markFollowed, offerActions } from "./actions.js";
import { withdrawMissing } from "./pictures.js";
import { Server } from "./server.js";
import { offerSmallMap } from "./small-map.js";
import { distanceSaid, kilometres, recalled } from "./whereabouts.js";

const server = new Server();
const event = document.querySelector(".event");
const there = event.dataset.lat && { lat: Number(event.dataset.lat), lon: Number(event.dataset.lon) };

offerActions(document, { server });
markFollowed(document, server);
withdrawMissing(document);

const place = document.querySelector("[data-small-map]");
if (place && there) offerSmallMap(place, there);

const here = recalled();
if (here && there) {
  const distance = document.querySelector("[data-distance]");
  distance.textContent = distanceSaid(kilometres(here, there), document.documentElement.lang);
  distance.hidden = false;
  for (const way of document.querySelectorAll("[data-from-here]")) {
    way.href = way.dataset.fromHere.replace("{from_lat}", here.lat).replace("{from_lon}", here.lon);
  }
  const hint = document.querySelector("[data-way-hint]");
  if (hint) hint.textContent = hint.dataset.fromHereSaid;
}

// Back is the browser's own where it leads to the same page: the list is then as it was left, scrolled and all.
document.querySelector("[data-back]")?.addEventListener("click", (click) => {
  if (click.metaKey || click.ctrlKey || click.shiftKey || document.referrer !== click.currentTarget.href) return;
  if (history.length < 2) return;
  click.preventDefault();
  history.back();
});

// A phone number or an e-mail address opens without passing by Puls: that somebody booked is all that is told.
document.querySelector("[data-booked]")?.addEventListener("click", ({ currentTarget }) => {
  navigator.sendBeacon(`/evenement/${encodeURIComponent(currentTarget.dataset.booked)}/reserver`);
});

// One thing folded out at a time, and none left open by a tap elsewhere.
document.addEventListener("click", ({ target }) => {
  for (const fold of document.querySelectorAll("details.fold[open]")) if (!fold.contains(target)) fold.open = false;
});
document.addEventListener("keydown", (key) => {
  const fold = key.key === "Escape" && key.target.closest("details.fold[open]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});
