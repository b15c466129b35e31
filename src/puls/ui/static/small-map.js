// The small map of one place. Nothing of it is fetched before the visitor asks: Leaflet comes from Puls, the background from
// whom the page names beside the button.

const CLOSE = 15;
const TILES_MISSED = 3;

export function offerSmallMap(place, at) {
  const button = place.querySelector("[data-show-map]");
  const said = place.querySelector("[data-map-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await show(place, at, said);
      button.remove();
      place.querySelector(".leaflet-container").focus({ preventScroll: true });
    } catch {
      said.textContent = said.dataset.failed;
      said.hidden = false;
      button.disabled = false;
    }
  });
}

async function show(place, at, said) {
  const { leaflet, leafletCss, tiles, attribution, attributionUrl, maxZoom, zoomIn, zoomOut, title } = place.dataset;
  await Promise.all([loaded("link", { rel: "stylesheet", href: leafletCss }), loaded("script", { src: leaflet })]);
  const { L } = window;
  const canvas = Object.assign(document.createElement("div"), { className: "small-map-canvas" });
  place.prepend(canvas);
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    zoomControl: false, attributionControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile,
    fadeAnimation: !isCalm, zoomAnimation: !isCalm, maxZoom: Number(maxZoom) || 18,
  });
  map.setView([at.lat, at.lon], CLOSE);
  L.control.zoom({ position: "bottomright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  L.marker([at.lat, at.lon], {
    icon: L.divIcon({ className: "pin", html: "<span>•</span>", iconSize: [32, 40], iconAnchor: [16, 38] }), title, alt: title, keyboard: false,
  }).addTo(map);
  if (tiles) background(map, { tiles, attribution, attributionUrl, maxZoom }, said);
}

function background(map, { tiles, attribution, attributionUrl, maxZoom }, said) {
  const { L } = window;
  const credit = document.createElement(attributionUrl ? "a" : "span");
  credit.textContent = attribution;
  if (attributionUrl) Object.assign(credit, { href: attributionUrl, rel: "noopener" });
  L.control.attribution({ prefix: "" }).addTo(map).addAttribution(credit.outerHTML);
  let missed = 0;
  L.tileLayer(tiles, { maxZoom: Number(maxZoom), referrerPolicy: "origin" })
    .on("tileload", () => (said.hidden = true))
    .on("tileerror", () => (missed += 1) === TILES_MISSED && (said.hidden = false))
    .addTo(map);
}

function loaded(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`${tag} not loaded`)));
    document.head.append(element);
  });
}
