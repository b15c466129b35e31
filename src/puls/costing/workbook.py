"""The report as a workbook with live formulas: change a price, a quantity or a rate, and every sum follows.

Needs `xlsxwriter` (the extra `study`). Sheets: Synthèse, one per scenario and cloud, Hypothèses, Prix, Construction, Comparaison.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from puls.costing.bill import SERVICE_NAMES
from puls.errors import InvalidInputError

_MOST_NAME: Final = 31  # characters of a sheet's name
_KINDS: Final = {"measured": "mesuré", "hypothesis": "hypothèse", "given": "donné", "chosen": "choisi"}  # fmt: skip
_HIGH: Final = 45  # points: three lines, to be sure
_FIRST: Final = 3  # row of the first line, below title and head


def write_workbook(report: Mapping[str, Any], path: Path) -> None:
    """Write it.

    Raises:
        InvalidInputError: xlsxwriter is not installed, or the file cannot be written.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 # an extra: `puls costs` works without it
    except ImportError as error:
        raise InvalidInputError(
            "A workbook needs xlsxwriter: pip install 'puls[study]'."
        ) from error
    try:
        with xlsxwriter.Workbook(str(path)) as book:
            book.set_properties({"title": "Puls : coûts", "comments": report["priced_on"]})
            _Sheets(book, report).write()
    except (OSError, xlsxwriter.exceptions.XlsxFileError) as error:
        raise InvalidInputError(f"{path} cannot be written: {error}") from error


class _Sheets:
    """Writes every sheet; the sums of the bills are read by the summary."""

    def __init__(self, book: Any, report: Mapping[str, Any]) -> None:
        self._book, self._report = book, report
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._euro = book.add_format({"num_format": "#,##0.00 €"})
        self._fine = book.add_format({"num_format": "0.000000 €"})
        self._quantity = book.add_format({"num_format": "#,##0.###", "indent": 1})
        self._bold = book.add_format({"num_format": "#,##0.00 €", "bold": True, "top": 1})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self) -> None:
        summary = self._sheet("Synthèse", "Puls : coût d’exploitation par mois, hors taxes", 18)
        totals = [
            (scenario, cloud, bill, self._bill(name, scenario, cloud, bill))
            for name, scenario in self._report["scenarios"].items()
            for cloud, bill in scenario["clouds"].items()
            if bill["eur"] is not None
        ]
        self._summary(summary, totals)
        self._values()
        self._prices()
        self._build()
        self._peers()

    def _sheet(self, name: str, title: str, *widths: int) -> Any:
        sheet = self._book.add_worksheet(name[:_MOST_NAME])
        sheet.write(0, 0, title, self._title)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(_FIRST, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _heads(self, sheet: Any, *heads: str) -> None:
        sheet.write_row(_FIRST - 1, 0, heads, self._head)

    def _bill(
        self, name: str, scenario: Mapping[str, Any], cloud: str, bill: Mapping[str, Any]
    ) -> str:
        """The sheet of one bill; the address of its sum."""
        sheet = self._sheet(f"{name} {cloud}", f"{scenario['title']}, {bill['name']}", 12, 40, 14, 30, 14, 14, 34)  # fmt: skip
        self._heads(sheet, "poste", "ligne", "quantité", "unité", "prix, €", "€/mois", "ressource du gabarit")  # fmt: skip
        row = _FIRST
        for line in bill["lines"]:
            sheet.write_row(row, 0, [SERVICE_NAMES[line["service"]], line["what"]])
            sheet.write_number(row, 2, line["quantity"], self._quantity)
            sheet.write(row, 3, line["unit"])
            sheet.write_number(row, 4, line["unit_eur"], self._fine)
            value = line["quantity"] * line["unit_eur"]
            sheet.write_formula(row, 5, f"=C{row + 1}*E{row + 1}", self._euro, value)
            sheet.write(row, 6, line["resource"] or "")
            row += 1
        sheet.write(row, 1, "Total", self._head)
        sheet.write_formula(row, 5, f"=SUM(F{_FIRST + 1}:F{row})", self._bold, bill["eur"])
        total = row + 1
        sheet.write(row + 1, 1, "Réponses par mois")
        sheet.write_number(row + 1, 5, scenario["usage"]["answers"])
        sheet.write(row + 2, 1, "Par réponse")
        sheet.write_formula(row + 2, 5, f"=F{total}/F{row + 2}", self._fine, bill["eur_per_answer"])
        sheet.write(row + 3, 1, "Par visiteur actif")
        sheet.write_formula(
            row + 3, 5, f"=F{total}/{scenario['usage']['visitors']!r}", self._fine, bill["eur_per_visitor"],
        )  # fmt: skip
        return f"'{name} {cloud}'!F{total}"

    def _summary(self, sheet: Any, totals: list[tuple[Any, str, Any, str]]) -> None:
        self._heads(sheet, "scénario", "nuage", "€/mois", "$/mois", "auteur, $/mois", "fois moins")
        sheet.set_column(1, 5, 18)
        sheet.write(1, 0, "Un dollar, en euros")
        sheet.write_number(1, 1, self._report["usd_in_eur"])
        for row, (scenario, _, bill, total) in enumerate(totals, start=_FIRST):
            sheet.write_row(row, 0, [scenario["title"], bill["name"]])
            sheet.write_formula(row, 2, f"={total}", self._euro, bill["eur"])
            sheet.write_formula(row, 3, f"=C{row + 1}/$B$2", None, bill["usd"])
            if scenario["author_usd"] is not None:
                sheet.write_number(row, 4, scenario["author_usd"])
                sheet.write_formula(row, 5, f"=E{row + 1}/D{row + 1}", None, bill["author_over_ours"])  # fmt: skip

    def _values(self) -> None:
        sheet = self._sheet("Hypothèses", "Ce que chaque scénario suppose ou mesure", 10, 32, 14, 26, 12, 90)  # fmt: skip
        self._heads(sheet, "scénario", "grandeur", "valeur", "unité", "sorte", "pourquoi ou source")
        row = _FIRST
        for name, scenario in self._report["scenarios"].items():
            for value in scenario["values"].values():
                why = value["why"] or f"{value['file']} : « {value['quote']} »"
                sheet.write_row(
                    row,
                    0,
                    [name, value["name"], value["value"], value["unit"], _KINDS[value["kind"]]],
                )
                sheet.write(row, 5, why, self._wrap)
                row += 1

    def _prices(self) -> None:
        sheet = self._sheet("Prix", "Table des prix, avec source et date", 34, 12, 10, 30, 18, 12, 60, 60)  # fmt: skip
        self._heads(sheet, "prix", "valeur", "devise", "unité", "région", "date", "source", "si estimé : comment")  # fmt: skip
        for row, (name, one) in enumerate(self._report["prices"].items(), start=_FIRST):
            cells = (name, one["value"], one["currency"], one["unit"], one["region"], one["date"], one["source"], one["estimate"] or "")  # fmt: skip
            sheet.write_row(row, 0, cells, self._wrap)

    def _build(self) -> None:
        build = self._report["build"]
        sheet = self._sheet("Construction", "Coût de construction par épopée (P50 et P80 simulés)", 40, 12, 16, 16, 16)  # fmt: skip
        self._heads(sheet, "épopée", "jours", "€ attendus", "€ P50", "€ P80")
        row = _FIRST
        for one in build["epics"].values():
            self._range(sheet, row, one)
            row += 1
        sheet.write(row, 0, "Achats (audit, visiteurs, environnements)")
        sheet.write_number(row, 2, build["other_eur"], self._euro)
        row += 1
        sheet.write(row, 0, "Ensemble", self._head)
        whole = build["whole"]
        sheet.write_formula(row, 1, f"=SUM(B{_FIRST + 1}:B{row})", self._head, whole["expected_days"])  # fmt: skip
        sheet.write_formula(row, 2, f"=SUM(C{_FIRST + 1}:C{row})", self._bold, whole["expected_eur"])  # fmt: skip
        sheet.write_number(row, 3, whole["p50_eur"], self._bold)
        sheet.write_number(row, 4, whole["p80_eur"], self._bold)
        for offset, one in enumerate([build["mvp"], *build["milestones"].values()], start=2):
            self._range(sheet, row + offset, one)

    def _range(self, sheet: Any, row: int, one: Mapping[str, Any]) -> None:
        sheet.write(row, 0, one["name"])
        sheet.write_number(row, 1, one["expected_days"])
        for column, key in enumerate(("expected_eur", "p50_eur", "p80_eur"), start=2):
            sheet.write_number(row, column, one[key], self._euro)

    def _peers(self) -> None:
        sheet = self._sheet("Comparaison", "Même charge : leur prix, le nôtre", 18, 26, 14, 14, 14, 16, 16, 12, 80)  # fmt: skip
        self._heads(sheet, "réponse", "charge", "demandes/mois", "nuage", "elle, €", "nous, même nuage, €", "nous, moins cher, €", "elle / nous", "si au-dessus")  # fmt: skip
        for row, one in enumerate(self._report["peers"], start=_FIRST):
            sheet.write_row(row, 0, [one["peer"], one["label"], one["requests"], one["cloud"]])
            sheet.write_number(row, 4, one["theirs_eur"], self._euro)
            sheet.write_number(row, 5, one["ours_alike_eur"], self._euro)
            sheet.write_number(row, 6, one["cheapest_eur"], self._euro)
            sheet.write_formula(row, 7, f"=E{row + 1}/F{row + 1}", None, one["theirs_over_ours"])
            sheet.write(row, 8, one["why_not_below"] or "", self._wrap)
            if one["why_not_below"]:
                sheet.set_row(row, _HIGH)
