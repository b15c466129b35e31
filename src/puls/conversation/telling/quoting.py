"""What an event's own text says about a question, quoted: « C'est par qui ? », « il y a un parking ? ». Pure.

The composer knows fields; organisers say the rest in sentences. The one that shares most with the question is quoted as it stands, and nothing is made of it.
Enter at `passage_about`.
"""

import re
from collections.abc import Mapping

import Stemmer

from puls.catalogue.event import Event
from puls.conversation.markdown import ADDRESS, bare
from puls.geo.names import fold
from puls.understanding.message import Message

_READ = 6_000  # characters
_LONGEST = 260  # of a quotation
_SHORTEST = 3  # letters of a telling word
_ENOUGH = 1.0
_STEMMER = Stemmer.Stemmer("french")
_SENTENCE = re.compile(r"[^.!?\n•]+(?:[.!?](?=\S)[^.!?\n•]+)*[.!?]?")

# Words of a question, and words in which organisers answer it.
_ANSWERED_BY: Mapping[str, str] = {
    "reserver reservation reserve booking book required obligatoire inscription inscrire billet billets ticket tickets": r"r[ée]serv|inscri|billetterie|billets?\b|sur place|sans rendez-vous|book",
    "parking garer": r"parking|stationn|se garer|places? de park",
    "metro bus tram train rer transport transports voiture velo acces venir y aller there": r"m[ée]tro|\bbus\b|\btram|\bRER\b|\bgare\b|acc[èe]s|arr[êe]t",
    "qui joue chante avec par artiste artistes compagnie musicien musiciens who plays playing band": r"\bavec\b|\bpar\b|compagnie|\bcie\b|mise en sc[èe]ne|orchestre|interpr|dirig",
    "duree dure longtemps long temps combien de temps": r"dur[ée]e|\d ?h(?:eures?)?(?: ?\d\d)?\b|\d+ ?min",
    "age ages enfant enfants petits ans suitable kids year old": r"\bans\b|enfants?|tout public|jeune public|famille|poussette",
    "accessible accessibilite pmr fauteuil wheelchair handicap poussette": r"accessib|pmr|fauteuil|handicap|poussette|ascenseur|lsf|malentend|boucle",
    "places reste complet limite jauge personnes": r"places?\b|jauge|limit|complet|personnes",
    "manger boire resto buvette restauration repas food drink": r"buvette|restaur|repas|food|boire|bar\b|go[ûu]ter|pique",
    "apporter prevoir tenue vetements chaussures materiel bring wear": r"pr[ée]voir|apporter|munir|tenue|chaussures|mat[ée]riel|v[êe]tement",
    "langue anglais francais english french language lsf": r"anglais|fran[çc]ais|langue|english|bilingue",
    "chien chiens animaux dog dogs pets": r"chien|animaux",
    "pluie pleut meteo repli rain": r"pluie|repli|m[ée]t[ée]o|intemp",
    "combien prix tarif tarifs coute price cost much gratuit payant reduit": r"€|euros?|gratuit|tarif|entr[ée]e libre|prix",
    "quand heure heures horaire horaires commence finit jusqu": r"\d ?h(?:eures?)?(?:\d\d)?\b|horaires?",
}
_BY_WORD = {word: pattern for words, pattern in _ANSWERED_BY.items() for word in words.split()}


def passage_about(question: str, event: Event) -> str | None:
    """The sentence of the event's description, details or conditions that answers best; None when none does."""
    message = Message(question)
    patterns = {_BY_WORD[word.said] for word in message.words if word.said in _BY_WORD}
    asked = {
        _stem(word.said)
        for word in message.words
        if len(word.said) > _SHORTEST and word.said not in _BY_WORD
    } - {_stem(word) for word in fold(event.title).split()}
    best: tuple[float, str] | None = None
    for sentence in _sentences(event):
        words = {_stem(word) for word in fold(sentence).split()}
        score = sum(
            bool(re.search(pattern, sentence, re.IGNORECASE)) for pattern in patterns
        ) + 0.6 * len(asked & words)
        if score >= _ENOUGH and (best is None or score > best[0]):
            best = score, sentence
    return best[1] if best else None


def _sentences(event: Event) -> list[str]:
    written = filter(None, (event.price.conditions, event.description, event.details))
    lines = "\n".join(written)[:_READ].splitlines()  # what `bare` would join
    found = []
    for match in (each for line in lines for each in _SENTENCE.finditer(bare(line))):
        words = " ".join(match[0].split())
        for mark in '«»“”"':
            words = words.replace(mark, "")
        if 8 <= len(words) <= _LONGEST and not ADDRESS.search(words) and "@" not in words:  # noqa: PLR2004 - a crumb says nothing
            found.append(words)
    return found


def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem
