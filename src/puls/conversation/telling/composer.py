"""The answer written without any model: from the material alone, like a helpful person. Pure.

The same material gives the same text; another one varies the words. Every sentence bears the check of
`answers`. Enter at `compose`.
"""

from collections.abc import Iterator

from puls.conversation.telling import phrases
from puls.conversation.telling.comparing import comparison
from puls.conversation.telling.details import booking, details
from puls.conversation.telling.itineraries import outings
from puls.conversation.telling.phrases import chosen, either, written_language
from puls.conversation.telling.proposals import proposals, setting_words
from puls.conversation.turn import Material, Sentence
from puls.understanding.instead import sentence_instead
from puls.understanding.notices import Notice
from puls.understanding.turns import Act
from puls.understanding.when.intervals import NO_SUCH_DAY
from puls.understanding.where.reach import lacks_position

_WHERE_ARE_YOU = (
    (
        "Pour chercher près de vous, il me faut votre position : partagez-la de nouveau, ou dites-moi une ville.",
        "To search near you I need your position: share it again, or name a town.",
    ),
    (
        "Je ne garde pas votre position : partagez-la de nouveau, ou nommez une ville, et je cherche autour.",
        "I do not keep your position: share it again, or name a town, and I will search around it.",
    ),
)

_ANOTHER_DAY = (
    (
        "Ce jour n'existe pas au calendrier. Quel jour voulez-vous dire ?",
        "There is no such day in the calendar. Which day do you mean?",
    ),
)


def compose(material: Material) -> Iterator[Sentence]:
    """The sentences of the answer, in order; joined, they are its text."""
    paragraphs = [list(each) for each in _paragraphs(material)]
    for at, paragraph in enumerate(each for each in paragraphs if each):
        for place, sentence in enumerate(paragraph):
            before = "" if at == place == 0 else " " if place else "\n\n"
            yield Sentence(text=before + sentence.text, uids=sentence.uids)


def _paragraphs(material: Material) -> Iterator[Iterator[Sentence]]:  # noqa: C901 - one case an answer
    understood = material.answer.understood
    instead = sentence_instead(understood)
    match understood.act:
        case Act.CANNOT:
            yield _cannot(material)
        case _ if instead is not None:
            yield _said((instead,), material)
        case _ if material.plans:
            yield _said(material.preferences_used, material)
            yield from outings(material)
        case Act.COMPARE if material.cited:
            yield from comparison(material)
        case _ if material.cited or (understood.act is Act.DETAILS and material.events):
            yield from details(material)
        case Act.DETAILS | Act.COMPARE if not material.events:
            yield iter([Sentence(text=_which_one(material))])
        case _ if understood.carried is not None and lacks_position(understood.carried):
            yield _one_of(_WHERE_ARE_YOU, material)
        case _ if NO_SUCH_DAY in understood.notices and not material.events:
            yield _one_of(_ANOTHER_DAY, material)
        case Act.ABOUT_ME if (
            not material.events and not material.answer.relaxations and not understood.wish.topic
        ):
            yield _noted(material)
        case act:
            if act is Act.PLAN:
                yield iter([Sentence(text=either(
                    "Je n'ai pas trouvé d'enchaînement qui tienne dans le temps et le budget demandés.",
                    "I found no outing that fits the time and the budget you gave.", written_language(material)))])  # fmt: skip
            yield from proposals(material, before=list(_said(material.preferences_used, material)))


def _noted(material: Material) -> Iterator[Sentence]:
    """What was told of oneself is noted, and what for is asked."""
    language = written_language(material)
    told = setting_words(material)
    lead = either("C'est noté", "Noted", language)
    yield Sentence(text=f"{lead}{either(' : ', ': ', language) + told if told else ''}.")
    yield from _said(material.preferences_used, material)
    yield Sentence(
        text=either(
            "Qu'est-ce qui vous ferait envie, où et quand ?",
            "What would you like to do, where and when?",
            language,
        )
    )


def _said(notices: tuple[Notice, ...], material: Material) -> Iterator[Sentence]:
    language = written_language(material)
    for notice in notices:
        words = (notice.fr if language == "fr" else notice.en).strip()
        if words:
            yield Sentence(text=words if words[-1] in ".!?…" else f"{words}.")


def _one_of(options: tuple[tuple[str, str], ...], material: Material) -> Iterator[Sentence]:
    language = written_language(material)
    words = [each[0] if language == "fr" else each[1] for each in options]
    yield Sentence(text=chosen(words, material.text, len(material.shown_before)))


def _cannot(material: Material) -> Iterator[Sentence]:
    """Sends the visitor to the organiser, with the event's own link when it is known which event is meant."""
    instead = sentence_instead(material.answer.understood)
    assert instead is not None  # the act has a sentence
    yield from _said((instead,), material)
    language = written_language(material)
    at_hand = material.cited[:1]
    for found in at_hand:
        yield from booking(found, material)
    if not at_hand:
        yield Sentence(text=either(
            "Dites-moi quelle sortie vous intéresse et je vous donne le lien de sa page.",
            "Tell me which event you have in mind and I will give you the link to its page.", language))  # fmt: skip


def _which_one(material: Material) -> str:
    options = (
        ("Je ne vois pas de quelle sortie vous parlez : dites-moi son titre, ou ce que vous cherchez.",
         "I am not sure which event you mean: tell me its title, or what you are looking for."),
        ("De quelle sortie s'agit-il ? Donnez-moi son titre ou décrivez-la.",
         "Which event is it? Give me its title or describe it."),
    )  # fmt: skip
    language = phrases.written_language(material)
    return chosen([either(*each, language) for each in options], material.text)
