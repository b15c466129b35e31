"""Tables of the choices: clouds with weights and their sensitivity, vector stores, models, watch; and the calendar of the plan."""

from collections.abc import Mapping

from puls.costing.bill import Bill
from puls.costing.prices import model_price
from puls.costing.running import PRICED_ON
from puls.errors import InvalidInputError
from study.blocks.markdown import sentence, table
from study.blocks.needs import link
from study.drawings.charts import Span
from study.figures.costed import Costs
from study.figures.french import NARROW, day, number
from study.planned.choices import Clouds, Models, VectorStores, Watch
from study.planned.models import Backlog, Plan
from study.planned.planning import Schedule

_FIELDS = {
    "cloud": "nuage", "vector": "vecteurs", "models": "modèles", "embeddings": "vecteurs de sens", "observability": "observabilité",
    "security": "sécurité", "data": "données", "regulation": "règlement",
}  # fmt: skip


def cloud_costs(costs: Costs, clouds: Clouds) -> dict[str, float]:
    """Euros a month by cloud, of the comparison's scenario."""
    bills = costs.bills[clouds.cost_scenario]
    return {cloud: float(bill.eur) for cloud, bill in bills.items() if isinstance(bill, Bill)}


def ranking(clouds: Clouds, costs: Costs) -> str:
    month = cloud_costs(costs, clouds)
    head = ["critère", "poids", *(one.name.split(" (")[0] for one in clouds.clouds)]
    least = min(month.values())
    rows = []
    for one in clouds.criteria:
        marks = [number(5 * least / month[cloud.id], 1) if one.from_model else str(cloud.notes[one.id].note) for cloud in clouds.clouds]  # fmt: skip
        rows.append([one.name, number(one.weight), *marks])
    total = dict(clouds.ranking(month))
    rows.append(["**Note pondérée, sur 5**", "", *(f"**{number(total[one.id], 2)}**" for one in clouds.clouds)])  # fmt: skip
    right = tuple(range(1, len(head)))
    return table(head, rows, right=right) + "\n\nSource : [notes et raisons](../../study/clouds.yaml), coût de `puls costs`."  # fmt: skip


def reasons(clouds: Clouds) -> str:
    return "\n\n".join(
        f"**{one.name}**. " + " ".join(sentence(note.why) for note in one.notes.values())
        for one in clouds.clouds
    )


def other_weights(clouds: Clouds, costs: Costs) -> str:
    month = cloud_costs(costs, clouds)
    names: dict[str, str] = {one.id: one.name.split(" (")[0] for one in clouds.clouds}
    sets: list[tuple[str, Mapping[str, float] | None]] = [("Nos poids", None)]
    sets += [(one.name, one.weights) for one in clouds.other_weights]
    rows = [
        [
            name,
            *(
                f"{names[cloud]} ({number(mark, 2)})"
                for cloud, mark in clouds.ranking(month, weights)
            ),
        ]
        for name, weights in sets
    ]
    head = ["poids", *(f"{rank}{'er' if rank == 1 else 'e'}" for rank in range(1, len(names) + 1))]
    return table(head, rows)


def stores(page: VectorStores) -> str:
    rows = [[one.name, _four(one.none), _four(one.weekend), _four(one.near), _four(one.both), f"{number(one.build_s)}{NARROW}s" if one.build_s is not None else "–", sentence(one.verdict)] for one in page.own]  # fmt: skip
    own = table(["moteur essayé ici", "sans filtre", "week-end", "rayon", "les deux", "fabrication", "verdict"], rows)  # fmt: skip
    managed = table(["service géré", "prix", "verdict"], [[one.name, one.price, sentence(one.verdict)] for one in page.managed])  # fmt: skip
    return f"Médiane et 95e centile en millisecondes, rappel face à l'exact ; {page.measured_on}.\n\n{own}\n\n{managed}\n\nSource : [mesures](../../study/vector_stores.yaml)."


def _four(measured: tuple[float, float, float]) -> str:
    middle, high, recall = measured
    return f"{number(middle)} / {number(high)} ; **{number(recall)}**"


def models(page: Models) -> str:
    rows = []
    for one in page.models:
        quality = "non essayé ici"
        if one.quality is not None:
            quality = f"[{number(one.quality.grounded_before_percent, 1)}{NARROW}% fondées avant vérification]({link(one.quality.source.file)})"
        rows.append([one.name, _price(one.price), one.hosting, one.weights, one.latency_source, quality, sentence(one.verdict)])  # fmt: skip
    return table(["modèle", "prix d'un million de mots, lus / écrits", "hébergement", "poids", "latence", "qualité", "verdict"], rows) + "\n\nSource : [prix du registre](../../src/puls/llm/prices.toml), [choix](../../study/llm.yaml). « Mots » : jetons du fournisseur."  # fmt: skip


def _price(model: str | None) -> str:
    if model is None:
        return "–"
    try:
        price = model_price(model, on=PRICED_ON)
    except InvalidInputError:
        return "prix inconnu du registre"
    return f"{number(price.input, 2)} / {number(price.output, 2)}{NARROW}€"


def watch(page: Watch) -> str:
    rows = [[day(one.day), _FIELDS.get(one.field, one.field), sentence(one.looked_at), sentence(one.changes), f"{one.source} ({one.confidence})"] for one in sorted(page.entries, key=lambda one: one.day)]  # fmt: skip
    note = "\n\nConfiance : A lu ou mesuré à la source ; B extrait ou dépôt tiers avec preuve ; C texte secondaire ; D connaissance générale, à confirmer. « reference » est le dossier de référence du projet, hors du dépôt."
    return table(["jour", "sujet", "regardé", "ce que cela change", "source"], rows) + note


def spans(schedule: Schedule, plan: Plan) -> list[Span]:
    """The calendar's rows: stories by milestone, in order, the critical path strong."""
    critical = set(schedule.last_chain)
    names = {one.id: one.name for one in plan.milestones}
    return [
        Span(label=f"{one.story.id} {one.story.title}", begins=one.first_day, ends=one.last_day, strong=one.story.id in critical, group=names[milestone])
        for milestone in names
        for one in schedule.stories
        if one.story.milestone == milestone
    ]  # fmt: skip


def dates(schedule: Schedule, plan: Plan, backlog: Backlog) -> str:
    rows = [
        [one.name.split(" :")[0], day(schedule.milestones[one.id]), str(sum(story.milestone == one.id for story in backlog.stories))]
        for one in plan.milestones
        if one.id in schedule.milestones
    ]  # fmt: skip
    titles = {one.id: one.title for one in backlog.stories}
    chain = " → ".join(f"{name} ({titles[name].split(' :')[0].split(' (')[0]})" for name in schedule.last_chain)  # fmt: skip
    longest = " → ".join(schedule.critical_path)
    busy = table(["personne", "part du temps occupée"], [[_person(name, plan), f"{number(share * 100, 0)}{NARROW}%"] for name, share in schedule.busy.items()], right=(1,))  # fmt: skip
    return (
        f"Départ supposé : {day(plan.start)}. {number(plan.availability * 100)}{NARROW}% d'une journée va aux récits, le reste aux réunions et aux imprévus.\n\n"
        f"{table(['jalon', 'fin calculée', 'récits'], rows, right=(2,))}\n\n"
        f"**Ce qui décide de la fin**, avec ces effectifs : {chain}.\n\n"
        f"**Chemin critique des dépendances** : {longest}, soit {number(schedule.critical_days, 1)} jours ouvrés que personne en plus ne raccourcirait.\n\n{busy}"
    )


def _person(name: str, plan: Plan) -> str:
    role = name.split("#", maxsplit=1)[0].rstrip("0123456789-_ ")
    names = {one.id: one.name for one in plan.roles}
    return names.get(name, names.get(role, name))
