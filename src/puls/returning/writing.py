"""Letters as messages: plain text with the same as simple HTML beside it. Pure.

Each carries RFC 8058's one-click way to stop. Words that strangers wrote stand in the body only, escaped, and on one line.
Enter at `confirmation_letter`, `news_letter` and `changes_letter`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import Final
from urllib.parse import quote, urlencode

from puls import phrasing
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.returning.dates import moment_whenever_read

MOST_TOLD: Final = 10
"""Events of one search that one letter tells in full; the page has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom to whom. `base`: where Puls is found, without a slash at its end; `stop`: the token that stops; None: none yet."""

    sender: str
    to: str
    base: str
    language: Language
    now: datetime
    stop: str | None = None

    @property
    def stop_url(self) -> str | None:
        """The address that stops all letters, by GET with a question and by POST at once."""
        return self.stop and f"{self.base}/courrier/arret?{urlencode({'token': self.stop})}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A saved search and what is new in it; `page`: where it is read."""

    name: str
    page: str
    new: Sequence[FoundEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    url: str | None = None
    is_heading: bool = False


def confirmation_letter(envelope: Envelope, token: str) -> EmailMessage:
    """The question whether this mailbox wants letters; the only message without its owner's consent."""
    url = f"{envelope.base}/courrier/confirmer?{urlencode({'token': token})}"
    said = (
        (
            "Quelqu'un, vous sans doute, souhaite recevoir à cette adresse ce qu'il y a de neuf dans ses recherches sur Puls.",
            "Confirmer mon adresse",
            "Si ce n'est pas vous, ne faites rien : l'adresse n'est gardée nulle part et Puls n'écrira plus.",
            "Le lien dure deux jours.",
        )
        if envelope.language == "fr"
        else (
            "Somebody, probably you, would like to receive at this address what is new in their searches on Puls.",
            "Confirm my address",
            "If it was not you, do nothing: the address is kept nowhere and Puls will not write again.",
            "The link lasts two days.",
        )
    )
    subject = (
        "Puls : confirmez votre adresse"
        if envelope.language == "fr"
        else "Puls: confirm your address"
    )
    lines = [
        _Line(text=said[0]),
        _Line(text=said[1], url=url),
        _Line(text=said[2]),
        _Line(text=said[3]),
    ]
    return _message(envelope, subject, lines, key=token)


def news_letter(envelope: Envelope, told: Sequence[Told]) -> EmailMessage:
    """What is new in saved searches, all in one letter."""
    number = sum(len(one.new) for one in told)
    lines: list[_Line] = []
    for one in told:
        lines.append(_Line(text=_clean(one.name), url=one.page, is_heading=True))
        lines += [_event_line(found, envelope) for found in one.new[:MOST_TOLD]]
        if more := len(one.new) - MOST_TOLD:
            lines += [_Line(text=_more(more, envelope.language), url=one.page)] if more > 0 else []
    key = " ".join(found.event.uid for one in told for found in one.new)
    return _message(envelope, _news_subject(number, envelope.language), lines, key=key)


def changes_letter(
    envelope: Envelope, changes: Sequence[tuple[str, str, Sequence[str]]], *, key: str
) -> EmailMessage:
    """What changed about followed events: (uid, title, what in words). `key` tells a repetition."""
    subject = (
        "Puls : du changement dans ce que vous suivez"
        if envelope.language == "fr"
        else "Puls: changes in what you follow"
    )
    lines = [
        _Line(
            text=f"{_clean(title)} : {', '.join(what)}"
            if envelope.language == "fr"
            else f"{_clean(title)}: {', '.join(what)}",
            url=_event_url(uid, envelope),
        )
        for uid, title, what in changes
    ]
    return _message(envelope, subject, lines, key=key)


def _news_subject(number: int, language: Language) -> str:
    if language == "fr":
        return f"Puls : {number} nouvelles sorties" if number > 1 else "Puls : une nouvelle sortie"
    return f"Puls: {number} new events" if number > 1 else "Puls: one new event"


def _more(number: int, language: Language) -> str:
    return f"et {number} autres" if language == "fr" else f"and {number} more"


def _event_line(found: FoundEvent, envelope: Envelope) -> _Line:
    event = found.event
    where = (
        " · ".join(dict.fromkeys(filter(None, (event.venue.name, event.venue.city))))
        if event.venue
        else ""
    )
    facts = (
        moment_whenever_read(found.occurrence, event.timezone, envelope.language),
        _clean(where),
        phrasing.price_words(event.price, envelope.language),
    )
    return _Line(
        text=f"{_clean(event.title)} – {', '.join(filter(None, facts))}",
        url=_event_url(event.uid, envelope),
    )


def _event_url(uid: str, envelope: Envelope) -> str:
    return f"{envelope.base}/evenement/{quote(uid, safe='')}"


def _message(envelope: Envelope, subject: str, lines: Sequence[_Line], *, key: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = f"Puls <{envelope.sender}>"
    message["To"] = envelope.to
    message["Date"] = format_datetime(envelope.now)
    digest = hashlib.blake2b(f"{envelope.to} {key}".encode("utf-8", "replace"), digest_size=16)
    message["Message-ID"] = f"<{digest.hexdigest()}@{envelope.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = envelope.language
    if envelope.stop_url is not None:
        message["List-Unsubscribe"] = f"<{envelope.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    foot = _foot(envelope)
    message.set_content(_as_text([*lines, *foot]))
    message.add_alternative(_as_html([*lines, *foot], envelope.language), subtype="html")
    return message


def _foot(envelope: Envelope) -> list[_Line]:
    if envelope.stop_url is None:
        return []
    french = envelope.language == "fr"
    check = (
        "Publié par les organisateurs : vérifiez avant de vous déplacer."
        if french
        else "Published by the organisers: please check before you travel."
    )
    stop = "Ne plus rien recevoir" if french else "Send me nothing more"
    mine = "Mon espace" if french else "My space"
    return [
        _Line(text=check),
        _Line(text=mine, url=f"{envelope.base}/moi"),
        _Line(text=stop, url=envelope.stop_url),
    ]


def _as_text(lines: Sequence[_Line]) -> str:
    parts = []
    for line in lines:
        head = f"== {line.text} ==" if line.is_heading else line.text
        parts.append(f"{head}\n{line.url}" if line.url else head)
    return "\n\n".join(parts) + "\n"


def _as_html(lines: Sequence[_Line], language: Language) -> str:
    parts = []
    for line in lines:
        words = escape(line.text)
        if line.url:
            words = f'<a href="{escape(line.url)}">{words}</a>'
        tag = "h2" if line.is_heading else "p"
        parts.append(f"<{tag}>{words}</{tag}>")
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>Puls</title></head>'
        f'<body style="font-family:sans-serif;line-height:1.5;max-width:40rem;margin:auto;padding:1rem">\n{body}\n</body></html>\n'
    )


def _clean(text: str) -> str:
    """One line, without controls."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
