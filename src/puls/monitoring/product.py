"""Is it good, is it used: turns, what they found, how sure they were, what people thought. Enter at `observe_turn`.

Every label has few values: kinds, themes and regions are lists of Puls' own, never what a visitor wrote.
"""

from dataclasses import dataclass
from typing import Literal

from puls.monitoring.families import counter, gauge, histogram
from puls.monitoring.names import Metric

FIRST_CARD_EDGES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 8.0, 20.0)
ANSWER_EDGES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 20.0, 40.0)

TurnOutcome = Literal["answered", "failed", "stopped", "refused"]

TURNS = counter(
    Metric.TURNS,
    "Turns that ended: answered, failed, stopped (by the visitor), refused (they asked what cannot be).",
    ["outcome"],
)
TURN_KINDS = counter(Metric.TURN_KINDS, "Turns by what was asked for.", ["kind"])
TURN_FAILURES = counter(Metric.TURN_FAILURES, "Turns that failed, by why.", ["reason"])
TURN_LANGUAGES = counter(
    Metric.TURN_LANGUAGES, "Turns by the language of their answer.", ["language"]
)
FIRST_CARD_SECONDS = histogram(
    Metric.FIRST_CARD_SECONDS, "Time from a message to its events.", buckets=FIRST_CARD_EDGES
)
FIRST_TEXT_SECONDS = histogram(
    Metric.FIRST_TEXT_SECONDS, "Time from a message to the first sentence.", buckets=ANSWER_EDGES
)
ANSWER_SECONDS = histogram(
    Metric.ANSWER_SECONDS, "Time from a message to the last word.", buckets=ANSWER_EDGES
)
ANSWERS = counter(Metric.ANSWERS, "Answers by who wrote them: composer, or a model.", ["writer"])
SENTENCES = counter(
    Metric.SENTENCES,
    "Sentences of answers: sent, rewritten (a claim was mended), dropped (the records do not bear it out).",
    ["outcome", "writer"],
)
CLAIMS = counter(
    Metric.CLAIMS, "Claims about events, by whether the records bear them out.", ["outcome"]
)
UNDERSTOOD = counter(
    Metric.UNDERSTOOD, "Messages by whether their words alone told what is wanted.", ["certainty"]
)
MATCHES = counter(
    Metric.MATCHES,
    "Searching turns by how well the best event fits: on_theme, perhaps, nothing.",
    ["match"],
)
THEMES = counter(Metric.THEMES, "Searching turns by the kind of event asked for.", ["theme"])
UNMET = counter(
    Metric.UNMET,
    "Searching turns that found nothing on theme, by region and kind.",
    ["region", "theme"],
)
FOLLOW_UPS = counter(
    Metric.FOLLOW_UPS, "Turns by how many messages came before: 0, 1, 2, 3+.", ["before"]
)
VISITORS_TODAY = gauge(Metric.VISITORS_TODAY, "Visitors seen today, all replicas together.")
THUMBS = counter(
    Metric.THUMBS,
    "Thumbs given, changed ones counted again, by what they are about and why.",
    ["thumb", "about", "reason"],
)
BOOKINGS = counter(
    Metric.BOOKINGS,
    "Visitors led from an event's page to where one books: registration, organiser, phone, email.",
    ["to"],
)
SURVEY_SCORES = histogram(
    Metric.SURVEY,
    "Answers to whether an outing was found, from 1, not at all, to 5.",
    buckets=(1, 2, 3, 4, 5),
)

_MANY = 3
_OUTCOMES: tuple[TurnOutcome, ...] = ("answered", "failed", "stopped", "refused")

# From the beginning: what appears with its first failure, Prometheus cannot see increase.
for _outcome in _OUTCOMES:
    TURNS.labels(_outcome)
for _fate in ("sent", "rewritten", "dropped"):
    for _author in ("composer", "model"):
        SENTENCES.labels(_fate, _author)
for _to in ("registration", "organiser", "phone", "email"):
    BOOKINGS.labels(_to)
for _match in ("on_theme", "perhaps", "nothing"):
    MATCHES.labels(_match)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFigures:
    """What one turn came to, without a word of it. Seconds are None for what it did not reach.

    `kind`, `themes`, `region`, `match`, `language`: words of Puls' own lists. `before`: messages of the conversation before it.
    """

    outcome: TurnOutcome
    kind: str = ""
    failure: str = ""
    language: str = ""
    writer: str = ""
    is_sure: bool | None = None
    match: str | None = None
    themes: tuple[str, ...] = ()
    region: str = ""
    before: int = 0
    first_card_seconds: float | None = None
    first_text_seconds: float | None = None
    answer_seconds: float | None = None
    sentences: int = 0
    rewritten: int = 0
    dropped: int = 0
    claims: int = 0
    grounded_claims: int = 0


def observe_turn(turn: TurnFigures) -> None:
    """Count a turn that ended."""
    TURNS.labels(turn.outcome).inc()
    TURN_KINDS.labels(turn.kind or "unknown").inc()
    if turn.outcome == "failed":
        TURN_FAILURES.labels(turn.failure).inc()
    for seconds, family in (
        (turn.first_card_seconds, FIRST_CARD_SECONDS),
        (turn.first_text_seconds, FIRST_TEXT_SECONDS),
        (turn.answer_seconds, ANSWER_SECONDS),
    ):
        if seconds is not None:
            family.observe(seconds)
    if turn.outcome == "answered":
        _observe_answer(turn)
    if turn.match is not None:
        _observe_search(turn)


def _observe_answer(turn: TurnFigures) -> None:
    ANSWERS.labels(turn.writer).inc()
    TURN_LANGUAGES.labels(turn.language).inc()
    FOLLOW_UPS.labels(str(turn.before) if turn.before < _MANY else f"{_MANY}+").inc()
    if turn.is_sure is not None:
        UNDERSTOOD.labels("sure" if turn.is_sure else "unsure").inc()
    author = "composer" if turn.writer == "composer" else "model"
    sent = max(0, turn.sentences - turn.dropped - turn.rewritten)
    for outcome, count in (
        ("sent", sent),
        ("rewritten", turn.rewritten),
        ("dropped", turn.dropped),
    ):
        SENTENCES.labels(outcome, author).inc(count)
    CLAIMS.labels("borne_out").inc(turn.grounded_claims)
    CLAIMS.labels("not_borne_out").inc(max(0, turn.claims - turn.grounded_claims))


def _observe_search(turn: TurnFigures) -> None:
    MATCHES.labels(turn.match).inc()
    themes = turn.themes or ("any",)
    for theme in themes:
        THEMES.labels(theme).inc()
        if turn.match == "nothing":
            UNMET.labels(turn.region or "unsaid", theme).inc()
