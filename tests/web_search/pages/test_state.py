"""Events in the state of pages of JavaScript and in JSON of any shape, and JSON-LD that is not JSON."""

import json
from html import escape
from typing import Any

import pytest
from tests.web_search.pages.judged import shown

from puls.web_search.pages import events_of

EVENT: dict[str, Any] = {
    "name": "Vent debout",
    "startDate": "2026-12-12T20:30:00+01:00",
    "venue": {"name": "Le Lieu", "city": "Brest"},
}
TEXT = json.dumps({"props": {"event": EVENT}})
CARRIED = {
    "nuxt": f"<script>window.__NUXT__={TEXT};</script>",
    "parsed": f"<script>window.__INITIAL_STATE__ = JSON.parse({json.dumps(TEXT)});</script>",
    "parsed in single quotes": f"<script>window.__STATE__ = JSON.parse('{TEXT}');</script>",
    "by name": f"<script>window['__DATA__'] = {TEXT}</script>",
    "pushed": f"<script>self.__next_f.push([1,{json.dumps('5:[0,' + TEXT + ']' + chr(10))}])</script>",
    "attribute": f'<div id=app data-page="{escape(TEXT)}"></div>',
    "next": f'<script id="__NEXT_DATA__" type="application/json">{TEXT}</script>',
}
ANSWERED: dict[str, tuple[Any, list[tuple[str, str, float | None]]]] = {
    "sessions": (
        {"spectacle": {"titre": "Vent debout", "lieu": "Le Lieu", "ville": "Brest", "tarif": "12 €", "seances": [
            {"date": "2026-12-12", "heure": "20h30", "complet": True}, {"date": "2026-12-13", "heure": "17h00", "annule": True},
            {"date": "2026-12-14", "heure": "17h"}]}},
        [("12 20:30", "full", 12.0), ("13 17:00", "cancelled", 12.0), ("14 17:00", "unknown", 12.0)],
    ),
    "root list": ([EVENT | {"status": "SOLD_OUT"}], [("12 20:30", "full", None)]),
    "flat place": (
        {"results": [{"label": "Vent debout", "date_start": "2026-12-12 20:30", "place_name": "Le Lieu", "city": "Brest",
                      "state": {"code": "postponed"}}]},
        [("12 20:30", "postponed", None)],
    ),
    "cents": (
        {"data": [{"attributes": EVENT | {"price_min": 900, "price_unit": "cents", "cancelled": True, "availability": "NONE"}}]},
        [("12 20:30", "cancelled", 9.0)],
    ),
    "maybe cents": ([EVENT | {"price": 2900}], [("12 20:30", "unknown", None)]),
    "formatted": ([EVENT | {"minPrice": {"amount": 2900, "currency": "EUR", "formatted": "29,00 €"}}], [("12 20:30", "unknown", 29.0)]),
    "agenda": (
        {"events": [{"title": {"fr": "Vent debout"}, "status": 6, "timings": [{"begin": "2026-12-12T20:30:00+01:00"}],
                     "location": {"name": "Le Lieu", "city": "Brest"}, "conditions": {"fr": "5 €"}}]},
        [("12 20:30", "cancelled", 5.0)],
    ),
    "capitals": ({"value": [{"Titre": "Vent debout", "DateDebut": "2026-12-12T20:30:00", "Lieu": "Le Lieu"}]}, [("12 20:30", "unknown", None)]),
    "an article": ([{"date": "2026-10-01T00:00:00", "title": "Nos travaux", "url": "https://x.example/v"}], []),
    "a draft": ([EVENT | {"status": "draft"}], []),
}  # fmt: skip
LD = '{"@context":"https://schema.org","@type":"Event","name":"Vent debout","startDate":"2026-12-12T20:30"%s}'
BROKEN = {
    "cdata": "/*<![CDATA[*/" + LD % "" + "/*]]>*/",
    "bare cdata": "<![CDATA[" + LD % "" + "]]>",
    "cut off": (LD % "")[:-1],
    "cut in a list": "[" + LD % "" + "," + (LD % "")[:60],
    "single quotes": (LD % "").replace('"', "'"),
    "bare keys": '{"@type":"Event",name:"Vent debout",startDate:"2026-12-12T20:30"}',
    "no commas": '{"@type":"Event" "name":"Vent debout" "startDate":"2026-12-12T20:30"}',
    "two commas": LD % ',,"url":"/a"',
    "undefined": LD % ',"image":undefined',
    "curly quotes": (LD % "").replace('"', "”"),
    "a program": "var event = " + LD % "" + ";",
    "line ends in texts": LD % ',"description":"a\nb"',
    "entities": (LD % "").replace('"', "&quot;"),
}


@pytest.mark.parametrize("name", CARRIED)
def test_state_is_found_wherever_a_page_carries_it(name: str) -> None:
    """A page of JavaScript says nothing else to a reader without a browser."""
    told = events_of(shown("Lieu", CARRIED[name]))
    assert [(one.title, one.venue, one.city) for one in told] == [
        ("Vent debout", "Le Lieu", "Brest")
    ]


@pytest.mark.parametrize("name", ANSWERED)
def test_json_of_unknown_keys_gives_each_performance_with_its_status_and_price(name: str) -> None:
    """Nobody agreed on keys; what may mean something else is left out."""
    value, wanted = ANSWERED[name]
    told = events_of(shown("", json.dumps(value), kind="application/json"))
    assert [
        (f"{time.starts_at:%d %H:%M}", one.status.value, one.price.lowest if one.price else None)
        for one in told
        for time in one.times
    ] == wanted


@pytest.mark.parametrize("name", BROKEN)
def test_json_that_is_broken_is_read_as_it_was_meant(name: str) -> None:
    """Themes glue it together from texts."""
    told = events_of(shown("Lieu", f'<script type="application/ld+json">{BROKEN[name]}</script>'))
    assert told
    assert told[0].title == "Vent debout"
    assert f"{told[0].times[0].starts_at:%d %H:%M}" == "12 20:30"
