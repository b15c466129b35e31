"""What each part of a message is for: which readings are meant, left out, taken back; which words are the theme. Pure.

The learned chances are taken together into one consistent set: of several places or days that exclude each other the likeliest is meant. Enter at `judged`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from puls.understanding.judging.chances import CONCEIVABLE, HINTED, POSSIBLE, TOLD_AFTER
from puls.understanding.judging.features import features_of
from puls.understanding.judging.left_out import Sign
from puls.understanding.judging.meant import (
    bound_habits,
    choose_one_group,
    give_hours_a_day,
    give_lengths_a_start,
    leave_birthdays,
    mean_both,
    mean_each_stop,
    mean_lists,
    mean_over_there,
    mean_something,
    mean_the_only_day,
    mean_the_only_reach,
    mean_what_is_near,
    mean_what_opens_a_sentence,
    prefer_the_preferred,
    take_back,
)
from puls.understanding.judging.model import label_chances
from puls.understanding.judging.signs import signs_of
from puls.understanding.judging.themes import (
    date_by_feasts,
    keep_feasts_of_themes,
    keep_the_audience,
    keep_titles_whole,
    leave_out_their_markets,
    leave_what_is_left,
    leave_what_is_told,
    leave_what_it_is_about,
    leave_who_asks,
    name_a_theme,
    name_both,
    name_what_a_thing_is,
    name_what_follows_and,
    name_what_is_asked_for,
    name_what_nearly_is,
    name_what_opens,
)
from puls.understanding.judging.units import Unit, units_of
from puls.understanding.message import Message
from puls.understanding.readings import Reading
from puls.understanding.what.people import Ages, Party
from puls.understanding.what.price import Price
from puls.understanding.what.theme import joined_over_small_words, without_words
from puls.understanding.when.times import Time
from puls.understanding.where.distances import Distance

_FEW = 3  # units: « et des expos ? »


@dataclass(frozen=True, slots=True)
class Judged:
    """The units of a message with their judgement.

    `used`, `left_out` and `taken_back` are readings; `theme` and `without` spans of words, the last included; `ignored` readings that were told but not meant.
    """

    units: tuple[Unit, ...] = ()
    labels: tuple[str, ...] = ()
    used: tuple[Reading, ...] = ()
    left_out: tuple[Reading, ...] = ()
    taken_back: tuple[Reading, ...] = ()
    ignored: tuple[Reading, ...] = ()
    theme: tuple[tuple[int, int], ...] = ()
    without: tuple[tuple[int, int], ...] = ()
    certainty: float = field(default=1.0)
    """The smallest chance among the labels taken for readings: what the parser is least sure of."""


def judged(message: Message, readings: Sequence[Reading], *, is_follow_up: bool) -> Judged:
    """The most consistent judgement of the whole message."""
    units = units_of(message, readings)
    signs = signs_of(message, units)
    chances = label_chances(features_of(message, units, signs, is_follow_up=is_follow_up))
    labels = [
        _label(unit, each, sign) for unit, each, sign in zip(units, chances, signs, strict=True)
    ]
    mean_lists(message, units, labels)
    leave_what_is_left(message, units, labels, chances, signs)
    mean_what_is_near(message, units, labels)
    mean_over_there(message, units, labels)
    if is_follow_up:
        take_back(units, labels)
    mean_both(message, units, labels)
    mean_each_stop(message, units, labels)
    choose_one_group(message, units, labels, chances)
    mean_what_opens_a_sentence(message, units, labels, signs)
    prefer_the_preferred(message, units, labels, signs)
    give_lengths_a_start(units, labels, chances)
    give_hours_a_day(units, labels, chances)
    bound_habits(units, labels)
    leave_birthdays(units, labels)
    mean_the_only_day(
        message, units, labels, chances, least=TOLD_AFTER if is_follow_up else POSSIBLE
    )
    mean_the_only_reach(units, labels, chances)
    keep_the_audience(units, labels)
    name_both(units, labels, chances)
    if is_follow_up:
        mean_something(labels, chances)
        name_what_follows_and(message, units, labels)
        name_what_is_asked_for(units, labels)
    least = 0.0 if len(units) <= _FEW else HINTED if is_follow_up else CONCEIVABLE
    name_a_theme(units, labels, chances, least=least)
    name_what_a_thing_is(units, labels)
    if not is_follow_up:
        name_what_opens(units, labels)
    leave_who_asks(units, labels)
    keep_feasts_of_themes(message, units, labels)
    feasts = date_by_feasts(message, units, labels)
    if not is_follow_up:
        name_what_nearly_is(units, labels, chances)
    leave_out_their_markets(message, units, labels)
    leave_what_it_is_about(message, units, labels)
    leave_what_is_told(message, units, labels)
    keep_titles_whole(message, units, labels)
    by_label: defaultdict[str, list[Reading]] = defaultdict(list)
    is_form = any(unit.reading is not None and unit.reading.is_certain for unit in units)
    for unit, label in zip(units, labels, strict=True):
        if unit.reading is not None:
            is_story = label == "I" and not is_form and not _is_of_no_story(unit.reading)
            by_label["U" if label == "I" and not is_story else label].append(unit.reading)
    judged_units = {unit.first for unit in units if unit.reading is not None}
    by_label["U"] += [each for each in readings if each.first not in judged_units]
    sure = [
        each[label]
        for unit, label, each in zip(units, labels, chances, strict=True)
        if unit.reading is not None
    ]
    return Judged(
        units=tuple(units),
        labels=tuple(labels),
        used=tuple(sorted([*by_label["U"], *feasts], key=lambda each: each.first)),
        left_out=tuple(by_label["N"]),
        taken_back=tuple(by_label["D"]),
        ignored=tuple(by_label["I"]),
        theme=tuple(_runs(message, units, labels, "T")),
        without=tuple(_runs(message, units, labels, "X")),
        certainty=min(sure, default=1.0),
    )


def _is_of_no_story(reading: Reading) -> bool:
    """« même payant », « c'est trop loin » are said of what is asked for."""
    if isinstance(reading.value, Party) or (
        isinstance(reading.value, Ages) and reading.value.which is not None
    ):
        return True  # who comes
    if isinstance(reading.value, Distance):
        return reading.value.kind in _OF_WHAT_WAS_SAID
    return isinstance(reading.value, Price) and (
        reading.value.any_price or reading.value.is_paid_fine
    )


_OF_WHAT_WAS_SAID = ("nearer", "wider", "department", "region", "same_place")


def _label(unit: Unit, chances: dict[str, float], sign: Sign | None) -> str:
    """The likeliest label; a sign that grammar gives overrides it unless the words are a theme."""
    if unit.reading is not None and unit.reading.is_certain:
        return "U"
    allowed = "OTX" if unit.reading is None else "UNDITX"
    label = max(allowed, key=lambda each: chances.get(each, 0.0))
    if label == "X" and sign == "N" and unit.reading is not None and unit.reading.field == "where":
        return "N"  # « en Corse hors Ajaccio »
    if unit.reading is None or sign is None or label == "X" or (label == "T" and sign != "N"):
        return label
    is_only_when = isinstance(unit.reading.value, Time) and not unit.reading.value.is_of_a_theme
    return label if sign == "N" and (label == "D" or (label == "T" and not is_only_when)) else sign


def _runs(
    message: Message, units: Sequence[Unit], labels: Sequence[str], wanted: str
) -> list[tuple[int, int]]:
    """Spans of words of one label; a few small words between two of them belong to them."""
    spans: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for unit, label in zip(units, labels, strict=True):
        if label == wanted:
            spans.append((unit.first, unit.last))
        elif unit.reading is not None:
            others.append((unit.first, unit.last))
    return without_words(joined_over_small_words(message, spans), others)
