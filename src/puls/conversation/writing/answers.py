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
from puls.catalogue.event import PriceKind
from puls.conversation.grounding.claims import Claim, Kind
from puls.conversation.grounding.judging import Judge, leads_out
from puls.conversation.grounding.mentions import Mentions, mentions_in
from puls.conversation.grounding.records import Record, own_addresses
from puls.conversation.markdown import SAFE_IN_ADDRESS, legible
from puls.conversation.telling import phrases
from puls.conversation.telling.rendering import closed, rendered
from puls.conversation.telling.sentences import Sentences
from puls.conversation.turn import Checking, Material, Sentence
from puls.conversation.writing.small_talk import SmallTalk
from puls.geo.names import fold
from puls.monitoring import log

_MOST_RETOLD = 3  # events of one wrong sentence that are told again from their records
_MARKUP = re.compile(
    r"<[^<>\n]{1,200}>|`+|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s+|~~|(?<!\w)__|__(?!\w)", re.MULTILINE
)
_ONE_SITTING = timedelta(hours=4)  # what is open for longer has no one hour to be at
_SHORTEST_TELLING = 2  # words beside a title
_SHORTEST_ECHO = 4  # words
_LONGEST_THEME = 5  # words; more is what somebody wants to have said


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sentence after the check: None when it had to be dropped, and how many claims it made and were true."""

    sentence: Sentence | None
    claims: int = 0
    grounded: int = 0
    rewritten: bool = False


class AnswerCheck:
    """The check of one answer, fed with a writer's tokens. `counted`: how sentences before these fared.

    It remembers which events the sentence before spoke of, for « Il commence à 20 h ».
    """

    def __init__(self, material: Material, *, counted: Checking | None = None) -> None:
        self._book = _Book(material)
        self._cutter = Sentences()
        self._about = tuple(one.event.uid for one in material.cited)
        self._retold: set[str] = set()
        self._line_end: str | None = None  # of a sentence left out; None before the first one kept
        self.checking = counted or Checking()

    def feed(self, token: str) -> Iterator[Sentence]:
        """The sentences that this token of a model completes and that may be read."""
        for text in self._cutter.feed(legible(token)):
            yield from self._passed(text, is_by_model=True)

    def end(self) -> Iterator[Sentence]:
        """What is left when the model is done."""
        for text in self._cutter.end():
            yield from self._passed(text, is_by_model=True)

    def passed(self, sentence: Sentence) -> Iterator[Sentence]:
        """The same for a whole sentence that was written before."""
        yield from self._passed(sentence.text, sentence.uids)

    def composed(self, sentence: Sentence) -> Sentence:
        """The same for one of the composer, which is made of the records: it is counted, and stands as it is."""
        counted = self.checking
        result = Checked(sentence=sentence)
        if (
            sentence.uids
        ):  # what speaks of no event is made of templates and of the wish, and claims nothing
            result = self._book.checked(sentence.text, sentence.uids, is_by_model=False)
            if result.sentence is None or result.rewritten:
                log.warning("composer.not_borne_out", uids=sentence.uids)
        self.checking = replace(
            counted,
            sentences=counted.sentences + bool(sentence.text.strip()),
            claims=counted.claims + result.claims,
            grounded_claims=counted.grounded_claims + result.grounded,
        )
        return sentence

    def leave_out(self, sentences: int) -> None:
        """Count sentences that passed and are not sent after all."""
        dropped = self.checking.dropped + sentences
        self.checking = replace(self.checking, dropped=dropped)

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
            if "\n" in text and self._line_end is not None:
                self._line_end = text[len(text.rstrip()) :]
            return
        sentence = replace(
            sentence, text=(self._line_end or "") + sentence.text, uids=sentence.uids or uids
        )
        self._line_end = ""
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
        self._judge = Judge(material)
        self._records = self._judge.records
        self._small_talk = SmallTalk(self._language, wish=_words_of_wish(material))
        self._addresses = frozenset(
            quote(own.strip(), safe=SAFE_IN_ADDRESS)
            for record in self._records
            for own in own_addresses(record.event)
        )
        self._ours = {
            fold(text)
            for notice in (*material.answer.notices, *material.preferences_used)
            for text in (notice.fr, notice.en)
            if text
        }

    def checked(self, text: str, about: tuple[str, ...], *, is_by_model: bool = False) -> Checked:
        body = text.strip()
        if not body:
            return Checked(sentence=Sentence(text=text))
        head = text[: len(text) - len(text.lstrip())]
        tail = text[len(text.rstrip()) :]
        if fold(body) in self._ours and not leads_out(body):
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
        judged = self._judge.judged(body, mentions, about)
        wrong = [one.claim for one in judged if not one.is_true]
        counted = Checked(sentence=None, claims=len(judged), grounded=len(judged) - len(wrong))
        speakers = mentions.records
        unsaid = [one for one in speakers if not self._judge.says_status(one, body, judged)]
        strays = is_by_model and self._strays(body, mentions, about)
        if not wrong and not unsaid and not strays:
            written = rendered(body, mentions)
            if not re.search(r"\w", written):
                return counted
            uids = tuple(one.event.uid for one in speakers) or self._judge.silent_subject(
                body, about
            )
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
        words = fold(body)
        is_echo = len(words.split()) >= _SHORTEST_ECHO and words in fold(self._material.text)
        if " | " in body or is_echo:  # a card, or the visitor's own words said back to them
            return True
        if mentions.found and len(fold("".join(letters)).split()) < _SHORTEST_TELLING:
            return True
        is_of_subject = bool(self._judge.silent_subject(body, about))
        of = mentions.records or (self._judge.silent_records(body, about) if is_of_subject else [])
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

    # --- putting right

    def _righted(
        self, body: str, mentions: Mentions, wrong: list[Claim], about: tuple[str, ...]
    ) -> Sentence | None:
        """The sentence with one wrong figure replaced by the right one, when that makes it true."""
        records = mentions.records or self._judge.silent_records(body, about)
        if len(records) != 1 or len(wrong) != 1:
            return None
        right = self._right_words(wrong[0], records[0])
        if right is None:
            return None
        changed = body[: wrong[0].start] + right + body[wrong[0].end :]
        again = mentions_in(changed, self._records, about=about)
        if any(not one.is_true for one in self._judge.judged(changed, again, about)):
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
                one.found,
                self._material.answer.understood.wish,
                self._material.now,
                self._language,
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
