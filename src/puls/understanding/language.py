"""Which language a message is written in, by its small words. Pure and rough.

Enough to answer in kind.
"""

from typing import Literal

from puls.understanding.message import Message, Word

Language = Literal["fr", "en", "de", "es", "it"]

_SMALL_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(
        "le la les un une des du de au aux et ou en dans pour avec sur je tu il elle on nous vous "
        "ce cette ces est sont y quoi que "
        "qui quel quelle quels quelles mon ma mes soir demain week gratuit gratuits pas plus près "
        "moi où d l qu j sortir voir faire faut comment combien pourquoi quand celui celle avez peut peux "
        "qqch ya aussi kel koi svp stp slt jour jours semaine prochain prochaine lundi mardi mercredi jeudi vendredi "
        "samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre novembre "
        "decembre".split()
    ),
    "en": frozenset(
        "the an evening morning night music movie best is are any what s where when which this that for with in on at to of and or near "
        "tonight today tomorrow weekend "
        "looking i we my me can there free kids things do show events please "
        "english french exhibition exhibitions museums wheelchair under only than longer anything "
        "something closer cheaper within without thanks thank much else no "
        "next shows find want would like from now week weekdays every early until before after "
        "during except mondays tuesdays wednesdays thursdays fridays saturdays sundays monday tuesday wednesday thursday friday saturday sunday afternoon day christmas "
        "january february march april may june july august september october november december".split()
    ),
    "de": frozenset(
        "der die das und oder ein eine einen mit in im am von zu für fur ist sind was wo wann "
        "heute abend wir ich konnen können "
        "kann man gibt es nach bei den dem kinder "
        "kindern machen welche suche veranstaltungen".split()
    ),
    "es": frozenset(
        "el la los las un una unos unas y o en de del con para por que qué hay este esta donde "
        "cuándo niños gratis hoy mañana "
        "busco quiero fin semana conciertos visitas cerca puedo hacer".split()
    ),
    "it": frozenset(
        "il lo la gli le un una e o in di del della con per che cosa c è dove quando questo "
        "questa stasera oggi domani bambini "
        "gratis cerco vorrei fine settimana concerti mostre vicino fare sono".split()
    ),
}  # fmt: skip
_MARKS: dict[Language, str] = {"es": "¿¡ñ", "de": "ßüöä"}


_CLEARLY = 1.5  # small words


def _is_of(word: Word, language: Language) -> bool:
    """Whether it is a small word of the language; “tomorow” counts as what it was meant to be."""
    if word.said in _SMALL_WORDS[language]:
        return True
    return word.norm in _SMALL_WORDS[language] and not any(
        word.said in small for small in _SMALL_WORDS.values()
    )


def language_of(message: Message, *, usual: Language | None = None) -> Language:
    """The language with the most small words; the `usual` one of the conversation, or French, when little tells."""
    scores = {
        language: sum(_is_of(word, language) for word in message.words) + 0.0
        for language in _SMALL_WORDS
    }
    for language, marks in _MARKS.items():
        scores[language] += 1.5 * any(mark in message.text.lower() for mark in marks)
    scores["fr"] += 0.5 + any(message.text[word.start : word.end] == "à" for word in message.words)
    for language in ("de", "es", "it"):
        scores[language] -= 0.6  # one small word is not enough: « aller à Die »
    best = max(scores, key=lambda language: scores[language])
    return (
        usual if usual is not None and scores[best] - max(scores[usual], 0.0) < _CLEARLY else best
    )
