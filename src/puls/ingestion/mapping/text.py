"""From what organisers paste to text that can be stored, read and matched.

Pure. `plain_text` gives readers' text (no HTML, no Markdown, valid UTF-8); `folded` gives the form
that the rules of this package match on: lower case, without accents, euro signs as the word
"euros", one kind of quote and dash.
"""

import html
import re
import unicodedata
from typing import Final

from selectolax.lexbor import LexborHTMLParser

MAX_TEXT_CHARACTERS: Final = 20_000  # OpenAgenda's own limit is 10,000 characters of Markdown

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_BLOCK = re.compile(
    r"<(?=(?:br|/?p|/?li|/?h[1-6]|/?div|/?tr|/?ul|/?ol|/?blockquote|hr)\b)", re.IGNORECASE
)
_UNSEEN = ["script", "style", "iframe", "template", "noscript"]
_HIDES = re.compile("<(?:" + "|".join(_UNSEEN) + ")", re.IGNORECASE)
_NEVER_STORED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)
_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029", "\x85")
_WIDE_SPACES = ("\xa0", "\u202f", "\t", "\u2009", "\u2003", "\u2002", "\u3000")

_MARKDOWN_HINTS = ("*", "_", "#", "\\", ">", "](", "---", "===")
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?(?: "
    r"\"[^\"\n]*\")?\)"
)
_STRONG = re.compile(r"\*\*|(?<!\w)__|__(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]{1,500})(?<=\S)\1(?![\w*_])")
_LINE_MARK = re.compile(r"^ {0,3}(?:#{1,6} +|> ?)", re.MULTILINE)
_RULE = re.compile(r"^ *(?:(?:[-*_] *){3,}|=+) *$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")

_FOLD = (
    ("€", " euros "),
    ("’", "'"),
    ("‘", "'"),
    ("ʼ", "'"),
    ("´", "'"),
    ("`", "'"),
    ("œ", "oe"),
    ("Œ", "oe"),
    ("æ", "ae"),
    ("Æ", "ae"),
    ("–", "-"),
    ("—", "-"),
    ("−", "-"),
    ("‑", "-"),
    ("‐", "-"),
    ("“", '"'),
    ("”", '"'),
    ("«", '"'),
    ("»", '"'),
    ("…", "..."),
)
_FOLD_WANTED = re.compile(f"[{''.join(mark for mark, _ in _FOLD)}]")
_NEEDS_CARE = re.compile(r"[<&*_#\\\[>]|  ")


def storable(text: str) -> str:
    """The same text without NUL, controls, invisible marks and lone surrogates.

    None of which PostgreSQL should hold.
    """
    if text.replace("\n", " ").isprintable():  # as most are; ten times faster than to look
        return text
    return _NEVER_STORED.sub("", text)


def plain_text(source: object, *, limit: int = MAX_TEXT_CHARACTERS) -> str | None:
    """Readable text of an HTML or Markdown source; None when nothing is left to read."""
    if source is None:
        return None
    text = source if isinstance(source, str) else str(source)
    text = storable(text[: 4 * limit])
    for line_end in _LINE_ENDS:
        text = text.replace(line_end, "\n")
    if "<" in text and _TAG.search(text):
        text = _without_tags(text)
    elif "&" in text:
        text = storable(html.unescape(text))
    if any(hint in text for hint in _MARKDOWN_HINTS):
        text = _without_markdown(text)
    text = _with_plain_spaces(text)
    if "\n" in text:
        text = _tidy_lines(text)
    text = text.strip()
    return text[:limit].rstrip() or None


def plain_line(source: object, *, limit: int = 500) -> str | None:
    """`plain_text` on one line: titles, names, addresses."""
    if isinstance(source, str) and source.isprintable() and not _NEEDS_CARE.search(source):
        return source.strip()[:limit].rstrip() or None
    text = plain_text(source, limit=limit)
    return None if text is None else text.replace("\n\n", " ").replace("\n", " ")


def folded(text: str) -> str:
    """Lower case ASCII for matching; line ends stay, since they end sentences."""
    if text.isascii():
        return text.lower()
    if _FOLD_WANTED.search(text):
        for mark, plain in _FOLD:
            text = text.replace(mark, plain)
        text = text.replace("  ", " ")  # « 3 € »
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _with_plain_spaces(text: str) -> str:
    for space in _WIDE_SPACES:
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def _tidy_lines(text: str) -> str:
    """Lines without margins, and never more than one blank line between two."""
    text = "\n".join([line.strip(" ") for line in text.split("\n")])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _without_tags(text: str) -> str:
    tree = LexborHTMLParser(_BLOCK.sub("\n<", text))
    if _HIDES.search(text):
        tree.strip_tags(_UNSEEN, recursive=True)
    body = tree.body
    return storable(body.text(deep=True, separator="")) if body is not None else ""


def _without_markdown(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _RULE.sub("", text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub(r"\2", _STRONG.sub("", text))
    return _ESCAPED.sub(r"\1", text)
