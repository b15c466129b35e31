"""What a model says to a visitor, without what it says to itself. Pure.

Models think between marks of many kinds, and some begin in the middle: their template opens the thought, so that only its
end is in the text. Such an end makes all before it a thought. A model that was never heard is therefore heard out before
a word of it is passed on; one that was seen to answer straight is passed on as it comes. Enter at `Voice`.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

_LONGEST_MARK = 64  # characters
_HEAD = 40  # characters of the beginning that tell whether it is a label
_HEAD_JUDGED = 240


class Habit(Enum):
    """How a model was heard to speak."""

    UNKNOWN = auto()
    STRAIGHT = auto()  # answers at once
    MARKED = auto()  # thinks between marks, then answers
    ALOUD = auto()  # thinks first, and only the end of it is marked


_NAME = (
    r"(?:[\w.-]{1,20}:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflexion|reflection|réflexion|raisonnement|pensées?|"
    r"analysis|scratch_?pad|inner_monologue|internal(?:_\w+)?|chain_of_thought|cot)"
)
_LEFT, _RIGHT = r"(?:<|&lt;|＜)", r"(?:>|&gt;|＞)"
_PAIRS = (
    (rf"{_LEFT}\s*{_NAME}(?:\s[^<>]{{0,40}})?\s*{_RIGHT}", rf"{_LEFT}\s*/\s*{_NAME}\s*{_RIGHT}"),
    (rf"\[{_NAME}\]", rf"\[/{_NAME}\]"),
    (rf"◁{_NAME}▷", rf"◁/{_NAME}▷"),
    (
        rf"<\|(?:begin_of_|start_of_|start_)?{_NAME}(?:_start|_begin)?\|>",
        rf"<\|(?:end_of_|end_|/){_NAME}\|>|<\|{_NAME}_end\|>",
    ),
    (
        r"(?:<\|start\|>\w{0,20})?<\|channel\|>\s*(?:analysis|commentary)[^<]{0,40}<\|message\|>",
        r"<\|channel\|>\s*final[^<]{0,40}<\|message\|>",
    ),
    (r"<unused94>", r"<unused95>"),
    (rf"```\s*{_NAME}\s*\n", r"\n```(?=\s|$)"),
    (r"<details\s+type=[\"']reasoning[\"'][^>]{0,80}>", r"</details>"),
)
_OPENERS = [re.compile(opener, re.IGNORECASE) for opener, _ in _PAIRS]
_CLOSERS = [re.compile(closer, re.IGNORECASE) for _, closer in _PAIRS]
_LONE = re.compile("|".join(f"(?:{closer})" for _, closer in _PAIRS[:6]), re.IGNORECASE)
# Words in place of marks: only at the very beginning, and only up to the word for the answer.
_LABEL = re.compile(
    r"\s*(?:\*\*|#+\s*)?(?:(?:thoughts?|thinking(?: process)?|reasoning|analysis|réflexion|raisonnement|analyse)\s*(?:\*\*)?\s*:|"
    r"here(?:'s| is) my (?:thought process|reasoning)\b|voici (?:ma réflexion|mon raisonnement)\b|analysis(?=[A-Z]))",
    re.IGNORECASE,
)
_LABEL_STARTS = (
    "thought", "thinking", "reasoning", "analysis", "réflexion", "raisonnement", "analyse", "here's my", "here is my",
    "voici ma réflexion", "voici mon raisonnement",
)  # fmt: skip
_ANSWER_LABEL = re.compile(
    r"\n\s*(?:\*\*|#+\s*)?(?:final answer|answer|response|réponse(?: finale)?|here(?:'s| is) my response|"
    r"voici ma réponse)\s*(?:\*\*)?\s*:\s*(?:\*\*)?\s*(?=[^\s*:])|assistantfinal",
    re.IGNORECASE,
)
_ALOUD = re.compile(
    r"\b(?:let me (?:think|see|check)|the user (?:is asking|asks|wants)|i (?:need|have) to (?:choose|pick|find|answer)|"
    r"okay, (?:so|the)|alright|hmm|wait,|we need to|je dois (?:choisir|répondre|trouver|vérifier)|voyons|"
    r"l['’]utilisateur (?:demande|veut|cherche)|d['’]abord, je|réfléchissons|il faut que je)\b",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|</?s>|<(?:eos|bos|pad|end_of_turn|start_of_turn|unused\d+)>",
    re.IGNORECASE,
)
_CHANNEL_BEGUN = re.compile(r"<\|(?:start|channel)\|>[^<]{0,60}(?:<[^>]{0,20})?$")
_MARK_BEGUN = re.compile(
    r"(?:<[^<>\n]{0,60}|\[[^\[\]\n]{0,30}|◁[^▷\n]{0,30}|＜[^＞\n]{0,30}|&(?:l(?:t(?:;(?:(?!&gt;).){0,40})?)?)?|"
    r"\n?`{1,3}[^`\n]{0,30}|\n)$"
)


class ThoughtAloudError(Exception):
    """What was passed on already turns out to have been a thought."""


@dataclass(slots=True)
class Voice:
    """One answer: pieces in, what is for the visitor out."""

    habit: Habit
    heard: Habit = Habit.STRAIGHT
    has_words: bool = False
    _rest: str = ""
    _held: str = ""
    _closer: re.Pattern[str] | None = None
    _opener: re.Pattern[str] | None = None
    _depth: int = 0
    _is_label_known: bool = False
    _is_passing: bool = False
    _passed: int = 0
    _head: str = ""

    def feed(self, piece: str) -> str:
        """What of the answer may be passed on now.

        Raises:
            ThoughtAloudError: what was passed on was a thought.
        """
        self._rest += piece
        self._hold(self._speech(is_end=False))
        return self._pass_on()

    def end(self) -> str:
        """What was held and is for the visitor after all: nothing of a thought that did not end."""
        self._hold(self._speech(is_end=True))
        if self.habit is Habit.ALOUD and self.heard is Habit.STRAIGHT:
            return ""  # the end of the thought never came
        self._is_passing = True
        return self._pass_on()

    @property
    def next_habit(self) -> Habit:
        """What to expect of this model's next answer. Who once thought aloud is never trusted again."""
        if self.habit is Habit.ALOUD or self.heard is Habit.ALOUD:
            return Habit.ALOUD
        if self.habit is Habit.MARKED or self.heard is Habit.MARKED:
            return Habit.MARKED
        return Habit.STRAIGHT

    def _hold(self, speech: str) -> None:
        spoken = _TOKENS.sub("", speech)
        self._held += spoken
        self._head = (self._head + spoken)[:_HEAD_JUDGED]
        self.has_words = self.has_words or bool(spoken.strip())

    def _pass_on(self) -> str:
        if not self._is_passing:
            self._is_passing = self._is_trusted()
            if not self._is_passing:
                return ""
        text, self._held = self._held, ""
        self._passed += len(text.strip())
        return text

    def _is_trusted(self) -> bool:
        """Whether what is held may leave before all of it was heard."""
        if (
            self.heard is Habit.MARKED and self.habit is Habit.MARKED
        ):  # as ever, and its answer has begun
            return self._closer is None and bool(self._held.strip())
        if self.habit is not Habit.STRAIGHT or self.heard is not Habit.STRAIGHT:
            return False
        return not _ALOUD.search(self._head[:_HEAD_JUDGED])

    def _speech(self, *, is_end: bool) -> str:
        """What of the rest is certain to be outside of thoughts; thoughts in it are dropped."""
        speech = ""
        while True:
            if not self._is_label_known:
                if not is_end and _may_be_label(self._rest):
                    return speech
                self._is_label_known = True
                if _LABEL.match(self._rest):
                    self._closer, self._opener, self._depth = _ANSWER_LABEL, None, 1
            if self._closer is not None:
                if not self._skip_thought():
                    return speech
                continue
            piece, goes_on = self._next_speech(is_end=is_end)
            speech += piece
            if not goes_on:
                return speech
            if self._closer is None:  # a lone end: all before it was a thought
                speech = ""

    def _next_speech(self, *, is_end: bool) -> tuple[str, bool]:
        """Speech up to the next mark, and whether there was one."""
        found = min(
            (
                (match.start(), place, match)
                for place, opener in enumerate(_OPENERS)
                if (match := opener.search(self._rest))
            ),
            default=None,
            key=lambda one: one[0],
        )
        lone = _LONE.search(self._rest)
        if lone is not None and (found is None or lone.start() < found[0]):
            self._rest = self._rest[lone.end() :]
            self._was_thought()
            return "", True
        if found is not None:
            start, place, match = found
            speech, self._rest = self._rest[:start], self._rest[match.end() :]
            self._opener, self._closer, self._depth = _OPENERS[place], _CLOSERS[place], 1
            self.heard = Habit.MARKED if self.heard is Habit.STRAIGHT else self.heard
            return speech, True
        keep = 0 if is_end else _mark_begun(self._rest)
        speech, self._rest = (
            self._rest[: len(self._rest) - keep],
            self._rest[len(self._rest) - keep :],
        )
        return speech, False

    def _skip_thought(self) -> bool:
        """Leave a thought behind; False when its end has not come yet."""
        assert self._closer is not None
        while True:
            closing = self._closer.search(self._rest)
            opening = self._opener.search(self._rest) if self._opener else None
            if opening is not None and (closing is None or opening.start() < closing.start()):
                self._depth += 1
                self._rest = self._rest[opening.end() :]
            elif closing is not None:
                self._depth -= 1
                self._rest = self._rest[closing.end() :]
                if not self._depth:
                    self._closer = self._opener = None
                    self.heard = Habit.MARKED if self.heard is Habit.STRAIGHT else self.heard
                    return True
            else:
                self._rest = self._rest[-_LONGEST_MARK:]  # a mark may be cut in two
                return False

    def _was_thought(self) -> None:
        """Everything until here."""
        if self._passed:
            raise ThoughtAloudError
        self._held, self._head, self.has_words = "", "", False
        self.heard = Habit.ALOUD


def _may_be_label(beginning: str) -> bool:
    """Whether more must be heard to tell: nothing yet, or the first letters of a label."""
    head = beginning.lstrip(" \n\r\t*#").lower()
    if len(head) >= _HEAD:
        return False
    return any(start.startswith(head) or head.startswith(start) for start in _LABEL_STARTS)


def _mark_begun(text: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    for begun in (_CHANNEL_BEGUN, _MARK_BEGUN):
        if match := begun.search(text, max(0, len(text) - 2 * _LONGEST_MARK)):
            return len(text) - match.start()
    return 0
