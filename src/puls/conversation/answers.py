"""Whether each sentence of an answer is true of the events' records, before a visitor reads it.

Pure: no database, HTTP, model or clock. A claim is held against the event that its sentence cites ([1],
[2]… in the order of the turn's events), links or names; a sentence about no event may only repeat the
wish. What is not borne out is put right from the record, or the sentence is dropped. A model must keep to
its subject as well (`small_talk`). Enter at `AnswerCheck` for a stream and at `checked` for one sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import PriceKind, Status
from puls.conversation import phrases
from puls.conversation.asked import Asked
from puls.conversation.claims import Claim, Kind, claims_in, plain
from puls.conversation.markdown import ADDRESS, SAFE_IN_ADDRESS, legible
from puls.conversation.mentions import Mention, Mentions, groups_of, mentions_in
from puls.conversation.records import Record, Setting, bears_out, own_addresses, record_of
from puls.conversation.rendering import closed, rendered
from puls.conversation.sentences import Sentences
from puls.conversation.small_talk import SmallTalk
from puls.conversation.turn import Checking, Material, Sentence
from puls.geo.names import fold

_SHORTEST_VENUE = 3  # letters; a shorter name is also a common word
_MOST_RETOLD = 3  # events of one wrong sentence that are told again from their records
_MARKUP = re.compile(
    r"<[^<>\n]{1,200}>|`+|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s+|~~|(?<!\w)__|__(?!\w)", re.MULTILINE
)
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
_ONE_SITTING = timedelta(hours=4)  # what is open for longer has no one hour to be at
_SHORTEST_TELLING = 2  # words beside a title
_LONGEST_THEME = 5  # words; more is what somebody wants to have said
_LONGEST_QUOTE_WORD_BY_WORD = 3  # words; a shorter quotation is read like any other words
_LABELS = frozenset(
    "prix tarif tarifs lieu date dates horaires horaire quand où price place venue when where time note conseil astuce tip "  # noqa: SIM905 - a list of words reads better as prose
    "ages âge âges adresse address accessibilité accessibility distance bonus attention important samedi dimanche".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sentence after the check: None when it had to be dropped, and how many claims it made and were true."""

    sentence: Sentence | None
    claims: int = 0
    grounded: int = 0
    rewritten: bool = False


@dataclass(frozen=True, slots=True)
class _Judged:
    claim: Claim
    is_true: bool


class AnswerCheck:
    """The check of one answer, fed with a writer's tokens.

    It remembers which events the sentence before spoke of, for « Il commence à 20 h ».
    """

    def __init__(self, material: Material) -> None:
        self._book = _Book(material)
        self._cutter = Sentences()
        self._about = tuple(one.event.uid for one in material.cited)
        self._retold: set[str] = set()
        self.checking = Checking()

    def feed(self, token: str) -> Iterator[Sentence]:
        """The sentences that this token of a model completes and that may be read."""
        for text in self._cutter.feed(legible(token)):
            yield from self._passed(text, is_by_model=True)

    def end(self) -> Iterator[Sentence]:
        """What is left when the model is done."""
        for text in self._cutter.end():
            yield from self._passed(text, is_by_model=True)

    def passed(self, sentence: Sentence) -> Iterator[Sentence]:
        """The same for a sentence of the composer, whole already."""
        yield from self._passed(sentence.text, sentence.uids)

    def _passed(
        self, text: str, uids: tuple[str, ...] = (), *, is_by_model: bool = False
    ) -> Iterator[Sentence]:
        result = self._book.checked(text, uids or self._about, is_by_model=is_by_model)
        sentence = result.sentence
        if sentence is not None and result.rewritten:
            told = sentence.text.strip()
            sentence = None if told in self._retold else sentence
            self._retold.add(told)
        counted = self.checking
        self.checking = replace(
            counted,
            sentences=counted.sentences + bool(text.strip()),
            claims=counted.claims + result.claims,
            grounded_claims=counted.grounded_claims + result.grounded,
            rewritten=counted.rewritten + (result.rewritten and sentence is not None),
            dropped=counted.dropped + (sentence is None and bool(text.strip())),
        )
        if sentence is None:
            return
        sentence = replace(sentence, uids=sentence.uids or uids)
        self._about = sentence.uids or self._about
        yield sentence


def checked(text: str, material: Material, *, about: Sequence[str] = ()) -> Checked:
    """One sentence held against the records.

    `about`: uids of the events that the sentence before spoke of.
    """
    return _Book(material).checked(text, tuple(about))


class _Book:
    """The records of a turn, and the judgement of a sentence by them."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._language = phrases.written_language(material)
        self._records = self._all_records()
        self._asked = Asked(material, [one for one in self._records if one.number is not None])
        self._small_talk = SmallTalk(self._language, wish=_words_of_wish(material))
        self._addresses = frozenset(
            quote(own.strip(), safe=SAFE_IN_ADDRESS)
            for record in self._records
            for own in own_addresses(record.event)
        )
        self._places = {
            plain(name).lower()
            for record in self._records
            if (venue := record.event.venue)
            for written in (venue.name, venue.address, venue.city)
            for name in (written or "", re.sub(r"^(?:L[ae]s? |L['’])", "", written or ""))
            if len(name) > _SHORTEST_VENUE
        }
        self._ours = {
            fold(text)
            for notice in (*material.answer.notices, *material.preferences_used)
            for text in (notice.fr, notice.en)
            if text
        }

    def _all_records(self) -> list[Record]:
        material = self._material
        steps = [step for plan in material.plans for step in plan.steps]
        found = [*material.events, *(step.found for step in steps), *material.answer.found.events]
        unique = {one.event.uid: one for one in reversed([*found, *material.shown_before])}
        numbers = {one.event.uid: at for at, one in enumerate(material.events, start=1)}
        return [
            record_of(
                one, numbers.get(uid), [step for step in steps if step.found.event.uid == uid]
            )
            for uid, one in reversed(unique.items())
        ]

    def checked(self, text: str, about: tuple[str, ...], *, is_by_model: bool = False) -> Checked:
        body = text.strip()
        if not body:
            return Checked(sentence=Sentence(text=text))
        head = text[: len(text) - len(text.lstrip())]
        tail = text[len(text.rstrip()) :]
        if fold(body) in self._ours and not ADDRESS.search(body):
            result = Checked(sentence=Sentence(text=body), claims=1, grounded=1)
        else:
            result = self._checked(_MARKUP.sub("", body), about, is_by_model=is_by_model)
        if result.sentence is None:
            return result
        safe = closed(result.sentence.text, self._addresses)
        return replace(result, sentence=replace(result.sentence, text=head + safe + tail))

    def _checked(self, body: str, about: tuple[str, ...], *, is_by_model: bool) -> Checked:
        mentions = mentions_in(body, self._records, about=about)
        if mentions.foreign_links:
            return self._without_foreign_links(body, mentions, about, is_by_model=is_by_model)
        judged = self._judged(body, mentions, about)
        wrong = [one.claim for one in judged if not one.is_true]
        counted = Checked(sentence=None, claims=len(judged), grounded=len(judged) - len(wrong))
        speakers = mentions.records
        unsaid = [one for one in speakers if not self._says_status(one, body, judged)]
        strays = is_by_model and self._strays(body, mentions, about)
        if not wrong and not unsaid and not strays:
            written = rendered(body, mentions)
            if not re.search(r"\w", written):
                return counted
            uids = tuple(one.event.uid for one in speakers) or self._silent_subject(body, about)
            return replace(counted, sentence=Sentence(text=written, uids=uids))
        is_near = not unsaid and not strays
        righted = self._righted(body, mentions, wrong, about) if is_near else None
        if righted is None:
            righted = self._retold(body, speakers)
        return replace(
            counted,
            sentence=righted,
            claims=counted.claims + len(unsaid),
            rewritten=righted is not None,
        )

    def _strays(self, body: str, mentions: Mentions, about: tuple[str, ...]) -> bool:
        """Whether the words beside the titles are of something else, of another language, or none: a title is no answer, nor a card."""
        letters = list(body)
        for one in mentions.found:
            letters[one.start : one.end] = " " * (one.end - one.start)
        if " | " in body:
            return True
        if mentions.found and len(fold("".join(letters)).split()) < _SHORTEST_TELLING:
            return True
        is_of_subject = bool(self._silent_subject(body, about))
        of = mentions.records or (self._silent_records(body, about) if is_of_subject else [])
        return not self._small_talk.allows("".join(letters), of, names_event=bool(mentions.found))

    def _without_foreign_links(
        self, body: str, mentions: Mentions, about: tuple[str, ...], *, is_by_model: bool
    ) -> Checked:
        """The sentence with the words of such links and not their addresses."""
        for start, end, label in sorted(mentions.foreign_links, reverse=True):
            is_image = body[start] == "!"
            body = body[:start] + ("" if is_image else label) + body[end:]
        lost = len(mentions.foreign_links)
        result = Checked(sentence=None)
        if body.strip():
            result = self._checked(body, about, is_by_model=is_by_model)
        return replace(result, claims=result.claims + lost, rewritten=result.sentence is not None)

    # --- judging

    def _judged(self, body: str, mentions: Mentions, about: tuple[str, ...]) -> list[_Judged]:
        known = [span for mention in mentions.found for span in _silent_spans(mention)]
        quotes = list(self._quotes(body, mentions))
        quotes += self._venues(body, [*known, *((one.start, one.end) for one in quotes)])
        known += [(one.start, one.end) for one in quotes]
        known += mentions.false_citations
        claims = [*quotes, *_worth_judging(claims_in(body, known=tuple(known)), body)]
        judged = [
            _Judged(Claim(Kind.NUMBER, None, *span), is_true=False)
            for span in mentions.false_citations
        ]
        judged += self._judged_claims(claims, body, mentions, about)
        return judged

    def _quotes(self, body: str, mentions: Mentions) -> Iterator[Claim]:
        """Quotations long enough to be an organiser's own words; nothing inside is read again."""
        for match in _QUOTATION.finditer(body):
            words = next(group for group in match.groups() if group)
            covered = any(
                one.start < match.end() and match.start() < one.end for one in mentions.found
            )
            is_long = len(words.split()) >= _LONGEST_QUOTE_WORD_BY_WORD and len(fold(words)) > 0
            is_own = any(f" {fold(words)} " in record.words for record in self._records)
            is_topic = fold(words) == fold(self._asked.wish.topic)
            if not covered and ((is_long and is_own) or is_topic) and "//" not in words:
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
    ) -> list[_Judged]:
        if mentions.found:
            return self._best_reading(claims, body, mentions)
        records = self._silent_records(body, about)
        is_question = body.rstrip(' »”")*').endswith("?")
        by_wish = [
            _Judged(one, self._asked.bears_out(one, is_question=is_question)) for one in claims
        ]
        is_wish = all(one.is_true for one in by_wish)
        if not records or (is_wish and (is_question or not _ANAPHORA.match(plain(body)))):
            return by_wish
        setting = Setting(self._material.now, claims, records)
        by_record = [
            _Judged(one, all(bears_out(one, record, setting) for record in records))
            for one in claims
        ]
        if _speaks_of_all(body) or all(one.is_true for one in by_record):
            return by_record
        return by_record if _ANAPHORA.match(plain(body)) else _merged(by_record, by_wish)

    def _best_reading(self, claims: list[Claim], body: str, mentions: Mentions) -> list[_Judged]:
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
                judged.append(_Judged(claim, is_true or self._is_of_turn(claim)))
            readings.append(judged)
        return max(readings, key=lambda judged: sum(one.is_true for one in judged))

    def _is_of_turn(self, claim: Claim) -> bool:
        """What stays true of the turn whatever the event: « la première des cinq sorties »."""
        return claim.kind is Kind.COUNT and self._asked.bears_out(claim, is_question=False)

    def _compared(self, records: list[Record]) -> list[Record]:
        if len(records) > 1:
            return records
        return [one for one in self._records if one.number is not None]

    def _silent_records(self, body: str, about: tuple[str, ...]) -> list[Record]:
        """The events that a sentence without any name speaks of."""
        numbered = [one for one in self._records if one.number is not None]
        if _speaks_of_all(body):
            return numbered
        if about:
            return [one for one in self._records if one.event.uid in about]
        return numbered if len(numbered) == 1 else []

    def _silent_subject(self, body: str, about: tuple[str, ...]) -> tuple[str, ...]:
        return about if about and _ANAPHORA.match(plain(body)) else ()

    def _says_status(self, record: Record, body: str, judged: list[_Judged]) -> bool:
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

    # --- putting right

    def _righted(
        self, body: str, mentions: Mentions, wrong: list[Claim], about: tuple[str, ...]
    ) -> Sentence | None:
        """The sentence with one wrong figure replaced by the right one, when that makes it true."""
        records = mentions.records or self._silent_records(body, about)
        if len(records) != 1 or len(wrong) != 1:
            return None
        right = self._right_words(wrong[0], records[0])
        if right is None:
            return None
        changed = body[: wrong[0].start] + right + body[wrong[0].end :]
        again = mentions_in(changed, self._records, about=about)
        if any(not one.is_true for one in self._judged(changed, again, about)):
            return None
        uids = (records[0].event.uid,)
        return Sentence(text=rendered(changed, again), uids=uids)

    def _right_words(self, claim: Claim, record: Record) -> str | None:
        found, language = record.found, self._language
        occurrence = found.occurrence
        match claim.kind:
            case Kind.HOUR if (
                occurrence.starts_at > self._material.now
                and occurrence.ends_at - occurrence.starts_at <= _ONE_SITTING
                and not (occurrence.is_day_known_only or phrasing.is_range(occurrence))
            ):
                start = occurrence.starts_at.astimezone(ZoneInfo(record.event.timezone))
                return phrasing.clock(start, language)
            case Kind.PRICE if (
                record.event.price.kind is PriceKind.PAID
                and record.event.price.lowest is not None
                and record.event.price.lowest == record.event.price.highest
            ):
                return phrases.price(record.event.price, language)
            case Kind.DISTANCE if found.distance_km is not None:
                words = phrasing.distance_words(found.distance_km, language)
                return words.removeprefix("à ").removesuffix(" away")
            case _:
                return None

    def _retold(self, body: str, speakers: list[Record]) -> Sentence | None:
        if not speakers or len(speakers) > _MOST_RETOLD:
            return None
        mark = re.match(r"(?:[-*•]|\d{1,2}[.)])\s+", body)
        told = " ".join(
            phrases.event_sentence(
                one.found, self._asked.wish, self._material.now, self._language, variant="retold"
            )
            for one in speakers
        )
        return Sentence(
            text=(mark.group() if mark else "") + told,
            uids=tuple(one.event.uid for one in speakers),
        )


def _words_of_wish(material: Material) -> Iterator[str]:
    """What Puls itself says of the wish, and its theme when it is one rather than a whole message."""
    answer = material.answer
    for chip in answer.understood.chips:
        if len(chip.fr.split()) <= _LONGEST_THEME:
            yield from (chip.fr, chip.en)
    for notice in (*answer.notices, *material.preferences_used):
        yield from (notice.fr, notice.en)
    for offer in answer.relaxations:
        yield from (offer.relaxation.fr, offer.relaxation.en)


def _speaks_of_all(body: str) -> bool:
    """« Toutes sont gratuites », outside of what is quoted."""
    return _EVERY.search(_QUOTATION.sub("", body)) is not None


def _merged(one: list[_Judged], other: list[_Judged]) -> list[_Judged]:
    return [_Judged(a.claim, a.is_true or b.is_true) for a, b in zip(one, other, strict=True)]


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
