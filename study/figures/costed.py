"""Figures that the cost model, the backlog and the plan give: `puls.costing` is asked directly, so that a text and `puls costs` cannot differ."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from puls.costing.bill import Bill
from puls.costing.building import BuildCost, backlog, build_cost
from puls.costing.clouds import CLOUDS, NAMES, Cloud
from puls.costing.prices import PriceTable
from puls.costing.running import bill_of
from puls.costing.scenarios import Scenario, scenarios
from puls.costing.sensitivity import what_ifs, worth_of
from puls.errors import InvalidInputError
from study.figures.declared import read
from study.figures.figure import Figure, Source
from study.figures.registry import ROOT
from study.planned.loading import Study
from study.planned.planning import Schedule

_CENTS = Decimal(100)
_TENTH = 10


@dataclass
class Costs:
    """The bills of every scenario on every cloud, and the build; computed once for an edition."""

    prices: PriceTable = field(default_factory=PriceTable.load)

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        return scenarios()

    @cached_property
    def build(self) -> BuildCost:
        return build_cost(backlog())

    @cached_property
    def bills(self) -> dict[str, dict[Cloud, Bill | str]]:
        """By scenario and cloud; a sentence where the load does not fit."""
        return {name: {cloud: self._bill(one, cloud) for cloud in CLOUDS} for name, one in self.scenarios.items()}  # fmt: skip

    def bill(self, scenario: str, cloud: Cloud = "aws") -> Bill:
        bill = self.bills[scenario][cloud]
        assert isinstance(bill, Bill), bill
        return bill

    def _bill(self, scenario: Scenario, cloud: Cloud) -> Bill | str:
        try:
            return bill_of(scenario, cloud, self.prices)
        except InvalidInputError as error:
            return str(error)


def costed(costs: Costs) -> Iterator[Figure]:
    """Build, run, unit costs and what the backlog holds."""
    yield from _build(costs)
    yield from _backlog()
    for name, scenario in costs.scenarios.items():
        yield from _scenario(costs, name, scenario)
    peak = costs.scenarios["s3"]["peak_answers_per_second"]
    yield _scenario_figure("charge.but", peak, "pointe visée par le plus grand scénario", "réponses/s", "s3.peak_answers_per_second")  # fmt: skip


def _build(costs: Costs) -> Iterator[Figure]:
    source = Source(
        file="study/backlog.yaml", place="simulation", command="puls costs", date="2026-11-30"
    )
    for key, part, what in (
        ("construction", costs.build.mvp, "coût de construction jusqu’à l’ouverture (MVP 0 et MVP 1), achats compris"),
        ("construction.ensemble", costs.build.whole, "coût de construction, suites comprises"),
    ):  # fmt: skip
        yield Figure(name=f"{key}.p50", value=part.p50_eur, unit="€", digits=0, what=f"{what}, médiane", source=source)  # fmt: skip
        yield Figure(name=f"{key}.p80", value=part.p80_eur, unit="€", digits=0, what=f"{what}, suffisant dans 80 % des tirages", source=source)  # fmt: skip
        yield Figure(name=f"{key}.jours", value=part.expected_days, unit="jours", digits=1, what=f"{what}, jours probables", source=source)  # fmt: skip
    yield Figure(name="construction.part", value=80, unit="%", what="part des tirages où le coût P80 suffit", source=source)  # fmt: skip
    yield Figure(name="construction.tirages", value=backlog().draws, what="tirages de la simulation", source=source)  # fmt: skip
    yield Figure(name="construction.achats", value=costs.build.other_eur, unit="€", digits=0, what="achats de construction, hors personnes", source=source)  # fmt: skip


def _backlog() -> Iterator[Figure]:
    log = read(ROOT / "study/backlog.yaml")
    source = Source(file="study/backlog.yaml", place="stories")
    stories = log["stories"]
    yield Figure(name="carnet.recits", value=len(stories), what="récits du carnet", source=source)
    yield Figure(name="carnet.epopees", value=len(log["epics"]), what="épopées", source=source)
    for status, name, what in (
        ("built", "construits", "récits construits"),
        ("partial", "partiels", "récits construits en partie"),
        ("open", "ouverts", "récits à faire"),
    ):
        count = sum(one["status"] == status for one in stories)
        yield Figure(name=f"carnet.{name}", value=count, what=what, source=source)
    days = sum((one.expected_days for one in backlog().stories), Decimal(0))
    yield Figure(name="carnet.jours", value=days, unit="jours", digits=1, what="jours probables de tout le carnet", source=source)  # fmt: skip


def planned(schedule: Schedule, study: Study) -> Iterator[Figure]:
    """Dates that the plan gives, and the risks that weigh most, in their own words."""
    source = Source(file="study/plan.yaml", place="calculé depuis le carnet", command="make study")
    yield Figure(name="plan.depart", value=study.plan.start, what="premier jour, supposé", source=source)  # fmt: skip
    for name, day in schedule.milestones.items():
        yield Figure(name=f"plan.{name}", value=day, what=f"fin calculée du jalon {name}", source=source)  # fmt: skip
    yield Figure(name="plan.critique", value=schedule.critical_days, unit="jours", digits=1, what="chemin critique des dépendances", source=source)  # fmt: skip
    first, second = sorted(study.risks.risks, key=lambda one: -one.probability * one.impact)[:2]
    source = Source(file="study/risks.yaml", place="probability × impact")
    yield Figure(name="risque.premier", value=_lower(first.title), what="risque de plus forte criticité", source=source)  # fmt: skip
    yield Figure(name="risque.premier.signe", value=_lower(first.trigger), what="son déclencheur", source=source)  # fmt: skip
    yield Figure(name="risque.second", value=_lower(second.title), what="risque suivant", source=source)  # fmt: skip
    yield Figure(name="risque.nombre", value=len(study.risks.risks), what="risques suivis", source=source)  # fmt: skip


def _lower(text: str) -> str:
    """To go on in a sentence; a name with a capital inside stays."""
    return (
        text
        if text.split(maxsplit=1)[0][1:] != text.split(maxsplit=1)[0][1:].lower()
        else text[0].lower() + text[1:]
    )


def _scenario(costs: Costs, name: str, scenario: Scenario) -> Iterator[Figure]:
    day = scenario["questions_per_day"]
    yield _scenario_figure(f"{name}.questions", day, f"questions par jour, scénario {name.upper()}", "questions", f"{name}.questions_per_day")  # fmt: skip
    author = scenario["author_usd_month"]
    yield _scenario_figure(f"{name}.auteur", author, f"coût mensuel de l’auteur du cahier, {name.upper()}", "$", f"{name}.author_usd_month")  # fmt: skip
    for cloud, bill in costs.bills[name].items():
        if isinstance(bill, Bill):
            yield from _bill(name, cloud, bill)
        else:
            yield Figure(name=f"{name}.{cloud}.mois", value="ne tient pas", what=f"coût par mois, {name.upper()}, {NAMES[cloud]} : {bill}", source=Source(file="src/puls/costing/clouds.py"))  # fmt: skip
    ours = costs.prices.usd(costs.bill(name).eur)
    yield _cost(f"{name}.aws.part", ours / author * 100, f"notre coût AWS face à celui de l’auteur, {name.upper()}", "%", name, "aws", 0 if ours / author * 100 >= _TENTH else 1)  # fmt: skip
    for one in what_ifs(scenario, "aws", costs.prices):
        if one.bill is not None:
            change = (one.bill.eur / costs.bill(name).eur - 1) * 100
            yield _cost(f"{name}.si.{one.id}", change, f"écart du coût mensuel AWS si : {one.name.lower()}, {name.upper()}", "%", name, "aws", 0)  # fmt: skip
    worth = worth_of(scenario, costs.bill(name))
    yield _cost(f"{name}.valeur", worth.value_per_answer_eur * _CENTS, f"valeur supposée d’une réponse, {name.upper()}", "c€", name, "aws", 2)  # fmt: skip
    yield _cost(f"{name}.marge", worth.margin_eur, f"marge mensuelle sous ces hypothèses, {name.upper()}", "€", name, "aws", 0)  # fmt: skip


def _bill(name: str, cloud: Cloud, bill: Bill) -> Iterator[Figure]:
    where = f"{name.upper()}, {NAMES[cloud]}"
    yield _cost(f"{name}.{cloud}.mois", bill.eur, f"coût d’exploitation par mois, {where}", "€", name, cloud, 0)  # fmt: skip
    yield _cost(f"{name}.{cloud}.reponse", bill.eur_per_answer * _CENTS, f"coût d’une réponse, {where}", "c€", name, cloud, 3)  # fmt: skip
    yield _cost(f"{name}.{cloud}.visiteur", bill.eur_per_visitor * _CENTS, f"coût d’un visiteur actif par mois, {where}", "c€", name, cloud, 2)  # fmt: skip
    yield _cost(f"{name}.{cloud}.fixe", bill.eur_fixed, f"part qui ne dépend pas des réponses, {where}", "€", name, cloud, 0)  # fmt: skip


def _cost(name: str, value: Decimal, what: str, unit: str, scenario: str, cloud: str, digits: int) -> Figure:  # fmt: skip
    source = Source(file="src/puls/costing/prices.toml", place="prix et scénario", command=f"puls costs --scenario {scenario} --cloud {cloud}")  # fmt: skip
    return Figure(name=name, value=value, unit=unit, digits=digits, what=what, source=source)


def _scenario_figure(name: str, value: Decimal, what: str, unit: str, place: str) -> Figure:
    source = Source(file="src/puls/costing/scenarios.toml", place=place)
    return Figure(name=name, value=value, unit=unit, digits=0, what=what, source=source)
