"""What one object of a page's state says of an event: its name, start, place, status and price, whatever the keys. Pure.

No field is believed to mean what it may not: a whole number without a unit may be cents, so it is no price; `remaining: 0`
may be unlimited, so it is no « complet ».
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from puls.geo.names import fold
from puls.web_search.pages.nodes import Node

_NAMES: Final = ("name", "title", "label", "nom", "titre", "post_title")
_STARTS: Final = (
    "startDate", "start_date", "startsAt", "starts_at", "startTime", "start_time", "startDateTime", "start_datetime", "dateTime",
    "datetime", "event_start_date", "startAt", "start_at", "start", "beginsAt", "begin", "begin_at", "dateStart", "date_start",
    "dateDebut", "date_debut", "debut", "dateFrom", "date_from", "startsOn", "starts_on", "showDate", "eventDate", "event_date",
)  # fmt: skip
_STARTS_WITH_PLACE: Final = ("date", "day", "jour", "when")  # of an article as often as of an event
_CLOCKS: Final = ("startTime", "start_time", "time", "hour", "heure", "heureDebut", "heure_debut", "startHour")  # fmt: skip
_ENDS: Final = (
    "endDate", "end_date", "endsAt", "ends_at", "endTime", "end_time", "endDateTime", "end_datetime", "event_end_date", "endAt",
    "end_at", "end", "dateEnd", "date_end", "dateFin", "date_fin", "fin", "dateTo", "date_to",
)  # fmt: skip
_HOLDERS: Final = ("dates", "schedule", "scheduling", "timing", "config", "date", "when", "period", "periode", "horaire")  # fmt: skip
_PLACES: Final = ("venue", "location", "place", "venues", "lieu", "salle", "hall", "theatre")
_PLACE_NAMES: Final = ("venue_name", "venueName", "place_name", "placeName", "location_name", "locationName", "lieu_nom", "nom_lieu")  # fmt: skip
_STREETS: Final = ("address_1", "streetAddress", "street", "address1", "line1", "address", "adresse", "rue")  # fmt: skip
_ADDRESSES: Final = ("fullAddress", "address", "postalAddress", "adresse")
_POSTCODES: Final = ("postal_code", "postalCode", "zip", "zipCode", "postcode", "code_postal", "codePostal", "cp")  # fmt: skip
_CITIES: Final = ("city", "addressLocality", "town", "locality", "ville", "commune", "cityName", "city_name")  # fmt: skip
_COUNTRIES: Final = ("country", "countryCode", "country_code", "addressCountry", "pays")
_LANGUAGES: Final = ("fr", "fr-FR", "fr_FR", "rendered", "text", "plain", "en", "default", "value")
_STATUSES: Final = (
    "eventStatus", "event_status", "status", "state", "statut", "etat", "availability", "availabilityStatus", "bookingStatus",
    "booking_status", "ticketStatus", "ticket_status", "salesStatus", "saleStatus", "sale_status", "disponibilite",
)  # fmt: skip
_TICKETS: Final = ("registration", "ticketing", "booking", "tickets", "billetterie", "sales", "reservation")  # fmt: skip
_WORDS: Final = {
    "cancelled": "EventCancelled", "canceled": "EventCancelled", "annule": "EventCancelled", "annulee": "EventCancelled",
    "postponed": "EventPostponed", "reporte": "EventPostponed", "reportee": "EventPostponed",
    "rescheduled": "EventRescheduled", "reprogramme": "EventRescheduled", "movedonline": "EventMovedOnline",
    "soldout": "SoldOut", "full": "SoldOut", "fullybooked": "SoldOut", "complet": "SoldOut", "complete": "SoldOut",
    "epuise": "SoldOut", "nomoretickets": "SoldOut", "scheduled": "EventScheduled", "confirmed": "EventScheduled",
    "onsale": "EventScheduled", "available": "EventScheduled", "instock": "EventScheduled", "opentickets": "EventScheduled",
}  # fmt: skip
_FLAGS: Final = {
    "cancelled": "EventCancelled", "canceled": "EventCancelled", "iscancelled": "EventCancelled", "iscanceled": "EventCancelled",
    "annule": "EventCancelled", "estannule": "EventCancelled", "annulee": "EventCancelled",
    "postponed": "EventPostponed", "ispostponed": "EventPostponed", "reporte": "EventPostponed", "estreporte": "EventPostponed",
    "soldout": "SoldOut", "issoldout": "SoldOut", "isfull": "SoldOut", "full": "SoldOut", "complet": "SoldOut",
    "estcomplet": "SoldOut", "fullybooked": "SoldOut",
}  # fmt: skip
_CODES: Final = ("code", "slug", "value", "key", "label", "name", "id")
_GRAVEST: Final = ("EventCancelled", "EventPostponed", "EventRescheduled", "EventMovedOnline", "SoldOut", "EventScheduled")  # fmt: skip
_OPENAGENDA: Final = {  # its documentation of event statuses, OpenAgenda API v2
    1: "EventScheduled", 2: "EventRescheduled", 3: "EventMovedOnline", 4: "EventPostponed", 5: "SoldOut", 6: "EventCancelled",
}  # fmt: skip
_LOWEST: Final = ("lowestPrice", "minPrice", "min_price", "priceMin", "price_min", "lowPrice", "priceFrom", "price_from", "lowestTicketPrice", "prixMin", "prix_min")  # fmt: skip
_HIGHEST: Final = ("highestPrice", "maxPrice", "max_price", "priceMax", "price_max", "highPrice", "priceTo", "highestTicketPrice", "prixMax", "prix_max")  # fmt: skip
_PRICES: Final = ("price", "cost", "prix", "tarif", "amount", "price_label", "priceLabel", "prices", "tarifs", "conditions", "pricing")  # fmt: skip
_FORMATTED: Final = ("formatted", "formattedPrice", "display", "label", "text", "formattedValue")
_CENTS: Final = re.compile(r"cents?\b|centimes?\b|minor")
_MAYBE_CENTS: Final = 500
_CLOCK: Final = re.compile(r"\s*(\d{1,2})\s?[:hH]\s?(\d\d)?\s*(?::\d\d)?\s*$")
_A_DAY: Final = 10  # letters of 2026-12-11
_DEEP: Final = 3


def text_in(one: Node, *keys: str) -> str | None:
    """The first of these fields that holds a text, in French where it is in several languages."""
    return next((text for key in keys if (text := _text(one.get(key)))), None)


def name_in(one: Node) -> str | None:
    """What the object is called."""
    return text_in(one, *_NAMES)


def start_in(one: Node, *, is_placed: bool = False) -> Any:
    """When it begins, as it is written; a day and an hour in two fields are put together. None when not said."""
    keys = (*_STARTS, *_STARTS_WITH_PLACE) if is_placed else _STARTS
    for holder in _holders(one):
        for key in keys:
            value = holder.get(key)
            if is_moment(value):
                return _with_clock(value, holder)
    return None


def end_in(one: Node) -> Any:
    """When it ends, as it is written."""
    return next(
        (value for holder in _holders(one) for key in _ENDS if is_moment(value := holder.get(key))),
        None,
    )


def is_moment(value: Any) -> bool:
    """Whether a value may be a day or a moment."""
    if isinstance(value, dict):
        return any(is_moment(value.get(key)) for key in ("local", "utc", "date", "dateTime"))
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (
        isinstance(value, str) and bool(re.match(r"\d{4}-\d\d-\d\d", value))
    )


def status_in(one: Node) -> str | None:
    """The gravest that fields and flags state, in a word of schema.org."""
    found = set(_stated(one))
    return next((word for word in _GRAVEST if word in found), None)


def costs_in(one: Node) -> list[Any] | None:
    """What it costs, as offers of schema.org; None when nothing is said that is surely euros."""
    if isinstance(one.get("offers"), list | dict) and one["offers"]:
        return [one["offers"]]
    holders = [one, *(held for key in _TICKETS for held in _ticketing(one.get(key)))]
    for keys in ((*_LOWEST, *_HIGHEST), _PRICES):
        found = [
            {"price": price, "priceCurrency": "EUR"}
            for holder in holders
            for key in keys
            for price in _prices(holder.get(key), _is_in_cents(key, holder))
        ]
        if found:
            return list(found)
    return None


def place_in(one: Node) -> Any:
    """Where it is, as a place of schema.org; a place may be an object, a name, or fields of the event itself."""
    value = next((one[key] for key in _PLACES if one.get(key)), None)
    place = value[0] if isinstance(value, list) and value else value
    flat_name = text_in(one, *_PLACE_NAMES)
    city = _first(one, _CITIES)
    if isinstance(place, dict):
        return _place(place)
    if flat_name is None and city is None:
        return place if isinstance(place, str) else None
    return _place(
        one | {"name": flat_name or (place if isinstance(place, str) else None), "title": None}
    )


def _holders(one: Node) -> Iterator[Node]:
    """The object and what it keeps its dates in: `scheduling.config`, `dates`."""
    waiting = [(one, 0)]
    while waiting:
        holder, depth = waiting.pop(0)
        yield holder
        if depth < _DEEP:
            waiting.extend(
                (held, depth + 1) for key in _HOLDERS if isinstance(held := holder.get(key), dict)
            )


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in _LANGUAGES
                if isinstance(value.get(key), str) and value[key].strip()
            ),
            None,
        )
    return value if isinstance(value, str) and value.strip() else None


def _with_clock(value: Any, holder: Node) -> Any:
    if not isinstance(value, str) or len(value.strip()) != _A_DAY:
        return value
    for key in _CLOCKS:
        found = _CLOCK.match(holder[key]) if isinstance(holder.get(key), str) else None
        if found:
            return f"{value.strip()}T{int(found[1]):02d}:{found[2] or '00'}"
    return value


def _stated(one: Node, depth: int = 0) -> Iterator[str]:
    for key, value in one.items():
        if value is True and (flag := _FLAGS.get(_plain(key))):
            yield flag
    for key in _STATUSES:
        value = one.get(key)
        if isinstance(value, dict):
            named = (value[name] for name in _CODES if value.get(name))
            value = next((_text(one) or one for one in named if not isinstance(one, list)), None)
        if isinstance(value, int) and not isinstance(value, bool) and "timings" in one:
            yield from (word for number, word in _OPENAGENDA.items() if number == value)
        elif isinstance(value, str) and (word := _WORDS.get(_plain(value.rsplit("/", 1)[-1]))):
            yield word
    for key in _TICKETS:
        if depth < _DEEP and isinstance(one.get(key), dict):
            yield from _stated(one[key], depth + 1)


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", fold(word)).removeprefix("event")


def _ticketing(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        yield from (held for key in _TICKETS if isinstance(held := value.get(key), dict))


def _is_in_cents(key: str, holder: Node) -> bool:
    units = (
        key,
        *(holder.get(unit) for unit in ("price_unit", "priceUnit", "unit", "currency_unit")),
    )
    return any(
        isinstance(one, str) and _CENTS.search(one.lower().replace("_", " ")) for one in units
    )


def _prices(value: Any, is_in_cents: bool) -> Iterator[Any]:
    if isinstance(value, dict):
        text = next((value[key] for key in _FORMATTED if isinstance(value.get(key), str)), None)
        currency = str(value.get("currency") or value.get("currencyCode") or "EUR").upper()
        if text is None and "amount" not in value and "value" not in value:
            text = _text(value)
        if text is not None:
            yield text
        elif currency in {"EUR", "€"}:
            amount = value.get("amount", value.get("value"))
            yield from _prices(amount, is_in_cents or _is_in_cents("", value))
    elif isinstance(value, list):
        for one in value[:20]:
            yield from _prices(one.get("price", one) if isinstance(one, dict) else one, is_in_cents)
    elif isinstance(value, bool) or value is None:
        return
    elif is_in_cents and re.fullmatch(r"\d{1,7}", str(value)):
        yield int(value) / 100
    elif not (isinstance(value, int) and value >= _MAYBE_CENTS):
        yield value if isinstance(value, str | int | float) else None


def _place(place: Node) -> Node:
    stated = next((place[key] for key in _ADDRESSES if isinstance(place.get(key), dict)), None)
    address: Node = place if stated is None else stated
    street = next((address[key] for key in _STREETS if address.get(key)), None)
    if isinstance(street, dict):
        street = " ".join(str(street[key]) for key in ("number", "name") if street.get(key))
    position: Node = next(
        (
            place[key]
            for key in ("location", "coordinates", "geo", "position")
            if isinstance(place.get(key), dict)
        ),
        {},
    )
    latitude, longitude = (
        next((one[key] for one in (place, address, position) for key in keys if one.get(key)), None)
        for keys in (("lat", "latitude"), ("lng", "lon", "longitude"))
    )
    return {
        "@type": "Place",
        "name": text_in(place, "name", "title", "nom", "label"),
        "address": {
            "streetAddress": street if isinstance(street, str) else None,
            "postalCode": _first(address, _POSTCODES) or _first(place, _POSTCODES),
            "addressLocality": _name(_first(address, _CITIES) or _first(place, _CITIES)),
            "addressCountry": _name(_first(address, _COUNTRIES)),
        },
        "geo": {"latitude": latitude, "longitude": longitude},
    }


def _first(node: Node, keys: Sequence[str]) -> Any:
    return next((node[key] for key in keys if node.get(key)), None)


def _name(value: Any) -> Any:
    return _text(value.get("name")) if isinstance(value, dict) else value
