"""Whether what a sentence about no event states is what the visitor asked, or what Puls counted. Pure.

« Voici cinq concerts gratuits ce soir à Lyon » speaks of the wish, of which every event found is true.
Enter at `Asked`.
"""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from puls.conversation.grounding.claims import Claim, Kind, claims_in
from puls.conversation.grounding.records import Record, has_words
from puls.conversation.grounding.times import TIMES, Time
from puls.conversation.grounding.times import fits as fits_time
from puls.conversation.turn import Material
from puls.geo.names import fold
from puls.understanding.wish import Wish

_DAYS_READ = 62  # of an interval; longer wishes are not told day by day
# Said of the outing that is offered, not of an event: « plutôt gratuit ? »
OFFERS = frozenset(
    {Kind.FREE, Kind.PAID, Kind.RELATIVE_DAY, Kind.WEEKDAY, Kind.PART_OF_DAY, Kind.ACCESSIBLE, Kind.ONLINE,
     Kind.EVERYONE, Kind.CHEAPEST, Kind.NEAREST, Kind.COUNT, Kind.PLACE, Kind.AVAILABLE, Kind.REGISTRATION,
     Kind.FULL}
)  # fmt: skip
_NAMED = frozenset({Kind.PLACE, Kind.NAME, Kind.TITLE, Kind.NUMBER, Kind.COUNT, Kind.YEAR})


class Asked:
    """The wish of a turn, its notices and its counts, to hold sentences against."""

    def __init__(self, material: Material, records: Sequence[Record]) -> None:
        answer = material.answer
        self._material, self._records = material, records
        self.wish: Wish = answer.understood.wish
        chips = [text for chip in answer.understood.chips for text in (chip.fr, chip.en)]
        ours = [
            text
            for notice in (*answer.notices, *material.preferences_used)
            for text in (notice.fr, notice.en)
        ]
        ours += [
            text for one in answer.relaxations for text in (one.relaxation.fr, one.relaxation.en)
        ]
        where = self.wish.where
        named = [self.wish.topic, *self.wish.excluded_words, where.label if where else ""]
        self._named = f" {fold(' '.join([*named, *chips, *ours]))} "
        self._ours = frozenset(
            (claim.kind, claim.value) for text in [*ours, *chips] for claim in claims_in(text)
        )
        self._counts = self._counted()
        self._times = self._days_asked()

    def bears_out(self, claim: Claim, *, is_question: bool) -> bool:  # noqa: C901, PLR0911 # one return a reason
        """Whether a sentence about no event may say so."""
        wish = self.wish
        if (claim.kind, claim.value) in self._ours:
            return True
        if is_question and claim.kind in OFFERS and claim.kind is not Kind.PLACE:
            return True
        if claim.kind in _NAMED and self._is_named(claim):
            return True
        match claim.kind:
            case Kind.FREE:
                return wish.free is True
            case Kind.PAID:
                return wish.free is False
            case Kind.PRICE | Kind.PRICE_BELOW:
                return claim.value in self._amounts()
            case Kind.AGE:
                assert isinstance(claim.value, tuple)
                return bool(wish.ages) and set(claim.value) <= set(wish.ages)
            case Kind.ACCESSIBLE:
                return bool(wish.accessibility) and claim.value in {"any", *wish.accessibility}
            case Kind.ONLINE:
                return wish.online is True
            case Kind.DISTANCE:
                near = wish.where.near if wish.where else None
                return (
                    near is not None
                    and isinstance(claim.value, tuple)
                    and (abs(near.radius_km - claim.value[0]) <= claim.value[1])
                )
            case _:
                return self._is_time(claim)

    def _is_named(self, claim: Claim) -> bool:
        if claim.kind is Kind.COUNT:
            return claim.value in self._counts
        words = claim.value[0] if isinstance(claim.value, tuple) else str(claim.value)
        return has_words(words, self._named) or (
            claim.kind is Kind.NUMBER and words.isdigit() and float(words) in self._counts
        )

    def _counted(self) -> frozenset[float]:
        material = self._material
        shown, fitting = len(material.events), material.answer.found.fitting
        counts = {shown, fitting, fitting - 1, fitting - shown, len(material.plans)}
        counts |= {min(shown, most) for most in (2, 3, 4, 5)}  # « les trois premières »
        counts |= {fitting - most for most in (3, 4, 5) if fitting > most}
        counts |= {one.count for one in material.answer.relaxations}
        counts |= {max(0, one.count - 1) for one in material.answer.relaxations}
        counts |= {len(plan.steps) for plan in material.plans}
        counts |= {len(material.shown_before)}
        if self.wish.number_wanted:
            counts.add(self.wish.number_wanted)
        if self.wish.party_size:
            counts.add(self.wish.party_size)
        return frozenset(float(count) for count in counts)

    def _amounts(self) -> set[float]:
        amounts = {plan.price_per_person for plan in self._material.plans}
        people = self.wish.party_size or 1
        amounts |= {None if one is None else one * people for one in amounts}
        if self.wish.max_price is not None:
            amounts |= {self.wish.max_price, self.wish.max_price * people}
        return {one for one in amounts if one is not None}

    def _days_asked(self) -> list[Time]:
        """The intervals of the wish: each as a span, as its days and as its hours."""
        zone = ZoneInfo(self._material.timezone)
        times: list[Time] = []
        for interval in self.wish.when:
            start, end = interval.start.astimezone(zone), interval.end.astimezone(zone)
            if end - start > timedelta(days=_DAYS_READ):
                continue
            times.append(Time(start, end, is_range=True, has_hours=True))
            first = start
            while first < end:
                midnight = (first + timedelta(days=1)).replace(hour=0, minute=0, second=0)
                last = min(end, midnight)
                times.append(Time(first, last, is_range=False, has_hours=True))
                first = midnight
        return times

    def _is_time(self, claim: Claim) -> bool:
        return claim.kind in TIMES and any(
            fits_time(claim, time, self._material.now) for time in self._times
        )
