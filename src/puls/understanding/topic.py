"""The theme.

What is left of a message when everything understood and every politeness is taken out. Pure.

Ranking reads it, so theme words keep the visitor's spelling, accents included. Enter at `topic_of`.
"""

from puls.geo.names import fold
from puls.understanding.topic_words import (
    ABBREVIATIONS,
    ABOUT_THE_STORY,
    ADULT,
    ALWAYS_ANNOUNCING,
    AND_THEN,
    ANNOUNCING,
    ASKING,
    BREAK,
    CHILD_WORDS,
    EVENT_NOUN,
    FOLLOW_UP_WORDS,
    GENERIC,
    GENERIC_ALONE,
    HANGING_AFTER,
    HANGING_BEFORE,
    INTERJECTIONS,
    KEPT_LEADS,
    QUESTION,
    RANK,
    SPACES,
    STORY,
    TEENAGER,
    TELLING,
    TODDLER,
)
from puls.understanding.words import Message

_LONG_MESSAGE = 10  # words


def topic_of(
    message: Message,
    *,
    is_follow_up: bool = False,
    ages: tuple[int, ...] = (),
    is_added: bool = False,
) -> str:
    """The theme in the visitor's own words; empty when nothing but filters was said.

    A manner alone (« en plein air », « en anglais ») is no theme, unless `is_added` to an earlier one.
    """
    _claim_announcing(message)
    for match in message.find(STORY):
        message.claim(match, "asking")
    for pattern in (*((FOLLOW_UP_WORDS,) if is_follow_up else ()), ASKING, GENERIC):
        for match in message.find(pattern):
            if message.is_open(match):
                message.claim(match, "asking")
    _claim_story(message)
    _claim_told_clauses(message)
    topic = _trimmed(message, may_be_manner=is_added)
    return _with_audience(topic, ages) if topic else topic


def _claim_announcing(message: Message) -> None:
    """« à », « pas loin de », « dans les »… before a place or a time that was understood."""
    for claim in sorted(message.claims, key=lambda each: each.first):
        if claim.kind not in ("when", "where") or claim.is_kept:
            continue
        first = claim.first
        while (
            first > 0
            and message.is_free(first - 1)
            and message.words[first - 1].folded in ANNOUNCING
        ):
            first -= 1
        # « et », « de » alone may belong to the theme; they go only with a true announcing word.
        if (
            any(message.words[at].folded in ALWAYS_ANNOUNCING for at in range(first, claim.first))
            or first == claim.first - 1
        ):
            message.claim_words(first, claim.first - 1, "asking")


def _claim_story(message: Message) -> None:
    """« Mon fils dessine tout le temps, y a-t-il un atelier ? ».

    Only the question holds the wish.
    """
    for claim in message.claims:
        folded = " ".join(word.folded for word in message.words[claim.first : claim.last + 1])
        if claim.kind != "asking" or claim.first == 0 or not QUESTION.search(folded):
            continue
        gap = message.text[message.words[claim.first - 1].end : message.words[claim.first].start]
        before = message.folded[: message.offset(claim.first)]
        has_more = any(message.is_free(at) for at in range(claim.last + 1, len(message.words)))
        is_told_there = ABOUT_THE_STORY.search(message.folded, message.offset(claim.last))
        if is_told_there:
            return
        is_new_clause = (
            any(mark in gap for mark in ",.:;!?—–")
            or message.words[claim.first - 1].folded in AND_THEN
        )
        if has_more and is_new_clause and not EVENT_NOUN.search(before):
            message.claim_words(0, claim.first - 1, "story")
            return


def _claim_told_clauses(message: Message) -> None:
    """In a long message the clauses that tell of someone and name no kind of event are no theme."""
    parts = _clauses(message)
    for first, last in parts[:-1]:
        if first == last and message.words[first].folded in INTERJECTIONS:
            message.claim_words(first, last, "asking")
    if len(message.words) < _LONG_MESSAGE or ABOUT_THE_STORY.search(message.folded):
        return
    clauses = [
        (first, last, " ".join(word.folded for word in message.words[first : last + 1]))
        for first, last in parts
    ]
    if not any(EVENT_NOUN.search(words) for *_, words in clauses):
        return
    for first, last, words in clauses:
        if TELLING.search(words) and not EVENT_NOUN.search(words):
            message.claim_words(first, last, "story")


def _clauses(message: Message) -> list[tuple[int, int]]:
    """First and last word of each clause: punctuation parts them."""
    last = len(message.words) - 1
    ends = [at for at in range(last) if message.is_followed_by_pause(at)]
    return list(zip([0, *(at + 1 for at in ends)], [*ends, last], strict=True))


def _with_audience(topic: str, ages: tuple[int, ...]) -> str:
    """The numbers are a filter; that it is for children is theme."""
    if not ages or min(ages) >= ADULT or CHILD_WORDS.search(fold(topic)):
        return topic
    if max(ages) < TODDLER:
        return f"{topic} pour tout-petits"
    return f"{topic} pour enfants" if min(ages) <= TEENAGER else f"{topic} pour adolescents"


def _trimmed(message: Message, *, may_be_manner: bool) -> str:
    """What is left, without the small words that hang at either end once their complement is gone."""
    kept = _kept_words(message)
    manner = _words_of(message, "setting", "language")
    held = manner | _words_of(message, "title")
    folded = [message.words[at].folded for at in kept]
    first, last = 0, len(kept)
    if not KEPT_LEADS.match(" ".join(folded[:4])):
        while first < last and _hangs_before(message, kept[first]) and kept[first] not in held:
            first += 1
    while last > first and kept[last - 1] not in held and _hangs_after(folded[first:last]):
        last -= 1
    said = [
        message.words[at].folded for at in kept[first:last] if may_be_manner or at not in manner
    ]
    if all(word in GENERIC_ALONE or RANK.fullmatch(word) for word in said):
        return ""
    return _written(message, kept[first:last])


def _hangs_before(message: Message, at: int) -> bool:
    word = message.words[at]
    is_tea = word.folded == "the" and message.text[word.end - 1] in "éÉ"
    return word.folded in HANGING_BEFORE and not is_tea


def says_only_filters(message: Message, topic: str) -> bool:
    """Whether the theme holds nothing but words of filters, such as « accessible en fauteuil »."""
    if not topic:
        return True
    of_filters = _words_of(message, "setting", "language", "accessibility")
    words = (message.words[at].folded for at in _kept_words(message) if at not in of_filters)
    return all(word in GENERIC_ALONE or word in HANGING_BEFORE for word in words)


def _hangs_after(folded: list[str]) -> bool:
    """Whether the last word has lost its complement; « 20 ans » has not."""
    is_unit = folded[-1] in ("ans", "euros") and len(folded) > 1 and folded[-2].isdigit()
    return folded[-1] in HANGING_AFTER and not is_unit


def _words_of(message: Message, *kinds: str) -> set[int]:
    """The words that were understood as one of the kinds and stay in the theme."""
    return {
        at
        for claim in message.claims
        if claim.is_kept and claim.kind in kinds
        for at in range(claim.first, claim.last + 1)
    }


def _kept_words(message: Message) -> list[int]:
    kept = [True] * len(message.words)
    for claim in message.claims:
        for at in range(claim.first, claim.last + 1):
            kept[at] = kept[at] and claim.is_kept
    return [at for at, is_kept in enumerate(kept) if is_kept]


def _written(message: Message, words: list[int]) -> str:
    """The words as written, with what stands between neighbours (apostrophes, commas)."""
    parts = []
    for position, at in enumerate(words):
        word = message.words[at]
        parts.append(ABBREVIATIONS.get(word.folded, message.text[word.start : word.end]))
        if position + 1 < len(words):
            following = words[position + 1]
            between = (
                message.text[word.end : message.words[following].start]
                if following == at + 1
                else " "
            )
            parts.append(" " if BREAK.search(between) else SPACES.sub(" ", between))
    return "".join(parts)
