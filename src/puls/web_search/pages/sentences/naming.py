"""What a statement is about: whether its words name something that is not the event. Pure. Enter at `names_another`.

« La représentation du 12 décembre est annulée » is about whatever the page is about; « Atelier cyanotype – 16 décembre
(annulé) », « Carré or : complet » and « scolaires à 14 h (complet) » are about something else or a part of it. The
subject is what stands before the words that state: of a sentence its last clause, of a bare mark the whole line. A word of
it that is neither of the title nor of every event's vocabulary names another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from puls.geo.names import fold
from puls.web_search.pages.days import hours_at, lowered, spans_written
from puls.web_search.pages.sentences.masking import MASK

_GENERAL: Final = frozenset(
    """le la les l un une des du de d au aux et en a the of and avec pour sur par dans on in at to for is est sont sera ce cet cette ces
    ces notre nos votre vos son sa ses leur leurs our your this that its his her their it il elle ils elles nous vous je on qui que qu
    ne n pas plus y se s c j m t or ou donc mais car we i be been was were are has have had will nous avons ete etre avoir a ont
    concert concerts spectacle spectacles evenement evenements event events representation representations seance seances soiree soirees
    date dates festival  show shows manifestation match rendez vous edition fete
    performance performances gig screening salon session sessions creneau creneaux
    tout gala repas opera recital piece tournee tour evening night soir jour journee tonight ce matin apres midi demain aujourd hui today
    initialement prevu prevue prevus prevues programme programmee programmes programmees annonce annoncee scheduled planned originally
    place places billet billets billetterie ticket tickets reservation reservations inscription inscriptions jauge salle capacite
    prevente preventes vente location guichet complet complete annule annulee reporte reportee attention info infos important importante
    flash alerte avis communique statut status etat information informations nouvelle nouveau maj update derniere minute dernieres
    malheureusement finalement helas donc desormais deja maintenant officiellement unfortunately sadly now already regret regrets
    regretons regrettons regrettent annoncer annoncons informer informons vous faire savoir devoir devons due cause raison suite vu
    samedi dimanche lundi mardi mercredi jeudi vendredi lun mar mer jeu ven sam dim monday tuesday wednesday thursday friday saturday
    sunday janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre heure heures h min euros euro eur tarif
    tarifs prix plein reduit unique entree gratuit gratuite libre public tous ouverture portes doors open sur reserver book reservez
    toute toutes ensemble all both chacun chacune prochain prochaine cher chers chere amis spectateurs spectatrices publics merci
    artiste artistes groupe organisateur organisateurs organisation equipe theatre maison compagnie orchestre chanteur chanteuse
    musicien musiciens direction malade souffrant souffrante sante meteo orage tempete intemperies neige vent greve technique techniques
    incident problemes probleme imprevu force majeure deces deuil raisons ordre arrete prefectoral securite decision version salle
    hiver ete printemps automne saison ville lieu heureusement reste restent restant dispose disponible disponibles disponibilite liste attente affiche affichent joue jouent mise jour sommes suis voit voient voyons celle celles celui ceux terminees terminee closes close cloturees fermees demande prefecture mairie decide decidee presque bientot quasi quasiment almost nearly encore""".split()
)
_KINDS: Final = frozenset(
    """atelier ateliers visite visites conference conferences bal exposition expo projection projections rencontre rencontres lecture lectures
    stage stages randonnee balade sortie sorties tournoi marche brocante vide grenier masterclass debat""".split()
)
"""What an event may be, or what may be beside one: the event's where the page says so, in a bare mark, or with its day."""
_BARE_SUBJECT: Final = re.compile(
    r"(?:^|[,;:.!]\s*|\bque )(?:l[ae] |l'|cet(?:te)? |ce |notre )\w+ (?:(?:est|a ete|sera|aura|doit|devra|malheureusement|donc|finalement|helas) ?)*$"
)
"""« la rencontre aura lieu … »: with nothing behind the noun, it is the event."""
_FUNCTION: Final = frozenset(
    "est sont sera seront a ont ete etre is are was were been be has have will ne n pas y malheureusement finalement helas donc desormais deja".split()
)
_CLAUSE: Final = re.compile(
    r"[,;:.!?()\[\]|·•–]|\s-\s|\bqu(?:e\b|')|\bthat\b|\bet\b|\bmais\b|\bdonc\b"
)
_MARK: Final = re.compile(r"(?:annule|cancel|report|postpon|complet|sold|epuis|reprogramm|rescheduled|decale|repouss|deprogramm)\w*(?:[ -]?out)?$")  # fmt: skip
_AFTER_VERB: Final = re.compile(
    r"\b(?:est|sont|ete|sera|seront|etre|is|are|was|were|been|be|affiche|affichent|joue|jouent)"
    r"(?: \w+ment| pas| jamais| deja| donc| helas| now| already| sadly| not| archi| desormais| bien| encore)*\s*$"
)
_REASON: Final = re.compile(
    r"^\s*(?:en raison|suite a|a la suite|a cause|pour cause|pour (?:des )?raison|vu|faute|du fait|compte tenu|due to|because|owing|face a|devant|victime|par suite|au vu|apres)\b"
)
_AT_A_PLACE: Final = re.compile(
    r"\b(?:à|au|aux|dans|chez|at|in|Salle|salle|Théâtre|théâtre|Espace|espace)\s+(?:(?:la|le|les|the)\s+|l['’])?(?:[a-zé]+ )?[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[\s-][A-ZÀ-ÖØ-Þ][\w'’-]+)*"
)
_ANOTHER_BEHIND: Final = re.compile(r"^\W*[:–—|·-]\s*(?=[«“\"A-ZÀ-ÖØ-Þ])")
_QUOTED: Final = re.compile(r"[«“\"]\s*([^«»“”\"]{3,80}?)\s*[»”\"]")
_PART: Final = re.compile(
    r"\b(?:scolaires?|carre|categories?|fosse|balcon|orchestre|vip|early|pass|navettes?|parking|buffet|diner|brunch|restaurant|hotel|hebergement|camping|gite|meet"
    r"|vestiaire|gradins?|loges?|assise?s?|debout|pmr|option|formule|atelier (?:du|de) midi|garderie|buvette|menu|packs?|coffrets?|abonnements?|adhesions?)\b"
)
_TICKET: Final = re.compile(
    r"\b(?:tarifs? (?:plein|reduit|unique|normal|\w+)|plein|reduit|enfants?|adultes?|etudiants?|jeunes?|preventes?|sur place|billet (?:simple|duo)|groupes?|adherents?)\b"
)
_OF_WHAT: Final = re.compile(r"^(?:annulation|report)\b")
_SHORTEST: Final = 3
_LONGEST_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Naming:
    """A sentence, where in it the words stand that state, and words that are known to be of the event."""

    sentence: str
    words: tuple[int, int]
    known: frozenset[str]
    masked: str = ""  # the sentence lowered with the title covered, where it stands beside it


def words_of(text: str) -> frozenset[str]:
    """The words of a title or page name, folded."""
    return frozenset(fold(text).split())


def is_mark(naming: Naming) -> bool:
    """Whether it is a bare « complet », « (annulé) », rather than a sentence with a verb."""
    low = lowered(naming.sentence)[: naming.words[1]].rstrip()
    found = _MARK.search(low)
    return found is not None and not _AFTER_VERB.search(low[: found.start()])


def is_of_a_part(naming: Naming) -> bool:
    """Whether the subject is one kind of seat, audience or extra: « scolaires », « carré or », « navette »."""
    before = lowered(naming.sentence)[: naming.words[0]]
    return any(not words_of(one[0]) <= naming.known for one in _PART.finditer(before))


def is_of_a_ticket(text: str) -> bool:
    """Whether a row of a page is one kind of ticket rather than the event: « tarif plein », « fosse »."""
    low = lowered(text)
    return bool(_PART.search(low) or _TICKET.search(low)) and not any(
        True for _ in spans_written(low)
    )


def names_another(naming: Naming) -> bool:
    """Whether the subject of a statement is something else than the event."""
    text, (first, last) = naming.sentence, naming.words
    low = lowered(text)
    if len(low) != len(text):
        return False
    if (
        is_mark(naming)
        or any(True for _ in spans_written(low))
        or _BARE_SUBJECT.search(low[:first])
    ):
        naming = replace(naming, known=naming.known | _KINDS)
    if MASK in naming.masked[:first]:
        return _has_name(text[naming.masked.rindex(MASK, 0, first) + 1 : first], naming.known)
    if MASK in naming.masked[last:]:
        return _has_name(text[last : naming.masked.index(MASK, last)], naming.known) or bool(
            _strange(text[:first], naming.known)
        )
    if _OF_WHAT.match(low[first:last]):
        return bool(_strange(_CLAUSE.split(text[last:] + " ")[0], naming.known))
    before = text[:first] + _noun_inside(low, first, last)
    subject = " ".join(_parts(before)) if is_mark(naming) else _last_part(before)
    if _strange(subject, naming.known):
        return True
    if any(words_of(one[1]) - naming.known - _GENERAL for one in _QUOTED.finditer(subject)):
        return True
    behind = _ANOTHER_BEHIND.match(text[last:])
    if behind is None or _REASON.match(low[last + behind.end() :]) or not is_mark(naming):
        return False
    return bool(_strange(_CLAUSE.split(text[last + behind.end() :])[0], naming.known))


def is_label_of_another(text: str, known: frozenset[str]) -> bool:
    """Whether a short line is the name of something that is not the event."""
    return len(text) <= _LONGEST_LABEL and text[:1].isupper() and bool(_strange(text, known))


def _noun_inside(low: str, first: int, last: int) -> str:
    """« atelier » of « atelier complet », which is found as one."""
    found = re.search(r"complet|epuis|sold", low[first:last])
    return low[first : first + found.start()] if found else ""


def _parts(before: str) -> Iterator[str]:
    for part in re.split(r"[,;:.!?()\[\]|·•–]|\s-\s", before):
        if not _REASON.match(lowered(part)):
            yield part


def _last_part(before: str) -> str:
    """The clause before the words, with those before it while it names nothing: « le bal, …, est »."""
    taken: list[str] = []
    for part in reversed(_CLAUSE.split(before)):
        if not part or _REASON.match(lowered(part)):
            continue
        taken.insert(0, part)
        if set(fold(part).split()) - _FUNCTION:
            break
    return " ".join(taken)


def _has_name(text: str, known: frozenset[str]) -> bool:
    """Whether words with capitals stand between a title and what is stated: another title of a list."""
    return any(
        any(letter.isupper() for letter in word) and _strange(word, known) for word in text.split()
    )


def _strange(text: str, known: frozenset[str]) -> list[str]:
    """Words of a text that neither the event nor every event is called by; places, days, hours and prices are no names."""
    text = _AT_A_PLACE.sub(" ", text)
    low = lowered(text)
    for _, start, end in (*hours_at(low), *((None, *span) for span in spans_written(low))):
        low = low[:start] + " " * (end - start) + low[end:]
    return [
        word
        for word in fold(low).split()
        if len(word) >= _SHORTEST
        and not word[0].isdigit()
        and word not in known
        and word not in _GENERAL
        and word.rstrip("s") not in known
    ]
