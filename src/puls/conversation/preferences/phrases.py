"""How preferences are spoken of: as the visitor reads them back, and what an answer says when one is kept. Pure."""

from collections.abc import Sequence
from typing import assert_never

from puls.catalogue.event import Accessibility
from puls.conversation.preferences.preference import (
    Budget,
    Children,
    Dislike,
    Home,
    Like,
    Moment,
    Moments,
    Needs,
    NoCar,
    Value,
)
from puls.understanding.notices import Notice

ASK_CONSENT = Notice(
    code="preference_consent",
    fr="Voulez-vous que je le retienne pour les prochaines fois ? Vous pourrez le voir, le corriger et l’effacer.",
    en="Shall I remember this for next time? You can see, correct and erase it.",
)
ASK_CONSENT_NEEDS = Notice(
    code="preference_consent_accessibility",
    fr="Voulez-vous que je retienne vos besoins d’accessibilité ? C’est une donnée de santé : il me faut votre accord exprès.",
    en="Shall I remember your accessibility needs? They are health data: I need your explicit agreement.",
)
FORGOTTEN = Notice(code="preference_forgotten", fr="C’est oublié.", en="That is forgotten.")


def listed(items: Sequence[str], word: str) -> str:
    """« 4, 7 et 9 »."""
    return f" {word} ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def words_of(value: Value) -> tuple[str, str]:
    """A preference in French and English, as its visitor reads it."""
    match value:
        case Home(where=where):
            said = f"J’habite {where.label}", f"I live in {where.label}"
        case Children(children=children):
            ages = [str(child.age) for child in children]
            said = f"Mes enfants : {listed(ages, 'et')} ans", f"My children: {listed(ages, 'and')}"
        case Like(about=about):
            said = f"J’aime : {about}", f"I like: {about}"
        case Dislike(about=about):
            said = f"Je n’aime pas : {about}", f"I do not like: {about}"
        case Needs(accessibility=codes):
            names = [_NEEDS[code] for code in sorted(codes)]
            fr, en = ", ".join(name[0] for name in names), ", ".join(name[1] for name in names)
            said = f"Accessibilité : {fr}", f"Accessibility: {en}"
        case Budget(max_price=price):
            said = f"Budget : {price:g} € au plus", f"Budget: €{price:g} at most"
        case Moments(moments=moments):
            fr = listed([_MOMENTS[each][0] for each in moments], "et")
            en = listed([_MOMENTS[each][1] for each in moments], "and")
            said = f"Plutôt {fr}", f"Rather {en}"
        case NoCar():
            said = "Sans voiture", "No car"
        case _:
            assert_never(value)
    return said


def kept_notice(values: Sequence[Value]) -> Notice:
    """That these are remembered, in words the visitor can correct."""
    said = [words_of(value) for value in values]
    fr = listed([f"« {each[0]} »" for each in said], "et")
    en = listed([f"“{each[1]}”" for each in said], "and")
    return Notice(code="preference_kept", fr=f"C’est retenu : {fr}.", en=f"I will remember: {en}.")


_MOMENTS: dict[Moment, tuple[str, str]] = {
    "morning": ("le matin", "mornings"),
    "afternoon": ("l’après-midi", "afternoons"),
    "evening": ("le soir", "evenings"),
    "weekend": ("le week-end", "weekends"),
}
_NEEDS: dict[Accessibility, tuple[str, str]] = {
    Accessibility.MOTOR: ("fauteuil roulant", "wheelchair"),
    Accessibility.HEARING: ("surdité", "hearing"),
    Accessibility.VISUAL: ("malvoyance", "sight"),
    Accessibility.PSYCHIC: ("handicap psychique", "psychic"),
    Accessibility.INTELLECTUAL: ("handicap mental", "intellectual"),
}
