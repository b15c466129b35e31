"""French spaces and apostrophes in Markdown: authors type plain ones, readers get the right ones. Pure.

Code, addresses, HTML and figures in braces are left as they are.
"""

import re
from collections.abc import Callable

from study.figures.french import NARROW

# What is no prose: fenced code, code, the address of a link or picture, an address, HTML, a template's braces.
_KEPT = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\s]*(?: \"[^\"]*\")?\)|https?://\S+|<[^>\n]+>|\{\{.*?\}\}", re.DOTALL)  # fmt: skip
_GLUED = re.compile(r"(?<=[a-zà-ÿ0-9»)])[;!?](?=\s|\*|$)", re.MULTILINE)
_TABLE_RULE = re.compile(r"^\|[\s:|-]+\|$")


def french(text: str) -> str:
    """Narrow no-break spaces before « ; : ! ? », inside guillemets, and curled apostrophes."""
    return _outside(text, _mended)


def faults(text: str) -> list[str]:
    """Places where a sign lacks its space, with the words around it."""
    found: list[str] = []

    def look(part: str) -> str:
        found.extend(
            part[max(0, one.start() - 20) : one.end()].strip() for one in _GLUED.finditer(part)
        )
        return part

    _outside(text, look)
    return found


def prose_of(text: str) -> str:
    """The text with everything that is no prose blanked, lines kept."""
    return _KEPT.sub(lambda kept: re.sub(r"[^\n]", " ", kept[0]), text)


def _outside(text: str, change: Callable[[str], str]) -> str:
    pieces: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        pieces += [change(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*pieces, change(text[end:])])


def _mended(part: str) -> str:
    return "\n".join(line if _TABLE_RULE.match(line) else _line(line) for line in part.split("\n"))


def _line(line: str) -> str:
    line = re.sub(r"(?<=\S) +([;:!?»])", rf"{NARROW}\1", line)
    line = re.sub(r"« +", f"«{NARROW}", line)
    line = re.sub(r"(?<=\w)'(?=\w)", "’", line)
    line = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", NARROW, line)
    return re.sub(r"(?<=\d) (?=[%€$°])", NARROW, line)
