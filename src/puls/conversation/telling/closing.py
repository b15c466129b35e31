"""How an answer ends: a question that the next message can answer, as a typed offer, or one that any wish answers. Pure.

No question is asked that a « oui » would not carry out, and none when there is nothing left to ask. Enter at `closing_of`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from puls.conversation.state import Offer
from puls.conversation.turn import Material
from puls.language.words import Words
from puls.understanding.turns import Act

_MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Closing:
    """The question, and what « oui » to it does (None: it asks for a town or a day)."""

    words: Words
    offer: Offer | None = None


def offers_of(material: Material) -> tuple[Offer, ...]:
    """What the answer offers: the one that « oui » accepts first."""
    offered = (
        [closing.offer]
        if (closing := closing_of(material)) is not None and closing.offer is not None
        else []
    )
    return tuple(
        [*offered, *(each for each in _relaxed(material) if each not in offered)][:_MOST_OFFERED]
    )


def focus_of(material: Material) -> tuple[str, ...]:
    """The uids that the answer told of: those asked about, or the only one shown."""
    told = material.cited or (
        material.answer.found.events if len(material.answer.found.events) == 1 else ()
    )
    return tuple(one.event.uid for one in told)


def closing_of(material: Material) -> Closing | None:
    """The question at the end of an answer; None when there is none worth asking."""
    understood = material.answer.understood
    match understood.act:
        case Act.SEARCH | Act.CHANGE | Act.MORE | Act.ABOUT_ME | Act.PLAN if not material.plans:
            return _after_a_search(material)
        case _:
            return None


def _after_a_search(material: Material) -> Closing | None:  # noqa: PLR0911 - one return a question
    wish, found = material.answer.understood.wish, material.answer.found
    offers = list(_relaxed(material))
    if offers:
        first = offers[0]
        return Closing(Words(f"Je regarde {first.fr} ?", f"Shall I try that ({first.en})?"), first)
    if not found.events:
        return None
    if wish.where is None and not wish.online:
        return Closing(Words("Dans quelle ville ?", "In which town?"))
    if not wish.when and material.is_first:
        return Closing(Words("Un jour en particulier ?", "Any day in particular?"))
    if len(found.events) == 1:
        offer = Offer(
            does="details", fr="les détails", en="the details", uids=(found.events[0].event.uid,)
        )
        return Closing(Words("Voulez-vous les détails ?", "Would you like the details?"), offer)
    if found.fitting > len(found.events):
        return Closing(
            Words("En voulez-vous d’autres ?", "Would you like more?"),
            Offer(does="more", fr="d’autres", en="more"),
        )
    return None


def _relaxed(material: Material) -> Iterator[Offer]:
    """What to try instead, those that find something."""
    for each in material.answer.relaxations:
        if each.count:
            yield Offer(
                does="search",
                fr=each.relaxation.fr,
                en=each.relaxation.en,
                wish=each.relaxation.wish,
            )
