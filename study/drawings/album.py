"""Every drawing of the study by name. Enter at `album`."""

from pathlib import Path
from typing import Any

from puls.costing.bill import Bill
from puls.costing.clouds import CLOUDS, NAMES
from study.blocks.choices import spans
from study.blocks.sources import Material
from study.drawings import from_code
from study.drawings.boxes import boxes
from study.drawings.charts import Bar, bars, calendar
from study.drawings.scene import Scene
from study.drawings.sequence import sequence
from study.figures.declared import read
from study.figures.figure import Figures
from study.figures.french import told

_BOXES = ("context", "containers", "components", "deployment")
_SEQUENCES = ("question", "event")


def album(root: Path, figures: Figures, material: Material) -> dict[str, Scene]:
    """The diagrams of `study/diagrams`, those that the code gives, and the charts."""

    def page(name: str) -> Any:
        return read(root / f"study/diagrams/{name}.yaml")

    scenes = {name: boxes(page(name)) for name in _BOXES}
    scenes |= {name: sequence(page(name)) for name in _SEQUENCES}
    scenes["layers"] = from_code.layers(root, page("layers"))
    scenes["turn"] = from_code.turn(page("turn"))
    scenes["tables"] = from_code.tables(root, page("tables"))
    scenes["tables-large"] = from_code.tables(root, page("tables"), columns=4, wide=1010)
    scenes["pertinence"] = _relevance(figures)
    scenes["exploitation"] = _running(material)
    scenes["construction"] = _build(material)
    scenes["calendrier"] = calendar("Calendrier des récits ; en rouge, ce qui décide de la fin", spans(material.schedule, material.study.plan))  # fmt: skip
    return scenes


def _relevance(figures: Figures) -> Scene:
    rows = (
        ("prototype : message entier, sans filtre", "poc.ndcg", False),
        ("prototype, filtré après coup", "poc.ndcg.filtre", False),
        ("vecteurs seuls, filtrés", "ndcg.vecteurs", False),
        ("mots seuls, filtrés", "ndcg.mots", False),
        ("Puls, filtres des juges", "ndcg.donne", True),
        ("Puls, mots du visiteur", "ndcg.mots.propres", True),
    )
    chart = [
        Bar(label=label, value=float(str(figures[name].value)), written=figures[name].written, strong=ours)
        for label, name, ours in rows
    ]  # fmt: skip
    return bars("Pertinence des résultats (nDCG@10), du prototype à Puls", chart, wide=620, size=12.5)  # fmt: skip


def _running(material: Material) -> Scene:
    chart = [
        Bar(label=NAMES[cloud], value=float(bill.eur), written=told(bill.eur, "€", 0), strong=cloud == "aws", group=scenario.title)
        for name, scenario in material.costs.scenarios.items()
        for cloud in CLOUDS
        if isinstance(bill := material.costs.bills[name][cloud], Bill)
    ]  # fmt: skip
    return bars("Coût d’exploitation par mois, par nuage et par scénario", chart)


def _build(material: Material) -> Scene:
    parts = sorted(material.costs.build.by_epic.values(), key=lambda one: -one.p50_eur)
    chart = [
        Bar(label=one.name, value=float(one.p50_eur), written=told(one.p50_eur, "€", 0), strong=True)
        for one in parts
    ]  # fmt: skip
    return bars("Coût de construction par épopée, médiane", chart, wide=620, size=12.5)
