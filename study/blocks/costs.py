"""Tables of costs, from `puls.costing`: build, run by scenario and cloud, unit costs, sensitivity, break-even, others at the same load."""

from decimal import Decimal

from puls.costing.bill import SERVICES, Bill
from puls.costing.building import Range
from puls.costing.clouds import CLOUDS, NAMES, Cloud
from puls.costing.peers import comparisons, peers
from puls.costing.sensitivity import months_to_repay, what_ifs, worth_of
from study.blocks.markdown import table
from study.figures.costed import Costs
from study.figures.french import NARROW, number

_SERVICES = {
    "compute": "calcul", "database": "base", "network": "réseau", "storage": "stockage", "watching": "surveillance", "security": "sécurité",
    "model": "modèle de langage", "web": "recherche web",
}  # fmt: skip
_SOURCE = "\n\nSource : `puls costs`, [prix datés](../../src/puls/costing/prices.toml), [hypothèses](../../src/puls/costing/scenarios.toml)."


def euros(value: Decimal, digits: int = 0) -> str:
    return f"{number(value, digits)}{NARROW}€"


def cents(value: Decimal) -> str:
    return f"{number(value * 100, 3)}{NARROW}c€"


def build(costs: Costs) -> str:
    made = costs.build
    rows = [*made.by_milestone.values(), made.mvp, made.whole]
    lines = [_range(one, strong=one in {made.mvp, made.whole}) for one in rows]
    note = f"\n\nLes deux derniers totaux comprennent {euros(made.other_eur)} d'achats (test d'intrusion, dédommagement des visiteurs d'essai, environnements)."
    return table(["partie", "jours probables", "moyenne", "P50", "P80"], lines, right=(1, 2, 3, 4)) + note  # fmt: skip


def build_by_epic(costs: Costs) -> str:
    lines = [_range(one) for one in costs.build.by_epic.values()]
    return table(["épopée", "jours probables", "moyenne", "P50", "P80"], lines, right=(1, 2, 3, 4)) + "\n\nSource : `puls costs`, [carnet](../../study/backlog.yaml), [tarifs](../../study/plan.yaml)."  # fmt: skip


def _range(one: Range, *, strong: bool = False) -> list[str]:
    name = f"**{one.name}**" if strong else one.name
    return [name, number(one.expected_days, 1), euros(one.expected_eur), euros(one.p50_eur), euros(one.p80_eur)]  # fmt: skip


def scenarios(costs: Costs) -> str:
    rows = []
    for name, one in costs.scenarios.items():
        bill = costs.bill(name)
        rows.append([f"**{one.title}**", number(one["questions_per_day"]), number(bill.visitors, 0), number(one["events"]), f"{number(one['model_share'] * 100, 0)}{NARROW}%", f"{number(one['cache_hit'] * 100, 0)}{NARROW}%", f"{number(one['web_share'] * 100, 0)}{NARROW}%"])  # fmt: skip
    return table(["scénario", "questions par jour", "visiteurs par mois", "événements", "réponses d'un modèle", "dont redites", "regardent le web"], rows, right=(1, 2, 3, 4, 5, 6))  # fmt: skip


def running(costs: Costs) -> str:
    rows = [
        [NAMES[cloud], *(_month(costs.bills[name][cloud]) for name in costs.scenarios)]
        for cloud in CLOUDS
    ]
    head = ["par mois", *(name.upper() for name in costs.scenarios)]
    parts = table(head, rows, right=(1, 2, 3))
    services = [
        [_SERVICES[service], *(euros(costs.bill(name).of(service)) for name in costs.scenarios)]
        for service in SERVICES
    ]
    services.append(["**AWS, total**", *(f"**{euros(costs.bill(name).eur)}**" for name in costs.scenarios)])  # fmt: skip
    return f"{parts}\n\nLe détail sur AWS, somme des ressources du gabarit :\n\n{table(head, services, right=(1, 2, 3))}{_SOURCE}"


def _month(bill: Bill | str) -> str:
    return euros(bill.eur) if isinstance(bill, Bill) else "ne tient pas"


def units(costs: Costs) -> str:
    rows = []
    for name in costs.scenarios:
        for cloud in CLOUDS:
            bill = costs.bills[name][cloud]
            if isinstance(bill, Bill):
                rows.append([name.upper(), NAMES[cloud], cents(bill.eur_per_answer), f"{number(bill.eur_per_visitor * 100, 2)}{NARROW}c€", euros(bill.eur_fixed), euros(bill.eur_by_answers)])  # fmt: skip
    return table(["", "nuage", "par réponse", "par visiteur actif", "fixe, par mois", "à la réponse, par mois"], rows, right=(2, 3, 4, 5)) + _SOURCE  # fmt: skip


def sensitivity(costs: Costs) -> str:
    rows = []
    for name, scenario in costs.scenarios.items():
        usual = costs.bill(name)
        for one in what_ifs(scenario, "aws", costs.prices):
            if one.bill is None:
                rows.append([name.upper(), one.name, "ne tient pas", "–", one.why])
                continue
            change = (one.bill.eur / usual.eur - 1) * 100
            rows.append([name.upper(), one.name, euros(one.bill.eur), f"{'+' if change > 0 else ''}{number(change, 0)}{NARROW}%", cents(one.bill.eur_per_answer)])  # fmt: skip
    return table(["", "et si", "par mois sur AWS", "écart", "par réponse"], rows, right=(2, 3, 4)) + _SOURCE  # fmt: skip


def break_even(costs: Costs) -> str:
    rows = []
    for name, scenario in costs.scenarios.items():
        worth = worth_of(scenario, costs.bill(name))
        months = months_to_repay(costs.build.mvp.p50_eur, worth)
        even = number(worth.answers_to_break_even, 0) if worth.answers_to_break_even else "aucun nombre ne suffit"  # fmt: skip
        rows.append([name.upper(), cents(worth.value_per_answer_eur), cents(worth.least_value_eur), even, euros(worth.margin_eur), _lasting(months)])  # fmt: skip
    shares = costs.scenarios["s1"]
    words = (
        f"Hypothèse : {number(shares['click_share'] * 100, 0)}{NARROW}% des réponses mènent à la page d'un organisateur, et une visite vaut {euros(shares['click_value_eur'], 2)}. "
        "À remplacer par ce que la page d'exploitation comptera.\n\n"
    )
    return words + table(["", "valeur supposée d'une réponse", "valeur minimale", "réponses par mois au point mort", "marge par mois", "construction remboursée en"], rows, right=(1, 2, 3, 4, 5)) + _SOURCE  # fmt: skip


def _short(cloud: Cloud) -> str:
    return NAMES[cloud].split(" (")[0]


def _lasting(months: Decimal | None) -> str:
    if months is None:
        return "pas remboursée"
    years = months / 12
    return f"{number(months, 0)} mois" if years < 4 else f"{number(years, 0)} ans"  # noqa: PLR2004  # months are read up to four years


def same_load(costs: Costs) -> str:
    rows = []
    reasons: list[str] = []
    for one in comparisons(costs.prices):
        cloud, least = one.cheapest
        rows.append([one.peer, one.label, euros(one.theirs), f"{euros(one.alike)} ({_short(one.cloud)})", f"{euros(least)} ({_short(cloud)})", "**oui**" if one.alike < one.theirs else "non"])  # fmt: skip
        if one.why_not_below and one.why_not_below not in reasons:
            reasons.append(one.why_not_below)
    silent = [one.id for one in peers() if not one.points]
    notes = "".join(f"\n\nQuand la réponse est « non » : {reason}" for reason in reasons)
    return table(["réponse publique", "charge", "leur prix par mois", "le nôtre, même nuage", "notre moins cher", "en dessous"], rows, right=(2, 3, 4)) + notes + f"\n\nSans prix publié : {', '.join(silent)}." + _SOURCE  # fmt: skip


def author(costs: Costs) -> str:
    rows = []
    for name, scenario in costs.scenarios.items():
        theirs = scenario["author_usd_month"]
        for cloud in CLOUDS:
            bill = costs.bills[name][cloud]
            if cloud in {"aws", "scaleway", "vm"} and isinstance(bill, Bill):
                ours = costs.prices.usd(bill.eur)
                rows.append([name.upper(), NAMES[cloud], f"{number(theirs)}{NARROW}$", f"{number(ours, 0)}{NARROW}$", f"{number(ours / theirs * 100, 1)}{NARROW}%"])  # fmt: skip
    return table(["", "nuage", "l'auteur, par mois", "le nôtre, par mois", "part"], rows, right=(2, 3, 4)) + _SOURCE  # fmt: skip
