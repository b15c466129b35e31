"""Which claims of a sentence are true of the events that it speaks of, or of what was asked. Pure. Enter at `Judge`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from puls.catalogue.event import Status
from puls.conversation.grounding.asked import Asked
from puls.conversation.grounding.claims import Claim, Kind, claims_in, plain
from puls.conversation.grounding.mentions import Mention, Mentions, groups_of
from puls.conversation.grounding.records import Record, Setting, bears_out, record_of
from puls.conversation.markdown import ADDRESS, TELEPHONE
from puls.conversation.turn import Material
from puls.geo.names import fold

_SHORTEST_VENUE = 3  # letters; a shorter name is also a common word
_EVERY = re.compile(
    r"\b(?:tous(?! publics| les âges)|toutes|les deux(?! premi)|les trois(?! premi)|chacune?|both|(?<!in )all(?! ages)|each|every)\b",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"^[\W_]*(?!il y a\b|there (?:is|are)\b)(?:il|elle|ils|elles|c'est|ça|cela|ce|cet|cette|l'|le|la|les|son|sa|ses|on y|it|its|it's|this|that|"
    r"they|the|there|tarifs?|prix|entrée|horaires?|lieu|date|price|entry|tickets?|admission|doors|venue|durée|"
    r"adresse|address|à|au|dès|pour|de|du|at|on|from|and|et|comptez|quand|où|when|where|gratuit|free|complet)\b",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r'«\s*([^«»]+?)\s*»|“([^“”]+?)”|"([^"]+?)"')
_ORGANISER_SAYS = re.compile(
    r"(?:organisateur précise|organiser['’]s words)\s*:\s*$", re.IGNORECASE
)
_CAUTION = re.compile(r"vérifi|sous réserve|check|confirm", re.IGNORECASE)
_OVER = re.compile(
    r"terminée?s?|passée?s?|a eu lieu|ont eu lieu|\bover\b|ended|took place|finished", re.IGNORECASE
)
_STATUS_KIND = {
    Status.FULL: Kind.FULL,
    Status.CANCELLED: Kind.CANCELLED,
    Status.POSTPONED: Kind.POSTPONED,
}
_DAYS = frozenset({Kind.DATE, Kind.RELATIVE_DAY, Kind.WEEKDAY, Kind.DAY_OF_MONTH})
_COMPARED = frozenset({Kind.CHEAPEST, Kind.NEAREST})  # « A est moins cher que B » is said of A
_LONGEST_QUOTE_WORD_BY_WORD = 3  # words; a shorter quotation is read like any other words
_LABELS = frozenset(
    "prix tarif tarifs lieu date dates horaires horaire quand où price place venue when where time note conseil astuce tip "
    "ages âge âges adresse address accessibilité accessibility distance bonus attention important samedi dimanche".split()
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and whether it is borne out."""

    claim: Claim
    is_true: bool


class Judge:
    """The records of a turn and the claims that they bear out."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self.records = _all_records(material)
        self._asked = Asked(material, [one for one in self.records if one.number is not None])
        self._places = {
            plain(name).lower()
            for record in self.records
            if (venue := record.event.venue)
            for written in (venue.name, venue.address, venue.city)
            for name in (written or "", re.sub(r"^(?:L[ae]s? |L['’])", "", written or ""))
            if len(name) > _SHORTEST_VENUE
        }

    def judged(self, body: str, mentions: Mentions, about: tuple[str, ...]) -> list[Judged]:
        known = [span for mention in mentions.found for span in _silent_spans(mention)]
        quotes = list(self._quotes(body, mentions, about))
        quotes += self._venues(body, [*known, *((one.start, one.end) for one in quotes)])
        known += [(one.start, one.end) for one in quotes]
        known += mentions.false_citations
        claims = [*quotes, *_worth_judging(claims_in(body, known=tuple(known)), body)]
        judged = [
            Judged(Claim(Kind.NUMBER, None, *span), is_true=False)
            for span in mentions.false_citations
        ]
        judged += self._judged_claims(claims, body, mentions, about)
        return judged

    def _quotes(self, body: str, mentions: Mentions, about: tuple[str, ...]) -> Iterator[Claim]:
        """Quotations that are an organiser's own words: long ones, and short ones said to be; nothing inside is read again."""
        spoken_of = mentions.records or self.silent_records(body, about)
        for match in _QUOTATION.finditer(body):
            words = next(group for group in match.groups() if group)
            covered = any(
                one.start < match.end() and match.start() < one.end for one in mentions.found
            )
            is_long = len(words.split()) >= _LONGEST_QUOTE_WORD_BY_WORD and len(fold(words)) > 0
            is_own = any(f" {fold(words)} " in record.words for record in self.records)
            is_said = bool(_ORGANISER_SAYS.search(body[: match.start()])) and any(
                f" {fold(words)} " in record.words for record in spoken_of
            )
            is_topic = fold(words) == fold(self._asked.wish.topic)
            if (
                not covered
                and ((is_long and is_own) or is_said or is_topic)
                and not leads_out(words)
            ):
                yield Claim(Kind.TITLE, (words, False), match.start(), match.end())

    def _venues(self, body: str, taken: list[tuple[int, int]]) -> Iterator[Claim]:
        """The venues of the turn by their whole names, so that « Le 104 » is no number."""
        read = plain(body).lower()
        for name in sorted((one for one in self._places if one in read), key=len, reverse=True):
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", read):
                if all(match.end() <= start or end <= match.start() for start, end in taken):
                    taken.append(match.span())
                    yield Claim(Kind.PLACE, name, *match.span())

    def _judged_claims(
        self, claims: list[Claim], body: str, mentions: Mentions, about: tuple[str, ...]
    ) -> list[Judged]:
        if mentions.found:
            return self._best_reading(claims, body, mentions)
        records = self.silent_records(body, about)
        is_question = body.rstrip(' »”")*').endswith("?")
        by_wish = [
            Judged(one, self._asked.bears_out(one, is_question=is_question)) for one in claims
        ]
        is_wish = all(one.is_true for one in by_wish)
        if not records or (is_wish and (is_question or not _ANAPHORA.match(plain(body)))):
            return by_wish
        setting = Setting(self._material.now, claims, records)
        by_record = [
            Judged(one, all(bears_out(one, record, setting) for record in records))
            for one in claims
        ]
        if _speaks_of_all(body) or all(one.is_true for one in by_record):
            return by_record
        return by_record if _ANAPHORA.match(plain(body)) else _merged(by_record, by_wish)

    def _best_reading(self, claims: list[Claim], body: str, mentions: Mentions) -> list[Judged]:
        """Each claim by the event named before it, or each by the event named after it."""
        groups = groups_of(body, mentions.found)
        everyone = mentions.records
        readings = []
        for is_after in (False, True):
            judged = []
            speakers = [
                _speakers(one, groups, is_after=is_after and one.kind not in _COMPARED)
                for one in claims
            ]
            for claim, spoken_of in zip(claims, speakers, strict=True):
                same = [o for o, who in zip(claims, speakers, strict=True) if who == spoken_of]
                setting = Setting(self._material.now, same, self._compared(everyone))
                of = everyone if claim.kind is Kind.NAME else spoken_of
                test = any if claim.kind is Kind.NAME else all
                is_true = test(bears_out(claim, record, setting) for record in of)
                judged.append(Judged(claim, is_true or self._is_of_turn(claim)))
            readings.append(judged)
        return max(readings, key=lambda judged: sum(one.is_true for one in judged))

    def _is_of_turn(self, claim: Claim) -> bool:
        """What stays true of the turn whatever the event: « la première des cinq sorties »."""
        return claim.kind is Kind.COUNT and self._asked.bears_out(claim, is_question=False)

    def _compared(self, records: list[Record]) -> list[Record]:
        if len(records) > 1:
            return records
        return [one for one in self.records if one.number is not None]

    def silent_records(self, body: str, about: tuple[str, ...]) -> list[Record]:
        """The events that a sentence without any name speaks of."""
        numbered = [one for one in self.records if one.number is not None]
        if _speaks_of_all(body):
            return numbered
        if about:
            return [one for one in self.records if one.event.uid in about]
        return numbered if len(numbered) == 1 else []

    def silent_subject(self, body: str, about: tuple[str, ...]) -> tuple[str, ...]:
        return about if about and _ANAPHORA.match(plain(body)) else ()

    def says_status(self, record: Record, body: str, judged: list[Judged]) -> bool:
        """Whether a sentence that names an event says that it is full, cancelled, over or to be checked."""
        said = {one.claim.kind for one in judged if one.is_true}
        if record.is_past(self._material.now) and not record.steps:
            return bool(_OVER.search(body))
        needed = _STATUS_KIND.get(record.event.status)
        if needed is not None and needed not in said:
            return False
        is_vague = record.found.occurrence.is_possible and any(
            one.claim.kind in _DAYS for one in judged
        )
        return not is_vague or _CAUTION.search(body) is not None


def _all_records(material: Material) -> list[Record]:
    steps = [step for plan in material.plans for step in plan.steps]
    found = [*material.events, *(step.found for step in steps), *material.answer.found.events]
    unique = {one.event.uid: one for one in reversed([*found, *material.shown_before])}
    numbers = {one.event.uid: at for at, one in enumerate(material.events, start=1)}
    return [
        record_of(one, numbers.get(uid), [step for step in steps if step.found.event.uid == uid])
        for uid, one in reversed(unique.items())
    ]


def leads_out(words: str) -> bool:
    return "@" in words or ADDRESS.search(words) is not None or TELEPHONE.search(words) is not None


def _speaks_of_all(body: str) -> bool:
    """« Toutes sont gratuites », outside of what is quoted."""
    return _EVERY.search(_QUOTATION.sub("", body)) is not None


def _merged(one: list[Judged], other: list[Judged]) -> list[Judged]:
    return [Judged(a.claim, a.is_true or b.is_true) for a, b in zip(one, other, strict=True)]


def _silent_spans(mention: Mention) -> list[tuple[int, int]]:
    """What of a mention is not read: all of it, but the words of a link that are not the title."""
    if mention.address is None or mention.shown is None:
        return [(mention.start, mention.end)]
    if f" {fold(mention.shown)} " in f" {mention.record.title} ":
        return [(mention.start, mention.end)]
    inner = mention.start + 1 + len(mention.shown)
    return [(mention.start, mention.start + 1), (inner, mention.end)]


def _speakers(
    claim: Claim, groups: list[tuple[int, int, list[Record]]], *, is_after: bool
) -> list[Record]:
    before = [records for _, end, records in groups if end <= claim.start]
    after = [records for start, _, records in groups if start >= claim.end]
    if is_after:
        return after[0] if after else groups[-1][2]
    return before[-1] if before else groups[0][2]


def _worth_judging(claims: list[Claim], body: str) -> list[Claim]:
    """Without the bold words that only stress what other claims say, and the numbers of a list."""
    kept = []
    for claim in claims:
        if claim.kind is Kind.TITLE:
            assert isinstance(claim.value, tuple)
            words, is_bold = claim.value
            inside = any(
                one is not claim
                and one.start >= claim.start
                and one.end <= claim.end
                and one.kind not in {Kind.NAME, Kind.PLACE}
                for one in claims
            )
            is_label = words.strip(" :").lower() in _LABELS or words.rstrip().endswith(":")
            if is_bold and (inside or is_label):
                continue
        is_list_number = claim.kind is Kind.NUMBER and re.match(
            r"[\s*]*\d{1,2}[.)]", body[: claim.end + 1]
        )
        if is_list_number and claim.start <= 2:  # noqa: PLR2004 # « 1. », « **1. »
            continue
        kept.append(claim)
    return kept
