"""Workbooks made by hand, so that what a test means is in the test."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_BOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS = (
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
)
_STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def workbook(path: Path, rows: Sequence[Sequence[Any]], **parts: str) -> Path:
    """A workbook with one sheet; texts are shared, `("date", 46368.5)` is a date. `parts` replace files by name."""
    texts: list[str] = []
    sheet = "".join(f"<row>{''.join(_cell(cell, texts) for cell in row)}</row>" for row in rows)
    files = {
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _RELATIONS,
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f"<sst>{''.join(f'<si><t>{escape(text)}</t></si>' for text in texts)}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _cell(value: Any, texts: list[str]) -> str:
    match value:
        case None:
            return "<c/>"
        case ("date", number):
            return f'<c s="1"><v>{number}</v></c>'
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f"<c><v>{value}</v></c>"
        case _:
            texts.append(str(value))
            return f'<c t="s"><v>{len(texts) - 1}</v></c>'
