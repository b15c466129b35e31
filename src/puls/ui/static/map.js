// The map of the events of the current turn. Leaflet is fetched from Puls itself, and only once a map is wanted. Pins stay
// right and usable when the background cannot be reached. Enter at `EventMap`.

import { isCalm } from "./conversation.js";

const FRANCE = [[42.3, -4.8], [51.1, 8.2]];
const CLOSEST = 15; // zoom for a single event
const CLOSEST_WITHOUT_TILES = 18;
const MOVED_BY_HAND = "dragend zoomend";
const PREVIEW_HEIGHT = 190; // px, with its margins
const TILES_MISSED = 4; // in a row: the background does not answer

export class EventMap {
  #panel;
  #onPick;
  #onArea;
  #position;
  #you = null;
  #map = null;
  #making = null;
  #layer = null;
  #markers = new Map();
  #isFitting = false;
  #isView = false; // the events to come are those of the piece of map that is seen

  /** `onArea`: what a piece of the map that was moved to is for; null: nothing. `position()`: `{lat, lon}` of the visitor, or nothing. */
  constructor(panel, { onPick, onArea, position = () => ({}) }) {
    this.#panel = panel;
    this.#position = position;
    this.#onPick = onPick;
    this.#onArea = onArea;
  }

  /** Pins for these cards; the map moves so that all can be seen. */
  async show(cards) {
    const map = await this.#ready();
    const { L } = window;
    this.#layer.clearLayers();
    this.#markers.clear();
    for (const card of cards) {
      const at = [Number(card.dataset.lat), Number(card.dataset.lon)];
      const title = card.querySelector("h3").textContent.trim();
      const marker = L.marker(at, {
        icon: L.divIcon({ className: "pin", html: `<span>${Number(card.dataset.number)}</span>`, iconSize: [32, 40], iconAnchor: [16, 38] }),
        title,
        alt: title,
        riseOnHover: true,
      });
      marker.on("click keypress", () => this.#onPick(card.dataset.uid));
      this.#markers.set(card.dataset.uid, marker);
      this.#layer.addLayer(marker);
    }
    this.#showYou();
    const seen = [...this.#markers.values()].map((marker) => marker.getLatLng());
    map.invalidateSize();
    if (this.#isView) {
      this.#isView = false;
      return; // the visitor chose what to see
    }
    this.#isFitting = true;
    map.once("moveend", () => setTimeout(() => (this.#isFitting = false), 0)); // the first move ends within the call
    if (seen.length) map.fitBounds(L.latLngBounds(seen), { paddingTopLeft: [44, 64], paddingBottomRight: [44, this.#below()], maxZoom: CLOSEST, animate: !isCalm() });
    else map.fitBounds(FRANCE);
    this.#offerArea(false);
  }

  highlight(uid) {
    for (const picked of this.#panel.querySelectorAll(".pin.is-picked")) picked.classList.remove("is-picked");
    const marker = this.#markers.get(uid);
    const pin = marker && this.#layer.getVisibleParent(marker); // its group, while it is in one
    pin?.getElement?.()?.classList.add("is-picked");
  }

  /** Room under the pins, in px: on a phone the event of a pin is shown there. */
  #below() {
    return window.matchMedia("(max-width: 63.99rem)").matches ? PREVIEW_HEIGHT : 44;
  }

  /** The visitor's own position, when they shared it. */
  #showYou() {
    const { L } = window;
    this.#you?.remove();
    const { lat, lon } = this.#position();
    if (lat === undefined || lon === undefined) return;
    const title = this.#panel.querySelector(".map").dataset.you;
    const icon = L.divIcon({ className: "you-place", html: '<span class="you"></span>', iconSize: [18, 18] });
    this.#you = L.marker([Number(lat), Number(lon)], { icon, title, alt: title, keyboard: false, interactive: false }).addTo(this.#map);
  }

  /** The one map, made when first wanted; tried again when it could not be made. */
  #ready() {
    this.#making ??= this.#make().catch((failure) => {
      this.#making = null;
      throw failure;
    });
    return this.#making;
  }

  async #make() {
    const { leaflet, leafletCss, cluster, tiles, attribution, attributionUrl, maxZoom } = this.#panel.dataset;
    await Promise.all([loaded("link", { rel: "stylesheet", href: leafletCss }), loaded("script", { src: leaflet })]);
    await loaded("script", { src: cluster });
    const { L } = window;
    const { zoomIn, zoomOut } = this.#panel.querySelector(".map").dataset;
    this.#map = L.map(this.#panel.querySelector(".map"), {
      zoomControl: false,
      attributionControl: false,
      maxZoom: Number(maxZoom) || CLOSEST_WITHOUT_TILES, // groups of pins need one, also without a background
      fadeAnimation: !isCalm(),
      zoomAnimation: !isCalm(),
    });
    L.control.zoom({ position: "bottomright", zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(this.#map);
    L.control.scale({ imperial: false }).addTo(this.#map);
    if (tiles) this.#background(tiles, attribution, attributionUrl, Number(maxZoom));
    this.#layer = L.markerClusterGroup({
      showCoverageOnHover: false,
      maxClusterRadius: 56, // px: neither a pin nor a group covers another one
      animate: !isCalm(),
      iconCreateFunction: (group) =>
        L.divIcon({ className: "pin pin-group", html: `<span>${group.getChildCount()}</span>`, iconSize: [40, 40] }),
    }).addTo(this.#map);
    this.#map.on(MOVED_BY_HAND, () => !this.#isFitting && this.#offerArea(true));
    this.#panel.querySelector("[data-search-area]").addEventListener("click", () => this.#searchHere());
    return this.#map;
  }

  #background(address, attribution, url, maxZoom) {
    const { L } = window;
    const credit = document.createElement(url ? "a" : "span");
    credit.textContent = attribution;
    if (url) Object.assign(credit, { href: url, rel: "noopener" });
    L.control.attribution({ prefix: "" }).addTo(this.#map).addAttribution(credit.outerHTML);
    let missed = 0;
    const said = this.#panel.querySelector(".map-said");
    L.tileLayer(address, { maxZoom, referrerPolicy: "origin" })
      .on("tileload", () => {
        missed = 0;
        said.hidden = true;
      })
      .on("tileerror", () => {
        missed += 1;
        if (missed === TILES_MISSED) said.hidden = false;
      })
      .addTo(this.#map);
  }

  #offerArea(isOffered) {
    if (this.#onArea === null) return;
    this.#panel.querySelector("[data-search-area]").hidden = !isOffered;
  }

  #searchHere() {
    const bounds = this.#map.getBounds();
    const middle = bounds.getCenter();
    const across = Math.min(middle.distanceTo([middle.lat, bounds.getEast()]), middle.distanceTo([bounds.getNorth(), middle.lng]));
    this.#offerArea(false);
    this.#isView = true;
    this.#onArea({
      lat: Number(middle.lat.toFixed(4)),
      lon: Number(middle.wrap().lng.toFixed(4)),
      radius_km: Math.min(500, Math.max(0.3, Math.round(across / 100) / 10)),
    });
  }
}

function loaded(tag, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error(`${tag} not loaded`)));
    document.head.append(element);
  });
}
