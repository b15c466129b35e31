"""Links of Markdown pages that lead nowhere: a file that is not there, an anchor that no page has.

Reads the pages; addresses of the web are not asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LINK = re.compile(r"(?<!\\)\]\((?P<to>[^)\s]+)(?: \"[^\"]*\")?\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_ANCHOR = re.compile(r"<a id=\"([^\"]+)\">")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLink:
    page: Path
    to: str


def broken(pages: Iterable[Path]) -> Iterator[BrokenLink]:
    """Every link of the pages whose file or anchor does not exist."""
    for page in pages:
        for found in _LINK.finditer(_CODE.sub("", page.read_text(encoding="utf-8"))):
            if not _leads_somewhere(page, found["to"]):
                yield BrokenLink(page=page, to=found["to"])


def _leads_somewhere(page: Path, to: str) -> bool:
    if re.match(r"[a-z]+:", to):
        return True
    file, _, anchor = to.partition("#")
    target = (page.parent / file).resolve() if file else page.resolve()
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in _anchors(target)


@cache
def _anchors(page: Path) -> frozenset[str]:
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return frozenset(_ANCHOR.findall(text)) | frozenset(slug(head) for head in heads)


def slug(head: str) -> str:
    """The anchor that GitHub and the site give a head."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.replace("`", "")))
