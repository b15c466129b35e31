"""What a visitor should be told beside the events, in French and English. Pure.

Understanding says which reading it took; search says what it could not do; both speak through `Notice`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence in both languages, and a code that stays the same when its words change."""

    code: str
    fr: str
    en: str
