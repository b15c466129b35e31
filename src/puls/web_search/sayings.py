"""PLACEHOLDER until the verification part lands."""

from puls.web_search.values import Check


def sentence_of(check: Check, language: str, *, timezone: str) -> str:
    return f"{check.outcome.value} {language} {timezone}"
