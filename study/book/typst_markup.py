"""Markdown as typst markup: heads, paragraphs, lists, tables, pictures, links, code. Pure. A call of typst ends with `;`, which is not shown: else a bracket after it would be its argument.

Links between chapters and to the page of figures become links inside the PDF; links to files of the repository become their path in small type.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ANCHOR = re.compile(r"<a id=\"([^\"]+)\">")
_SPECIAL = re.compile(r"([\\#$*_`<>@=\[\]~/+-])")


def escaped(text: str) -> str:
    """Text that typst takes as it is."""
    return _SPECIAL.sub(r"\\\1", text)


def quoted(text: str) -> str:
    """A string of typst's code."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def label(name: str) -> str:
    return "<" + re.sub(r"[^\w.:-]", "-", name) + ">"


@dataclass
class Typesetting:
    """Sets chapters; `chapters` are the file names that have become chapters, `folder` where the pages lie, from typst's root."""

    chapters: Sequence[str]
    folder: str

    def chapter(self, name: str, markdown: str) -> str:
        """A page of Markdown as a chapter that starts a sheet."""
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
        body = self._blocks(tokens)
        return body.replace("\n", f" {label(name)}\n", 1)

    def _blocks(self, tokens: Sequence[Token]) -> str:
        parts: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = _closing(tokens, index)
            inside = tokens[index + 1 : end]
            match token.type:
                case "heading_open":
                    parts.append("=" * int(token.tag[1]) + " " + self._inline(inside[0]) + "\n")
                case "paragraph_open":
                    parts.append(self._paragraph(inside[0]))
                case "bullet_list_open" | "ordered_list_open":
                    parts.append(self._list(inside, ordered=token.type.startswith("ordered")))
                case "table_open":
                    parts.append(self._table(inside))
                case "fence" | "code_block":
                    parts.append(f"#raw({quoted(token.content)}, block: true)\n")
                case "html_block":
                    parts += [f"#metadata(none) {label(one)}\n" for one in _ANCHOR.findall(token.content)]  # fmt: skip
                case "hr":
                    parts.append("#line(length: 100%)\n")
                case other:
                    raise ValueError(f"the book does not know {other}")
            index = end + 1
        return "\n".join(parts)

    def _paragraph(self, inline: Token) -> str:
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            return self._picture(children[0])
        text = self._inline(inline)
        shown = inline.content.rstrip()
        if shown.endswith(":") or (
            shown.startswith("**") and shown.find("**", 2) == len(shown) - 2
        ):
            return (
                f"#block(sticky: true)[{text}]\n"  # what announces a list or a table stays with it
            )
        return text + "\n"

    def _picture(self, image: Token) -> str:
        source = str(image.attrs["src"])
        file = f"{self.folder}/{source}"
        alt = image.content
        return f"#figure(image({quoted(file)}, alt: {quoted(alt)}, width: 92%), caption: [{escaped(alt)}])\n"

    def _list(self, tokens: Sequence[Token], *, ordered: bool) -> str:
        items: list[str] = []
        index = 0
        while index < len(tokens):
            end = _closing(tokens, index)
            items.append(self._blocks(tokens[index + 1 : end]).strip())
            index = end + 1
        name = "enum" if ordered else "list"
        return f"#{name}(tight: true, " + ", ".join(f"[{item}]" for item in items) + ")\n"

    def _table(self, tokens: Sequence[Token]) -> str:
        rows: list[list[tuple[str, str]]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                rows[-1].append((str(token.attrs.get("style", "")), ""))
            elif token.type == "inline":
                style, _ = rows[-1][-1]
                rows[-1][-1] = (style, self._inline(token))
        columns = len(rows[0])
        aligns = ", ".join("right" if "right" in style else "left" for style, _ in rows[0])
        plain = [[_shown(cell) for _, cell in row] for row in rows]
        widths = ", ".join(f"{share:.3g}fr" for share in _shares(plain))
        head = ", ".join(f"[{cell or '~'}]" for _, cell in rows[0])
        cells = ",\n  ".join(", ".join(f"[{cell}]" for _, cell in row) for row in rows[1:])
        size = "8pt" if columns > 5 else "8.8pt"  # noqa: PLR2004  # many columns need small type
        return (
            f"#[#set text(size: {size})\n#table(columns: ({widths},), align: ({aligns},),\n"
            f"  table.header({head}),\n  {cells})]\n"
        )

    def _inline(self, token: Token) -> str:  # noqa: C901  # a case for each form of Markdown
        parts: list[str] = []
        links: list[str] = []
        for child in token.children or []:
            match child.type:
                case "text":
                    parts.append(escaped(child.content))
                case "softbreak" | "hardbreak":
                    parts.append(" " if child.type == "softbreak" else " \\\n")
                case "strong_open" | "em_open":
                    parts.append("#strong[" if child.type == "strong_open" else "#emph[")
                case "strong_close" | "em_close":
                    parts.append("];")
                case "code_inline":
                    parts.append(f"#raw({quoted(_breakable(child.content))});")
                case "link_open":
                    opening, closing = self._link(str(child.attrs["href"]))
                    parts.append(opening)
                    links.append(closing)
                case "link_close":
                    parts.append(links.pop())
                case "html_inline":
                    parts += [f"#[#metadata(none) {label(one)}];" for one in _ANCHOR.findall(child.content)]  # fmt: skip
                    if child.content.startswith("<br"):
                        parts.append(" \\\n")
                case "image":
                    parts.append(self._picture(child))
                case other:
                    raise ValueError(f"the book does not know {other}")
        return "".join(parts)

    def _link(self, to: str) -> tuple[str, str]:
        if re.match(r"https?:", to):
            return f"#link({quoted(to)})[", "];"
        file, _, anchor = to.partition("#")
        if file in self.chapters or not file:
            return f"#link({label(anchor or file)})[", "];"
        return ("#text(fill: soft)[" if self.chapters else "#strong["), "];"


def _breakable(code: str) -> str:
    """A path may break after its strokes."""
    return re.sub(r"([/_])", "\\1\u200b", code)


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Where what opens at `index` closes; itself for what has no inside."""
    if tokens[index].nesting != 1:
        return index
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise ValueError("something opens and never closes")


def _shown(cell: str) -> str:
    return re.sub(
        r"#\w+\([^)]*\)(?=\[)|#h\([^)]*\)|#raw\(\"|\"\);|#metadata\(none\)|<[^>]*>|#\w+\[|[\[\]\\;]",
        "",
        cell,
    )


_ROOM = 104.0  # letters of a table's line at its usual size
_INSET = 2.4  # letters that a cell's margins take


def _shares(rows: Sequence[Sequence[str]]) -> list[float]:
    """Widths in letters: each column holds its longest word; what is left goes by how much the cells hold, and none gets more than it needs."""
    columns = list(zip(*rows, strict=True))
    least = [max((len(word) for cell in column for word in re.split(r"[\s\u00ad\u200b/-]", cell)), default=1) * 1.08 + _INSET for column in columns]  # fmt: skip
    most = [max(len(cell) for cell in column) + _INSET + 1 for column in columns]
    weights = [(sum(len(cell) for cell in column) / len(column)) ** 0.6 + 0.1 for column in columns]
    widths = list(least)
    for _ in range(4):
        left = _ROOM - sum(widths)
        open_ = [index for index, wide in enumerate(widths) if wide < most[index]]
        if left <= 0 or not open_:
            break
        total = sum(weights[index] for index in open_)
        for index in open_:
            widths[index] = min(most[index], widths[index] + left * weights[index] / total)
    return widths
