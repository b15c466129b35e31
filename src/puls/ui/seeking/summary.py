"""What differs among what was found, in one sentence: « 31 sorties, dont 8 gratuites et 5 pour les enfants. » Pure.

Every number is counted, none guessed. Enter at `summary_of`.
"""

from collections.abc import Iterator, Sequence

from puls import phrasing
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent, off_theme
from puls.retrieval.search import MOST_COUNTED, Found
from puls.ui.seeking.quick import Counts, QuickFilter
from puls.ui.texts import texts

_TOLD = ("free", "tonight", "tomorrow", "weekend", "families", "wheelchair")
_MOST_TOLD = 2


def summary_of(found: Found, counts: Counts, *, language: Language) -> str:
    """One or two sentences; of events that are beside the theme, only how many."""
    shown, beside = len(found.events), off_theme(found.events)
    if beside:
        words = phrasing.count_words(
            shown, max(shown, found.fitting), language, most=MOST_COUNTED, beside=beside
        )
        return f"{phrasing.sentence(words)}."
    whole = max(shown, found.fitting)
    unsure = sum(not one.is_sure for one in found.events)
    if unsure and counts.sure < whole:
        return _some_unsure(counts.sure, whole - counts.sure, language)
    told = list(_differing(counts.filters, whole, language))[:_MOST_TOLD]
    total = _number(min(whole, MOST_COUNTED), language)
    key = "summary_one" if whole == 1 else "summary_more" if whole > MOST_COUNTED else "summary"
    said = texts(language)[key].format(number=total)
    if told:
        joined = f" {texts(language)['and']} ".join(told)
        said += texts(language)["summary_of_which"].format(told=joined)
    return f"{said}." + "".join(_nearest(found.events, language))


def _some_unsure(sure: int, rest: int, language: Language) -> str:
    """« 1 sortie répond à tout ; 27 autres ne le précisent pas. », in the order in which they are shown."""
    words = texts(language)
    key = "none" if not sure else "one" if sure == 1 else "several"
    said = words[f"summary_sure_{key}"].format(number=_number(sure, language))
    form = "one" if rest == 1 else "several"
    return said + words[f"summary_unsure_{form}"].format(number=_number(rest, language))


def _differing(filters: Sequence[QuickFilter], whole: int, language: Language) -> Iterator[str]:
    """What holds for some of them and not for all."""
    by_name = {one.name: one for one in filters}
    for name in _TOLD:
        one = by_name.get(name)
        if one is not None and one.count and one.count < whole:
            form = "one" if one.count == 1 else "several"
            words = texts(language)[f"summary_{name}_{form}"]
            yield words.format(number=_number(one.count, language))


def _nearest(events: Sequence[FoundEvent], language: Language) -> Iterator[str]:
    distances = [one.distance_km for one in events if one.distance_km is not None]
    if len(distances) > 1:
        nearest = phrasing.distance_words(min(distances), language)
        yield f" {texts(language)['summary_nearest'].format(nearest=nearest)}"


def _number(value: int, language: Language) -> str:
    text = f"{value:,}"
    return text.replace(",", "\N{NO-BREAK SPACE}") if language == "fr" else text
