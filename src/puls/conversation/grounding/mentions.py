"""Which events a sentence speaks of, and where: by citation, by link, by title. Pure.

Enter at `mentions_in`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import quote

from puls.conversation.grounding.claims import plain
from puls.conversation.grounding.records import Record, own_addresses
from puls.conversation.markdown import LINK, SAFE_IN_ADDRESS, bare
from puls.geo.names import fold

_CITATION = re.compile(r"\[(?P<numbers>\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?!\()")
_QUOTED = re.compile(
    r"«\s*(?P<a>[^«»\n]{2,300}?)\s*»|“(?P<b>[^“”\n]{2,300}?)”|\"(?P<c>[^\"\n]{2,300}?)\"|\*\*(?P<d>[^*\n]{2,300}?)\*\*"
)
_SHORTEST_TITLE = 4
_IN_PASSING = 3  # words of a quotation beside the title
_TELLING = 8  # letters of a part of a title that is enough to tell the event
_BEFORE_CITATION = ' \N{NO-BREAK SPACE}»”"*,;'
_BETWEEN = re.compile(
    r"[\s,;&«»\"“”*:()]*(?:et|and|ou|or|puis|then|que|than)?[\s«»\"“”*]*(?:l[ea]s? |the |d['e] ?)?[«»\"“”*]*"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place of the sentence that names an event.

    `shown` are the words to keep, None for a citation; `address` is the record's own, of a link.
    """

    start: int
    end: int
    record: Record
    shown: str | None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a sentence names: events, citations of none, links that lead elsewhere."""

    found: tuple[Mention, ...]
    false_citations: tuple[tuple[int, int], ...]
    foreign_links: tuple[tuple[int, int, str], ...]

    @property
    def records(self) -> list[Record]:
        """Each event once, in the order of the sentence."""
        return list({mention.record.event.uid: mention.record for mention in self.found}.values())


def mentions_in(text: str, records: Sequence[Record], *, about: Sequence[str] = ()) -> Mentions:
    """The events that a sentence names; `about`: uids that a title means first when several events share it."""
    found: list[Mention] = []
    foreign: list[tuple[int, int, str]] = []
    for match in LINK.finditer(text):
        owner = _owner(match, records, about, [one.record.event.uid for one in found])
        if owner is None or match.group().startswith("!"):
            foreign.append((match.start(), match.end(), match["label"]))
        else:
            found.append(Mention(match.start(), match.end(), owner[0], match["label"], owner[1]))
    false_citations: list[tuple[int, int]] = []
    for match in _CITATION.finditer(text):
        for number in re.findall(r"\d+", match["numbers"]):
            cited = [record for record in records if record.number == int(number)]
            if cited:
                found.append(Mention(match.start(), match.end(), cited[0], None))
            else:
                false_citations.append((match.start(), match.end()))
    linked = [one.record.event.uid for one in found if one.address is not None]
    cited_uids = [one.record.event.uid for one in found if one.address is None]
    meant = [uid for uid in (*cited_uids, *about) if uid not in linked] or linked
    taken = [*((one.start, one.end) for one in found), *((start, end) for start, end, _ in foreign)]
    found += _titles(text, records, taken, meant)
    found += _before_citations(text, found)
    mistaken = _mistaken_citations(text, found)
    found = [one for one in found if one not in mistaken]
    false_citations += dict.fromkeys((one.start, one.end) for one in mistaken)
    return Mentions(
        tuple(sorted(found, key=lambda mention: (mention.start, mention.end))),
        tuple(false_citations),
        tuple(foreign),
    )


def groups_of(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int, list[Record]]]:
    """Mentions that stand together (« A et B ») as one: (start, end, events)."""
    groups: list[tuple[int, int, list[Record]]] = []
    for mention in mentions:
        if groups and _BETWEEN.fullmatch(
            text[groups[-1][1] : mention.start] if groups[-1][1] <= mention.start else ""
        ):
            start, _, records = groups[-1]
            together = records if mention.record in records else [*records, mention.record]
            groups[-1] = (start, max(groups[-1][1], mention.end), together)
        else:
            groups.append((mention.start, mention.end, [mention.record]))
    assert all(one[0] <= other[0] for one, other in pairwise(groups))
    return groups


def _before_citations(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Words right before a citation that begin or make up the title of its event: « Chorale Les Voisins [1] »."""
    read = plain(text)
    taken = [(one.start, one.end) for one in mentions]
    parts = []
    for one in (each for each in mentions if each.shown is None):
        end = len(read[: one.start].rstrip(_BEFORE_CITATION))
        start = end
        while before := re.search(r"[^\W_]+[\W_]{0,3}$", read[:start]):
            if f" {fold(read[before.start() : end])} " not in f" {one.record.title} ":
                break
            start = before.start()
        folded = fold(read[start:end])
        is_telling = folded == one.record.title or len(folded) >= _TELLING
        if is_telling and not _overlaps((start, end), taken):
            taken.append((start, end))
            parts.append(Mention(start, end, one.record, text[start:end]))
    return parts


def _mistaken_citations(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Citations right after a title, of which none is of that event: the title is what a reader would believe."""
    mistaken: list[Mention] = []
    citations = sorted((one for one in mentions if one.shown is None), key=lambda one: one.start)
    for title in (one for one in mentions if one.shown is not None):
        end, beside = title.end, []
        for one in citations:
            if one.start >= title.end and not text[end : one.start].strip(_BEFORE_CITATION):
                beside.append(one)
                end = max(end, one.end)
        if beside and all(one.record.title != title.record.title for one in beside):
            mistaken += beside
    return mistaken


def _owner(
    link: re.Match[str], records: Sequence[Record], about: Sequence[str], linked: Sequence[str]
) -> tuple[Record, str] | None:
    """Whose address it is, with that address as recorded: what is written is never trusted.

    Of several events on one page: the one of that title, then one that is spoken of, then one not linked yet.
    """
    address, label = link["address"].rstrip("/"), fold(link["label"])
    owners = [
        (record, safe)
        for record in records
        for own in own_addresses(record.event)
        for safe in [quote(own.strip(), safe=SAFE_IN_ADDRESS)]
        if address in {own.rstrip("/"), safe.rstrip("/")}
    ]

    def fitness(owner: tuple[Record, str]) -> tuple[bool, bool, bool]:
        uid = owner[0].event.uid
        return (owner[0].title != label, uid not in about, uid in linked)

    return min(owners, key=fitness, default=None)


def _titles(
    text: str,
    records: Sequence[Record],
    taken: Sequence[tuple[int, int]],
    meant: Sequence[str],
) -> Iterator[Mention]:
    read = plain(text)
    spans = list(taken)
    for same in _by_title(records, meant):
        pattern = _title_pattern(same[0].event.title)
        written = [
            match.span()
            for match in (pattern.finditer(read) if pattern else ())
            if _is_title(match.group(), text, match.start())
            and not _overlaps(match.span(), spans)
            and not _is_quoted_in_passing(match.span(), read)
        ]
        for place, bounds in enumerate(written):
            record = same[place] if len(written) == len(same) else same[0]
            span = _whole(bounds, text, record.event.title)
            spans.append(span)
            yield Mention(*span, record, text[slice(*span)])
    for match in _QUOTED.finditer(read):
        span = next(match.span(name) for name in "abcd" if match[name] is not None)
        folded = fold(read[slice(*span)])
        if _overlaps(span, spans) or len(folded) < _TELLING:
            continue
        titled = [record for record in records if f" {folded} " in f" {record.title} "]
        if len({record.event.uid for record in titled}) == 1:
            span = _widened(match.span() if match["d"] is None else span, read, titled[0].title)
            spans.append(span)
            yield Mention(*span, titled[0], text[slice(*span)])


def _widened(span: tuple[int, int], read: str, title: str) -> tuple[int, int]:
    """The span with the words beside it that belong to the title: « Chorale « Les Voisins du dessus » »."""
    start, end = span
    while before := re.search(r"[^\W_]+[\W_]{1,3}$", read[:start]):
        if f" {fold(read[before.start() : end])} " not in f" {title} ":
            break
        start = before.start()
    while after := re.match(r"[\W_]{1,3}[^\W_]+", read[end:]):
        if f" {fold(read[start : end + after.end()])} " not in f" {title} ":
            break
        end += after.end()
    return start, end


def _is_quoted_in_passing(span: tuple[int, int], read: str) -> bool:
    """Whether the title only stands among other words of a quotation, and means what they mean."""
    words = len(read[slice(*span)].split())
    for match in _QUOTED.finditer(read):
        is_inside = match.start() < span[0] and span[1] < match.end()
        if is_inside and match["d"] is None and len(match.group().split()) >= words + _IN_PASSING:
            return True
    return False


def _by_title(records: Sequence[Record], meant: Sequence[str]) -> list[list[Record]]:
    """Events of the same title together, those that are meant before (or instead of) the others; long titles first."""
    titles: dict[str, list[Record]] = {}
    for record in records:
        titles.setdefault(record.title, []).append(record)
    groups = []
    for title in sorted(titles, key=len, reverse=True):
        same = [one for one in titles[title] if one.event.uid in meant]
        same.sort(key=lambda one: meant.index(one.event.uid))
        groups.append(same or titles[title])
    return groups


def _whole(span: tuple[int, int], text: str, title: str) -> tuple[int, int]:
    """The span with the marks that open and close the title, when the text has them."""
    start, end = span
    for written in (title, bare(title)):
        opening = re.match(r"[\W_]*", written.strip())
        closing = re.search(r"[\W_]*$", written.strip())
        if opening and opening.group() and text[:start].endswith(opening.group()):
            start -= len(opening.group())
        if closing and closing.group() and text[end:].startswith(closing.group()):
            end += len(closing.group())
        if (start, end) != span:
            break
    return start, end


@lru_cache(maxsize=2048)
def _title_pattern(title: str) -> re.Pattern[str] | None:
    """The title as a text may write it: other blanks, dashes and marks between the same words."""
    words = re.findall(r"[^\W_]+", plain(title))
    if sum(len(word) for word in words) < _SHORTEST_TITLE and not re.search(r"\w", bare(title)):
        return None
    if not words:
        return None
    inner = r"[\W_]{1,6}".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE)


def _is_title(words: str, text: str, start: int) -> bool:
    """Whether a match is a title: one common word in lower case is just that word."""
    if len(words.split()) > 1:
        return True
    is_marked = text[max(0, start - 2) : start].strip()[-1:] in {"«", "“", '"', "*"}
    return (
        is_marked
        or (words[:1].isupper() and len(words) >= _SHORTEST_TITLE and start > 0)
        or (words[:1].isdigit() and is_marked)
    )


def _overlaps(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in spans)
