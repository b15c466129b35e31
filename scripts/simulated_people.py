"""A month of invented visitors: when they come, what they ask, what they get, and what they think of it. Pure.

Everything follows from a seed. Evenings and Fridays are busy; four faults are in it at fixed places of the month (a model
away, a slow database, a release that fails, a web provider that hangs). Proportions are assumptions for trying `/ops`,
not measurements of anybody. Enter at `sessions`.
"""

import json
import random
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from puls.catalogue.event import Category
from puls.conversation.keeping.stored_wish import json_of
from puls.geo.distance import Coordinates
from puls.understanding.wish import Near, Where, Wish

DAYS: Final = 30
MODEL: Final = "mistral:mistral-small-latest"
_OTHER_MODEL: Final = "openai:llama-3.3-70b"
_BY_HOUR: Final = (
    1,
    1,
    0.5,
    0.3,
    0.3,
    0.5,
    1,
    2,
    4,
    5,
    6,
    7,
    9,
    7,
    6,
    6,
    8,
    11,
    14,
    14,
    12,
    9,
    6,
    3,
)
_BY_WEEKDAY: Final = (0.8, 0.8, 0.9, 1.1, 1.6, 1.4, 0.9)  # Monday first
_GROWTH: Final = 0.4  # the last day has so much more than the first

# Place, weight, where to look; theme, subjects with their weight and how often each is found on theme.
_PLACES: Final = (
    (12, Where(label="Lyon", commune_codes=("69123",))),
    (14, Where(label="Paris", commune_codes=("75056",))),
    (7, Where(label="Nantes", commune_codes=("44109",))),
    (6, Where(label="Lille", commune_codes=("59350",))),
    (5, Where(label="Grenoble", commune_codes=("38185",))),
    (4, Where(label="Rennes", commune_codes=("35238",))),
    (3, Where(label="Rhône", department_codes=("69",))),
    (2, Where(label="Bretagne", region_codes=("53",))),
    (2, Where(label="Crest", commune_codes=("26108",))),
    (2, Where(label="Lyon 3e", postcodes=("69003",))),
    (8, Where(label="près de vous (20 km)", around_visitor_km=20.0)),
    (
        3,
        Where(
            label="Valence (20 km)", near=Near(center=Coordinates(44.9334, 4.8924), radius_km=20)
        ),
    ),
    (4, None),
)
_THEMES: Final[tuple[tuple[Category | None, tuple[tuple[str, float, float], ...]], ...]] = (
    (Category.CONCERT, (("jazz", 9, 0.9), ("concert", 12, 0.97), ("harpe", 2, 0.12), ("chorale", 2, 0.6))),
    (Category.EXHIBITION, (("exposition photo", 6, 0.9), ("exposition", 8, 0.95))),
    (Category.THEATRE, (("théâtre", 8, 0.93), ("improvisation", 2, 0.5))),
    (Category.WORKSHOP, (("atelier poterie", 3, 0.55), ("atelier codage enfants", 2, 0.2))),
    (Category.MARKET, (("marché de noël", 9, 0.85), ("brocante", 4, 0.7))),
    (Category.SPORT, (("initiation escalade", 2, 0.25),)),
    (Category.CINEMA, (("ciné-débat", 3, 0.6),)),
    (None, (("", 10, 0.99), ("escape game", 3, 0.15), ("karaoké", 2, 0.3))),
)  # fmt: skip
_FINDABLE_BY_PLACE: Final = {"Crest": 0.35, "Bretagne": 0.8, "Valence (20 km)": 0.7}
_KINDS: Final = (
    "search",
    "refinement",
    "details",
    "comparison",
    "plan",
    "greeting",
    "thanks",
    "out_of_scope",
)
_FIRST_KIND: Final = (0.86, 0.0, 0.0, 0.0, 0.06, 0.04, 0.0, 0.04)
_LATER_KIND: Final = (0.22, 0.42, 0.16, 0.04, 0.04, 0.0, 0.09, 0.03)
_REASONS: Final = (
    "wrong_date",
    "wrong_place",
    "too_expensive",
    "not_my_taste",
    "not_real",
    "other",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that went wrong from `begins` for `lasts`, both from the month's beginning."""

    name: str
    begins: timedelta
    lasts: timedelta

    def holds(self, after: timedelta) -> bool:
        return self.begins <= after < self.begins + self.lasts


FAULTS: Final = (
    Fault(name="model_away", begins=timedelta(days=9, hours=18), lasts=timedelta(hours=3)),
    Fault(name="database_slow", begins=timedelta(days=16, hours=19), lasts=timedelta(hours=2)),
    Fault(name="bad_release", begins=timedelta(days=22, hours=12), lasts=timedelta(minutes=40)),
    Fault(name="web_hangs", begins=timedelta(days=27, hours=10), lasts=timedelta(hours=5)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A wish that somebody may have: its stored form, its words, and how often something on theme is found."""

    wish_text: str
    words: str
    category: str | None
    findable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedTurn:
    """One turn, as the tables hold it. Moments are aware; `calls` and `searches` are rows of the ledgers."""

    at: datetime
    ended_at: datetime | None
    state: str
    kind: str
    language: str
    asked: Asked
    failure: str | None
    writer: str | None
    milliseconds: Mapping[str, int]
    checking: Mapping[str, int]
    seen: Mapping[str, Any]
    shown: Sequence[str]
    thumb: str | None = None
    reason_code: str | None = None
    event_thumb: str | None = None
    score: int | None = None
    calls: Sequence[tuple[Any, ...]] = field(default=())
    searches: Sequence[tuple[Any, ...]] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation of one visitor, by number."""

    visitor: int
    turns: Sequence[SimulatedTurn]


def wishes() -> tuple[list[Asked], list[float]]:
    """Everything that may be asked, and the running sum of how likely each is."""
    found, weights = [], []
    for place_weight, where in _PLACES:
        for category, subjects in _THEMES:
            for topic, weight, findable in subjects:
                wish = Wish(topic=topic, where=where, categories=(category,) if category else ())
                place = where.label if where else ""
                found.append(
                    Asked(
                        wish_text=json.dumps(json_of(wish), ensure_ascii=False),
                        words=f"{topic or 'que faire ce week-end'} {'à ' + place if place else ''}".strip(),
                        category=category.value if category else None,
                        findable=findable * _FINDABLE_BY_PLACE.get(place, 1.0),
                    )
                )
                weights.append(place_weight * weight)
    return found, list(accumulate(weights))


def sessions(*, turns: int, until: datetime, seed: int, uids: Sequence[str]) -> Iterator[Session]:
    """About `turns` turns in the thirty days before `until` (aware), in no order; `uids`: events that may be shown."""
    rng = random.Random(seed)
    month = _Month(rng=rng, begins=until - timedelta(days=DAYS), uids=uids)
    made = 0
    visitor = 0
    while made < turns:
        visitor += 1
        for start in month.starts(_geometric(rng, 0.75)):
            session = month.session(visitor, start, at_most=turns - made)
            made += len(session.turns)
            if session.turns:
                yield session
            if made >= turns:
                return


def _geometric(rng: random.Random, chance: float) -> int:
    """How many tries until the first success."""
    tries = 1
    while rng.random() >= chance:
        tries += 1
    return tries


class _Month:
    def __init__(self, *, rng: random.Random, begins: datetime, uids: Sequence[str]) -> None:
        self._rng, self._begins, self._uids = rng, begins, uids
        self._wishes, self._likely = wishes()
        self._hours = list(accumulate(self._busy(hour) for hour in range(DAYS * 24)))

    def _busy(self, hour: int) -> float:
        at = self._begins + timedelta(hours=hour)
        growth = 1 + _GROWTH * hour / (DAYS * 24)
        return _BY_HOUR[(at.hour + 1) % 24] * _BY_WEEKDAY[at.weekday()] * growth

    def starts(self, number: int) -> list[timedelta]:
        drawn = (self._rng.random() * self._hours[-1] for _ in range(number))
        return sorted(
            timedelta(hours=bisect(self._hours, each) + self._rng.random()) for each in drawn
        )

    def session(self, visitor: int, start: timedelta, *, at_most: int) -> Session:
        number = min(_geometric(self._rng, 0.38), 12, at_most)
        language = "fr" if self._rng.random() < 0.93 else "en"
        turns, after = [], start
        asked = self._wish()
        for at in range(number):
            if after >= timedelta(days=DAYS):
                break
            if at and self._rng.random() < 0.3:
                asked = self._wish()
            turns.append(self._turn(after, asked, language, is_first=at == 0))
            after += timedelta(seconds=20 + self._rng.expovariate(1 / 70))
        return Session(visitor=visitor, turns=turns)

    def _wish(self) -> Asked:
        at = bisect(self._likely, self._rng.random() * self._likely[-1])
        return self._wishes[min(at, len(self._wishes) - 1)]

    def _turn(
        self, after: timedelta, asked: Asked, language: str, *, is_first: bool
    ) -> SimulatedTurn:
        rng = self._rng
        faults = {fault.name for fault in FAULTS if fault.holds(after)}
        at = self._begins + after
        kind = rng.choices(_KINDS, _FIRST_KIND if is_first else _LATER_KIND)[0]
        if rng.random() < (0.45 if "bad_release" in faults else 0.004):
            failure = "stopped" if rng.random() < 0.2 and not faults else "internal_error"
            return self._failed(at, asked, kind, language, failure)
        is_search = kind in {"search", "refinement", "plan"}
        found = self._found(asked) if is_search else None
        slow = 6.0 if "database_slow" in faults else 1.0
        by_model = rng.random() < 0.8 and kind not in {"greeting", "thanks"}
        calls = self._calls(at, is_away="model_away" in faults) if by_model else ()
        writer = next((call[1] for call in calls if call[2] == "answered"), "composer")
        web, searches = self._web(at, found, hangs="web_hangs" in faults)
        milliseconds = self._milliseconds(slow, writer, calls, looked=web)
        shown = self._shown(found)
        return SimulatedTurn(
            at=at,
            ended_at=at + timedelta(milliseconds=milliseconds["total"]),
            state="finished",
            kind=kind,
            language=language,
            asked=asked,
            failure=None,
            writer=writer,
            milliseconds=milliseconds,
            checking=self._checking(writer),
            seen=self._seen(found, shown, web),
            shown=shown,
            calls=calls,
            searches=searches,
            **self._opinion(found, shown, is_slow=slow > 1),
        )

    def _failed(
        self, at: datetime, asked: Asked, kind: str, language: str, failure: str
    ) -> SimulatedTurn:
        return SimulatedTurn(
            at=at,
            ended_at=at + timedelta(seconds=self._rng.gammavariate(2, 2)),
            state="failed",
            kind=kind,
            language=language,
            asked=asked,
            failure=failure,
            writer=None,
            milliseconds={},
            checking={},
            seen={},
            shown=(),
        )

    def _found(self, asked: Asked) -> str:
        if self._rng.random() < asked.findable:
            return "on_theme"
        return "off_theme" if self._rng.random() < 0.7 else "nothing"

    def _shown(self, found: str | None) -> tuple[str, ...]:
        if found in {None, "nothing"}:
            return ()
        return tuple(self._rng.choices(self._uids, k=self._rng.randint(1, 6)))

    def _seen(
        self, found: str | None, shown: Sequence[str], web: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        if found is not None:
            seen["found"], seen["fitting"] = found, len(shown)
        match = "nothing" if found == "off_theme" else "on_theme"
        seen["events"] = [
            {"uid": uid, "score": round(2.4 - 0.3 * at, 3), "match": match, "is_sure": True, "reasons": ["topic"]}
            for at, uid in enumerate(dict.fromkeys(shown))
        ]  # fmt: skip
        if web is not None:
            seen["web"] = web
        return seen

    def _calls(self, at: datetime, *, is_away: bool) -> tuple[tuple[Any, ...], ...]:
        """Rows of `model_call`: moment, model, outcome, attempt, tokens, euros, milliseconds."""
        rng = self._rng
        if rng.random() < 0.15:
            return ((at, MODEL, "cached", 1, 0, 0, 0, 0.0, None, 3),)
        rows: list[tuple[Any, ...]] = []
        attempt = 1
        while is_away or rng.random() < 0.015:
            rows.append((at, MODEL, "first_token_timeout", attempt, 900, 0, 0, 0.0, None, 4_000))
            attempt += 1
            if attempt > 2:
                if rng.random() < 0.5:
                    rows.append(self._answered(at, _OTHER_MODEL, 1, 0.00045))
                return tuple(rows)
        rows.append(self._answered(at, MODEL, attempt, 0.00032))
        return tuple(rows)

    def _answered(self, at: datetime, model: str, attempt: int, eur: float) -> tuple[Any, ...]:
        rng = self._rng
        tokens_in, tokens_out = rng.randint(700, 2_400), rng.randint(60, 320)
        first = int(rng.gammavariate(4, 110))
        total = first + tokens_out * 8
        cached = int(tokens_in * 0.4) if rng.random() < 0.5 else 0
        cost = round(eur * (tokens_in + 3 * tokens_out) / 2_000, 8)
        return (at, model, "answered", attempt, tokens_in, cached, tokens_out, cost, first, total)

    def _web(
        self, at: datetime, found: str | None, *, hangs: bool
    ) -> tuple[Mapping[str, Any] | None, tuple[tuple[Any, ...], ...]]:
        rng = self._rng
        if found is None or rng.random() > (0.5 if found != "on_theme" else 0.06):
            return None, ()
        outcomes = rng.choices(
            ["confirmed", "changed", "cancelled", "full", "unreadable", "not_checked"],
            [0.55, 0.08, 0.04, 0.05, 0.18, 0.1],
            k=rng.randint(1, 3),
        )
        why = "too_few" if found != "on_theme" else "soon_and_old"
        seconds = 3.0 if hangs else round(rng.gammavariate(3, 0.4), 2)
        web = {
            "why": [why],
            "seconds": seconds,
            "events": 0,
            "is_cut": hangs,
            "lacks_provider": False,
            "failures": ["timeout"] if hangs else [],
            "checks": [
                {"uid": "x", "outcome": each, "proof": "agenda", "is_strong": False, "why_not": ""}
                for each in outcomes
            ],
        }  # fmt: skip
        outcome = "timeout" if hangs else "answered" if rng.random() < 0.9 else "empty"
        row = (
            at,
            "brave",
            outcome,
            0.0045,
            round(1000 * seconds),
            0 if outcome != "answered" else 8,
        )
        return web, (row,)

    def _milliseconds(
        self,
        slow: float,
        writer: str,
        calls: Sequence[tuple[Any, ...]],
        *,
        looked: Mapping[str, Any] | None,
    ) -> dict[str, int]:
        rng = self._rng
        understood = 3 + int(rng.gammavariate(2, 2))
        found = understood + int(slow * rng.gammavariate(3, 28))
        steps = {"understood": understood, "found": found}
        now = found
        if looked is not None:
            now += int(1000 * looked["seconds"])
            steps["looked"] = now
        wait = sum(call[9] for call in calls if call[2] not in {"answered", "cached"})
        told = next((call for call in calls if call[2] == "answered"), None)
        first = now + wait + (told[8] if told else 4)
        steps["first_text"] = first
        steps["written"] = first + (told[9] - told[8] if told and writer != "composer" else 6)
        steps["total"] = steps["written"] + 2 + int(slow * rng.gammavariate(2, 2))
        return steps

    def _checking(self, writer: str) -> dict[str, int]:
        rng = self._rng
        sentences, claims = rng.randint(2, 7), rng.randint(3, 15)
        is_composed = writer == "composer"
        wrong = 0 if is_composed else int(rng.random() < 0.05)
        return {
            "sentences": sentences,
            "claims": claims,
            "grounded_claims": claims - wrong,
            "rewritten": int(not is_composed and rng.random() < 0.06),
            "dropped": wrong,
        }

    def _opinion(self, found: str | None, shown: Sequence[str], *, is_slow: bool) -> dict[str, Any]:
        rng = self._rng
        if found is None:
            return {}
        pleased = {"on_theme": 0.86, "off_theme": 0.35, "nothing": 0.12}[found] - 0.15 * is_slow
        given: dict[str, Any] = {}
        if rng.random() < 0.07:
            is_up = rng.random() < pleased
            given["thumb"] = "up" if is_up else "down"
            if not is_up and rng.random() < 0.6:
                given["reason_code"] = rng.choice(_REASONS)
        if shown and rng.random() < 0.02:
            given["event_thumb"] = "up" if rng.random() < 0.7 else "down"
        if rng.random() < 0.02:
            given["score"] = min(5, max(1, round(1 + 4 * pleased + rng.gauss(0, 0.9))))
        return given
