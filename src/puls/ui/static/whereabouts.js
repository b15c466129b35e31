// Where the visitor said they are, for the pages of this tab: rounded to about 100 m, gone with the tab, sent nowhere by itself.

const NAME = "puls position";

export function recalled() {
  try {
    const { lat, lon } = JSON.parse(sessionStorage.getItem(NAME)) ?? {};
    return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

export function remember(position) {
  try {
    if (position === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, JSON.stringify(position));
  } catch {
    // then this page alone knows it
  }
}

/** Kilometres as the crow flies. */
export function kilometres(a, b) {
  const radians = Math.PI / 180;
  const half = (from, to) => Math.sin(((to - from) * radians) / 2) ** 2;
  const chord = half(a.lat, b.lat) + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * half(a.lon, b.lon);
  return 12742 * Math.asin(Math.sqrt(chord));
}

/** « à 530 m », « 2.4 km away »: as the server says it. */
export function distanceSaid(km, language) {
  const isFrench = language !== "en";
  let said = `${Math.max(50, Math.round(km * 100) * 10)}\u00a0m`;
  if (km >= 1) said = `${km.toFixed(km < 10 ? 1 : 0).replace(/\.0$/, "").replace(".", isFrench ? "," : ".")}\u00a0km`;
  return isFrench ? `à ${said}` : `${said} away`;
}
