"""Whether an event seen on the web fits a wish: the conditions of the catalogue's own search, on what a page tells. Pure.

An event fits when nothing it states speaks against the wish; but day and place must be told, since a page that leaves them
open may speak of last year or of another country. Enter at `Fitting.fits`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import Stemmer

from puls.catalogue.event import Attendance, Interval
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.geo.places import Commune
from puls.language.lexicon import category_of_word
from puls.understanding.wish import Where, Wish
from puls.web_search.pages.orders import speaks_to_a_machine
from puls.web_search.values import WebEvent, WebStatus

_USUAL_LENGTH = timedelta(hours=2)  # of an event whose end is not told
_THE_END = datetime(9999, 1, 1, tzinfo=UTC)
_SHORTEST_WORD = 3
_QUARTER = re.compile(
    r"(?:\b\d{1,2} ?(?:er|e|eme|nd)?\b.*|\bcedex\b.*)$"
)  # « Lyon 2e », « Paris cedex 12 »
_WORD = re.compile(r"\w+")
_OFF = frozenset({WebStatus.CANCELLED, WebStatus.POSTPONED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """One wish at one moment. `timezone` is an IANA name, of the days that pages tell without a zone."""

    wish: Wish
    now: datetime
    gazetteer: Gazetteer
    timezone: str = "Europe/Paris"

    def fits(self, seen: WebEvent) -> bool:
        """Whether it may be shown for the wish."""
        return (
            seen.status not in _OFF
            and not any(map(speaks_to_a_machine, (seen.title, seen.venue, seen.city)))
            and self._is_then(seen)
            and self._is_there(seen)
            and self._is_affordable(seen)
            and self._is_attended_so(seen)
            and self._is_on_theme(seen)
        )

    def _is_then(self, seen: WebEvent) -> bool:
        asked = self.wish.when or (Interval(self.now, _THE_END),)
        return any(
            told.overlaps(each) and told.end > self.now
            for told in self._intervals(seen)
            for each in asked
        )

    def _intervals(self, seen: WebEvent) -> list[Interval]:
        zone = ZoneInfo(self.timezone)
        told = []
        for one in seen.times:
            length = _USUAL_LENGTH if one.has_time else timedelta(days=1)
            end = one.ends_at if one.ends_at and one.ends_at > one.starts_at else None
            told.append(Interval(one.starts_at, end or one.starts_at + length))
        if not told and seen.run is not None:
            first = datetime.combine(seen.run.first_day, time(), zone)
            after = datetime.combine(seen.run.last_day, time(), zone) + timedelta(days=1)
            if first < after:
                told.append(Interval(first, after))
        return told

    def _is_there(self, seen: WebEvent) -> bool:
        if seen.country_code not in (None, "FR"):
            return False
        where = self.wish.where
        if where is None:
            return True
        if seen.attendance is Attendance.ONLINE:
            return bool(self.wish.online)
        commune = commune_of(seen, self.gazetteer)
        at = seen.coordinates or (commune.coordinates if commune else None)
        names_an_area = bool(
            where.commune_codes
            or where.postcodes
            or where.department_codes
            or where.region_codes
            or where.near
        )
        is_inside = not names_an_area or _is_in(where, commune, seen.postcode, at)
        return is_inside and not any(
            _is_in(each, commune, seen.postcode, at) for each in where.excluded
        )

    def _is_affordable(self, seen: WebEvent) -> bool:
        wish, price = self.wish, seen.price
        if price is None:
            return True
        costs = price.lowest is not None and price.lowest > 0 and not price.is_free
        if wish.free and costs:
            return False
        dearer = (
            wish.max_price is not None
            and price.lowest is not None
            and price.lowest > wish.max_price
        )
        return not dearer or price.is_free

    def _is_attended_so(self, seen: WebEvent) -> bool:
        match self.wish.online:
            case True:
                return seen.attendance in (Attendance.ONLINE, Attendance.MIXED)
            case False:
                return seen.attendance is not Attendance.ONLINE
            case _:
                return True

    def _is_on_theme(self, seen: WebEvent) -> bool:
        """Whether it shares a telling word with the topic, or is of a kind that was asked for."""
        wish = self.wish
        text = " ".join(
            filter(None, (seen.title, seen.description, *seen.performers, seen.organizer))
        )
        words = _words(text)
        if any(_words(each) and _words(each) <= words for each in wish.excluded_words):
            return False
        kinds = {kind for word in words if (kind := category_of_word().get(word)) is not None}
        if kinds and kinds <= set(wish.excluded_categories):
            return False
        topic = {word for word in _words(wish.topic) if word not in category_of_word()}
        if topic:
            return bool(_stems(frozenset(topic)) & _stems(frozenset(words)))
        return not wish.categories or bool(kinds & set(wish.categories))


def commune_of(seen: WebEvent, gazetteer: Gazetteer) -> Commune | None:
    """The commune that a page names by postcode and town; None where neither tells one."""
    by_postcode = gazetteer.communes_of_postcode(seen.postcode) if seen.postcode else ()
    named = _QUARTER.sub("", fold(seen.city or "")).strip()
    if named:
        for commune in by_postcode:
            if fold(commune.name) == named:
                return commune
        called = gazetteer.communes_ever_named(named)
        if not seen.postcode and called:
            return max(called, key=lambda each: each.population)
    return by_postcode[0] if len(by_postcode) == 1 else None


def _is_in(
    where: Where, commune: Commune | None, postcode: str | None, at: Coordinates | None
) -> bool:
    if where.near is not None and at is not None:
        return great_circle_km(where.near.center, at) <= where.near.radius_km
    return (postcode is not None and postcode in where.postcodes) or (
        commune is not None
        and (
            commune.code in where.commune_codes
            or commune.department_code in where.department_codes
            or commune.region_code in where.region_codes
        )
    )


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(fold(text)) if len(word) >= _SHORTEST_WORD}


@lru_cache(maxsize=512)
def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(Stemmer.Stemmer("french").stemWords(list(words)))
