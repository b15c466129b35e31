"""What a model is shown of a turn: instructions, compact event cards, the question. Pure.

The beginning is the same for every turn of a language, so that providers can cache it; everything that
visitors, organisers or earlier messages wrote stands inside a fence that it cannot close. Enter at
`context_of`.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from puls import phrasing
from puls.conversation.markdown import ADDRESS, TELEPHONE
from puls.conversation.telling import phrases
from puls.conversation.telling.phrases import either, written_language
from puls.conversation.telling.proposals import count
from puls.conversation.turn import Material
from puls.llm.chat import Message, Prompt
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent

VERSION = 2
MOST_CARDS = 8
CARD_CHARACTERS = (
    360  # some 120 tokens of French at three characters a token, the dearest tokenizer
)
_CITED_CHARACTERS = 720  # a card that the visitor asks about
_FACTS_SHARE = 0.72  # of them; the rest is for the description
_QUESTION_CHARACTERS = 1_000
_EARLIER_CHARACTERS = 400
_MOST_EARLIER = 6
_MAX_TOKENS = 500
_REMINDER = (  # last, where a small model looks first, and after all that others wrote
    "Réponds en français, en phrases complètes : pour chaque sortie, son titre et son numéro, quand, où et combien, d'après sa fiche.",
    "Answer in English, in whole sentences: for each event, its title and number, when, where and how much, as on its card.",
)
_FENCE = {"fr": ("<<<DONNÉES", "DONNÉES>>>"), "en": ("<<<DATA", "DATA>>>")}
_DESCRIBED = (". À propos : ", ". About it: ")
_PROMPT = re.compile(r"answer\.[a-z]+\.v(\d+)\.md")
_MAIL = re.compile(r"\S+@\S+")
_CANNOT_FENCE = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")"})


def context_of(
    material: Material, *, earlier: Sequence[Message] = (), version: int = VERSION
) -> Prompt:
    """The request to a model for this turn; `cache_key` names the stable beginning.

    `earlier`: the messages of the conversation before this one, oldest first; the last few are shown. `version`: of the
    instructions; see `versions`.
    """
    language = written_language(material)
    opening, closing = _FENCE[language]
    cards = "\n".join(
        card(found, number, material)
        for number, found in enumerate(material.events[:MOST_CARDS], start=1)
    )
    none = either("(aucune fiche)", "(no card)", language)
    title = either("Fiches", "Cards", language)
    shown = [f"{title}\n{opening}\n{cards or none}\n{closing}", *_told(material, language)]
    if earlier:
        said = "\n".join(
            f"{message.role}: {fenced(message.text, _EARLIER_CHARACTERS)}"
            for message in earlier[-_MOST_EARLIER:]
        )
        shown.append(f"{either('Avant', 'Before', language)}\n{opening}\n{said}\n{closing}")
    question = either("Message du visiteur", "The visitor's message", language)
    shown.append(f"{question}\n{opening}\n{fenced(material.text, _QUESTION_CHARACTERS)}\n{closing}")
    shown.append(either(*_REMINDER, language))
    return Prompt(
        system=instructions(language, version),
        messages=(Message("user", "\n\n".join(shown)),),
        max_tokens=_MAX_TOKENS,
        temperature=0.2,
        cache_key=f"answer-{language}-{version}",
    )


def versions() -> frozenset[int]:
    """The versions of the instructions that there are in every language."""
    names = {each.name for each in files("puls.conversation.writing").joinpath("prompts").iterdir()}
    found = {int(one[1]) for name in names if (one := _PROMPT.fullmatch(name))}
    return frozenset(
        one for one in found if all(f"answer.{each}.v{one}.md" in names for each in _FENCE)
    )


@cache
def instructions(language: Language, version: int = VERSION) -> str:
    """The versioned instructions; they hold no secret."""
    name = f"answer.{language}.v{version}.md"
    return (
        files("puls.conversation.writing")
        .joinpath("prompts", name)
        .read_text(encoding="utf-8")
        .strip()
    )


def card(found: FoundEvent, number: int, material: Material) -> str:
    """One event in few characters: what may be said of it, then the start of its description."""
    language, event = written_language(material), found.event
    is_asked_about = found in material.cited
    facts = [
        fenced(event.title, 90),
        phrases.when(found, material.now, language),
        fenced(phrases.where(event, language) or "", 90),
        *phrases.reasons(found, material.answer.understood.wish, language),
        *phrases.cautions(found, material.now, language),
    ]
    if is_asked_about:
        facts += _asked_about(found, language)
    most = _CITED_CHARACTERS if is_asked_about else CARD_CHARACTERS
    title, *others = [fact for fact in facts if fact]
    told = f"{title} [{number}] : {', '.join(others)}"[: round(most * _FACTS_SHARE)]
    before = either(*_DESCRIBED, language)
    described = fenced(event.description or "", most - len(told) - len(before))
    return f"{told}{before}{described}" if described else told


def _asked_about(found: FoundEvent, language: Language) -> list[str]:
    """What a visitor asks of one event: its address, its prices in the organiser's words, for whom it is made."""
    event = found.event
    address = fenced((event.venue.address if event.venue else None) or "", 90)
    conditions = phrases.conditions(event.price)
    access = phrases.accessibility(event.accessibility, language)
    return [
        f"{either('adresse', 'address', language)} : {address}" if address else "",
        f"« {fenced(conditions, 160)} »" if conditions else "",
        f"accessible : {access}" if access else "",
    ]


def fenced(text: str, most: int) -> str:
    """The text as data: one line, bounded, without addresses and without what a fence or a citation is made of."""
    usual = unicodedata.normalize(
        "NFKC", "".join(letter if letter.isprintable() else " " for letter in text)
    )
    unaddressed = TELEPHONE.sub("…", ADDRESS.sub("…", _MAIL.sub("…", usual)))
    line = " ".join(unaddressed.translate(_CANNOT_FENCE).split())
    return line if len(line) <= most else line[: max(0, most - 1)].rstrip() + "…"


def _told(material: Material, language: Language) -> list[str]:
    """What Puls itself says of the turn: the day, how many fit, what to try, preferences used."""
    today = phrasing.moment_of_day(material.now, material.timezone, language)
    told = [either(f"Nous sommes {today}.", f"It is {today}.", language)]
    fitting = material.answer.found.fitting
    if fitting > len(material.events[:MOST_CARDS]):
        told.append(
            either(
                f"En tout : {count(fitting, language)}.",
                f"In all: {count(fitting, language)}.",
                language,
            )
        )
    offers = [
        f"{count(one.count, language)} {one.relaxation.fr if language == 'fr' else one.relaxation.en}"
        for one in material.answer.relaxations
        if one.count
    ][:3]
    if offers:
        told.append(
            either("À essayer", "To try", language) + f" : {fenced(' ; '.join(offers), 300)}."
        )
    opening, closing = _FENCE[language]
    used = [one.fr if language == "fr" else one.en for one in material.preferences_used]
    if used:
        told.append(f"{opening}\n{fenced(' '.join(used), 300)}\n{closing}")
    return ["\n".join(told)]
