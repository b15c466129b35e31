// The offline page: what this device kept itself, with the moment when it did.

const language = document.documentElement.lang;
const suffix = language === "en" ? "?lang=en" : "";
const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Paris" });
const day = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "Europe/Paris" });
const long = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

document.querySelector("[data-retry]").addEventListener("click", () => window.location.reload());
window.addEventListener("online", () => {
  if (window.location.pathname !== "/hors-ligne") window.location.reload();
});
if ("caches" in window) show(); // without a cache the page says that nothing is kept

async function show() {
  const followed = await kept("/v1/me/followed");
  const events = (followed?.followed ?? []).filter((each) => each.removed_at === null);
  list("[data-kept]", events.map(({ event, next }) => ({
    uid: event.uid,
    title: event.title,
    facts: [next && said(next), event.venue?.name, event.venue?.city].filter(Boolean),
  })));
  document.querySelector("[data-nothing]").hidden = events.length > 0;
  const results = await kept("/kept/results");
  if (!results) return;
  const section = document.querySelector("[data-results-section]");
  section.hidden = false;
  section.querySelector("[data-asked]").textContent = `« ${results.asked} »`;
  section.querySelector("[data-when]").textContent = long.format(new Date(results.kept));
  list("[data-results]", results.events);
}

/** A date whose hours are not known says its day alone. */
function said(date) {
  return (date.is_day_known_only || date.is_possible ? day : moment).format(new Date(date.start));
}

async function kept(address) {
  return (await caches.match(address, { cacheName: "kept", ignoreVary: true }))?.json();
}

function list(place, events) {
  document.querySelector(place).replaceChildren(...events.map(({ uid, title, facts }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/evenement/${encodeURIComponent(uid)}${suffix}`;
    link.lang = "fr";
    link.textContent = title;
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = facts.join(" · ");
    item.append(link, " ", hint);
    return item;
  }));
}
