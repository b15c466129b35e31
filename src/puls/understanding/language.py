"""Which language a message is written in, by its small words. Pure and rough.

Enough to answer in kind.
"""

from typing import Literal

from puls.understanding.words import Message

Language = Literal["fr", "en", "de", "es", "it"]

_SMALL_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        "le la les un une des du de au aux et ou en dans pour avec sur je tu il elle on nous vous "  # noqa: SIM905 - a list of words reads better as prose
        "ce cette ces est sont y quoi que "
        "qui quel quelle quels quelles mon ma mes soir demain week gratuit gratuits pas plus près "
        "moi où d l qu j sortir voir faire "
        "qqch ya aussi kel koi svp stp slt jour jours semaine prochain prochaine lundi mardi mercredi jeudi vendredi "
        "samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre novembre "
        "decembre".split()
    ),
    "en": frozenset(
        "the an evening morning night music movie best is are any what s where when which this that for with in on at to of and or near "  # noqa: SIM905 - a list of words reads better as prose
        "tonight today tomorrow weekend "
        "looking i we my me can there free kids things do show events please "
        "english french exhibition exhibitions museums wheelchair under only than longer anything "
        "something closer cheaper within without thanks thank much else no "
        "next shows find want would like from now week weekdays every early until before after "
        "during except mondays tuesdays wednesdays thursdays fridays saturdays sundays monday tuesday wednesday thursday friday saturday sunday afternoon day christmas "
        "january february march april may june july august september october november december".split()
    ),
    "de": frozenset(
        "der die das und oder ein eine einen mit in im am von zu für fur ist sind was wo wann "  # noqa: SIM905 - a list of words reads better as prose
        "heute abend wir ich konnen können "
        "kann man gibt es nach bei den dem kinder "
        "kindern machen welche suche veranstaltungen".split()
    ),
    "es": frozenset(
        "el la los las un una unos unas y o en de del con para por que qué hay este esta donde "  # noqa: SIM905 - a list of words reads better as prose
        "cuándo niños gratis hoy mañana "
        "busco quiero fin semana conciertos visitas cerca puedo hacer".split()
    ),
    "it": frozenset(
        "il lo la gli le un una e o in di del della con per che cosa c è dove quando questo "  # noqa: SIM905 - a list of words reads better as prose
        "questa stasera oggi domani bambini "
        "gratis cerco vorrei fine settimana concerti mostre vicino fare sono".split()
    ),
}  # fmt: skip
_MARKS: dict[Language, str] = {"es": "¿¡ñ", "de": "ßüöä"}


def language_of(message: Message) -> Language:
    """The language with the most small words; French when nothing tells."""
    words = [word.folded for word in message.words]
    scores = {
        language: sum(word in small for word in words) + 0.0
        for language, small in _SMALL_WORDS.items()
    }
    for language, marks in _MARKS.items():
        scores[language] += 1.5 * any(mark in message.text.lower() for mark in marks)
    scores["fr"] += 0.5 + any(message.text[word.start : word.end] == "à" for word in message.words)
    for language in ("de", "es", "it"):
        scores[language] -= 0.6  # one small word is not enough: « aller à Die »
    return max(scores, key=lambda language: scores[language])
