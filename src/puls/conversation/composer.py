"""The answer written without any model: from the material alone, like a helpful person. Pure.

The same material gives the same text; another one varies the words. Every sentence bears the check of
`answers`. Enter at `compose`.
"""

from collections.abc import Iterator

from puls.conversation import phrases
from puls.conversation.comparing import comparison
from puls.conversation.details import booking, details
from puls.conversation.outings import outings
from puls.conversation.phrases import chosen, either, written_language
from puls.conversation.proposals import proposals
from puls.conversation.turn import Material, Sentence
from puls.understanding.notices import Notice
from puls.understanding.reach import lacks_position
from puls.understanding.turns import Turn

_GREETINGS = (
    (
        "Bonjour ! Dites-moi ce qui vous ferait envie, où et quand, et je cherche pour vous.",
        "Hello! Tell me what you feel like, where and when, and I will look for you.",
    ),
    (
        "Bonjour, ravi de vous lire ! Une envie de sortie, une ville, un jour : je m'occupe du reste.",
        "Hello, good to hear from you! A wish, a town, a day: I will do the rest.",
    ),
    (
        "Bonjour ! Je connais les sorties culturelles partout en France : qu'est-ce qui vous tente ?",
        "Hello! I know cultural events all over France: what would you like to do?",
    ),
)
_THANKS = (
    ("Avec plaisir ! Une autre envie de sortie ?", "You are welcome! Anything else you feel like?"),
    ("Je vous en prie, et bonne sortie !", "My pleasure, enjoy your outing!"),
    (
        "Avec plaisir, je reste là si vous cherchez autre chose.",
        "Glad to help; I am here if you look for something else.",
    ),
)
_OUT_OF_SCOPE = (
    (
        "Là, je ne peux pas vous aider : je ne connais que les sorties culturelles en France.",
        "I cannot help with that: I only know cultural events in France.",
    ),
    (
        "Ce n'est pas mon domaine : je m'y connais en concerts, expositions, spectacles et autres sorties.",
        "That is beyond me: I know about concerts, exhibitions, shows and other outings.",
    ),
)
_BACK_TO_OUTINGS = (
    (
        "Dites-moi plutôt ce que vous aimeriez voir, et où.",
        "Tell me instead what you would like to see, and where.",
    ),
    (
        "Voulez-vous que je cherche une sortie près de chez vous ?",
        "Shall I look for something to do near you?",
    ),
)
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
_CANNOT = (
    (
        "Je ne peux ni réserver, ni payer, ni annuler à votre place : cela se fait auprès de l'organisateur.",
        "I cannot book, pay or cancel for you: that is done with the organiser.",
    ),
    (
        "Je ne peux pas réserver à votre place : c'est l'organisateur qui s'en charge.",
        "I cannot book for you: the organiser takes care of that.",
    ),
)


def compose(material: Material) -> Iterator[Sentence]:
    """The sentences of the answer, in order; joined, they are its text."""
    paragraphs = [list(each) for each in _paragraphs(material)]
    for at, paragraph in enumerate(each for each in paragraphs if each):
        for place, sentence in enumerate(paragraph):
            before = "" if at == place == 0 else " " if place else "\n\n"
            yield Sentence(text=before + sentence.text, uids=sentence.uids)


def _paragraphs(material: Material) -> Iterator[Iterator[Sentence]]:
    language = written_language(material)
    match material.answer.understood.turn:
        case Turn.GREETING | Turn.THANKS as civility:
            yield _one_of(_GREETINGS if civility is Turn.GREETING else _THANKS, material)
        case Turn.OUT_OF_SCOPE:
            yield (
                each
                for part in (_OUT_OF_SCOPE, _BACK_TO_OUTINGS)
                for each in _one_of(part, material)
            )
        case Turn.CANNOT:
            yield _cannot(material)
        case _ if material.plans:
            yield _said(material.preferences_used, material)
            yield from outings(material)
        case Turn.COMPARISON if len(material.cited) > 1:
            yield from comparison(material)
        case _ if material.cited or (
            material.answer.understood.turn is Turn.DETAILS and material.events
        ):
            yield from details(material)
        case Turn.DETAILS | Turn.COMPARISON if not material.events and not material.shown_before:
            yield iter([Sentence(text=_which_one(material))])
        case _ if lacks_position(material.answer.understood.wish):
            yield _one_of(_WHERE_ARE_YOU, material)
        case turn:
            if turn is Turn.PLAN:
                yield iter([Sentence(text=either(
                    "Je n'ai pas trouvé d'enchaînement qui tienne dans le temps et le budget demandés.",
                    "I found no outing that fits the time and the budget you gave.", language))])  # fmt: skip
            yield from proposals(material, before=list(_said(material.preferences_used, material)))


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
    """Sends the visitor to the organiser, with the event's own link when one is at hand."""
    yield from _one_of(_CANNOT, material)
    language = written_language(material)
    at_hand = (material.cited or material.events or material.shown_before)[:1]
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
