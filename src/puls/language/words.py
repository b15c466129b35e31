"""One sentence or word in the two languages of the page. Pure.

Everything that is said to a visitor and does not hang on facts is a `Words`; what does is made of them.
"""

from typing import Literal, NamedTuple

Spoken = Literal["fr", "en"]
"""The languages that Puls answers in."""


class Words(NamedTuple):
    """The same thing in French and in English."""

    fr: str
    en: str

    def of(self, language: str) -> str:
        """In that language; anybody who writes neither French nor English reads English."""
        return self.fr if language == "fr" else self.en


_AND = Words("et", "and")


def spoken(language: str) -> Spoken:
    """The language to answer in: French, and English to everybody else."""
    return "fr" if language == "fr" else "en"


def listed(parts: list[str], language: str, *, joint: Words = _AND) -> str:
    """« a, b et c »."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {joint.of(language)} {parts[-1]}"
