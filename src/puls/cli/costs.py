"""`puls costs`: what Puls costs to build and to run, computed from dated prices, stated scenarios and the AWS templates.

Needs neither database nor network, but for `--ledger`. Tables are in French, for whoever decides; `--json` says all of it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from puls.cli.output import AsJson, console, plain, print_json, table_of, utc_now
from puls.costing.bill import SERVICE_NAMES, SERVICES
from puls.costing.clouds import CLOUDS, NAMES, Cloud
from puls.costing.observed import Compared, compared
from puls.costing.prices import PriceTable, model_price
from puls.costing.report import report_of
from puls.costing.running import PRICED_ON
from puls.costing.scenarios import scenario_of
from puls.costing.workbook import write_workbook
from puls.errors import InvalidInputError

_NARROW = "\u202f"


def costs(
    *,
    scenario: Annotated[
        str | None,
        typer.Option(help="s1, s2, s3, or a file of one's own; all three without it."),
    ] = None,
    cloud: Annotated[
        str | None, typer.Option(help="aws, gcp, azure, scaleway or vm; all without it.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option(help="Write a workbook with live formulas there.")
    ] = None,
    ledger: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="Beside what models really cost here in so many days."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What Puls costs to build and to run, and where each figure comes from."""
    if ledger is not None:
        _say_ledger(_ledger(ledger, scenario or "s2"), as_json=as_json)
        return
    asked = None if scenario is None else [scenario_of(scenario)]
    clouds = CLOUDS if cloud is None else (_cloud(cloud),)
    report = report_of(PriceTable.load(), asked=asked, clouds=clouds)
    if xlsx is not None:
        write_workbook(report, xlsx)
    if as_json:
        print_json(report)
        return
    if xlsx is not None:
        console.print(plain(f"Classeur écrit : {xlsx}"), markup=False)
        return
    _say_running(report)
    if scenario is not None:
        _say_scenario(report, scenario_name=next(iter(report["scenarios"])))
    else:
        _say_peers(report)
        _say_build(report)


def _cloud(name: str) -> Cloud:
    for known in CLOUDS:
        if name == known:
            return known
    raise InvalidInputError(f"{name!r} is no cloud that is priced: {', '.join(CLOUDS)}.")


def _say_running(report: dict[str, Any]) -> None:
    rows = []
    for name, one in report["scenarios"].items():
        for cloud, bill in one["clouds"].items():
            if bill["eur"] is None:
                rows.append([name, NAMES[cloud], "–", "–", "–", "–", bill["why"]])
                continue
            factor = bill["author_over_ours"]
            rows.append(
                [
                    name,
                    NAMES[cloud],
                    _french(bill["eur"], 2),
                    _french(bill["usd"], 2),
                    _french(bill["eur_per_answer"] * 100, 4),
                    _french(bill["eur_per_visitor"], 4),
                    "" if factor is None else f"{_french(factor, 1)} × moins",
                ]
            )
    head = (
        "scénario",
        "nuage",
        "€/mois",
        "$/mois",
        "c€/réponse",
        "€/visiteur actif",
        "que l'auteur",
    )
    console.print(table_of(*head, rows=rows))


def _say_scenario(report: dict[str, Any], *, scenario_name: str) -> None:
    one = report["scenarios"][scenario_name]
    for cloud, bill in one["clouds"].items():
        if bill["eur"] is None:
            continue
        services = [
            [SERVICE_NAMES[name], _french(euros, 2)]
            for name in SERVICES
            if (euros := bill["services"][name])
        ]
        console.print(plain(f"\n{one['title']}, {NAMES[cloud]}"), markup=False)
        console.print(table_of("poste", "€/mois", rows=services))
        ifs = [
            [what["name"], "–" if what["eur"] is None else _french(what["eur"], 2), "; ".join(what["notes"]) or what["why"]]
            for what in bill["what_ifs"]
        ]  # fmt: skip
        console.print(table_of("et si", "€/mois", "à savoir", rows=ifs))
        worth = bill["worth"]
        even = worth["answers_to_break_even"]
        console.print(
            plain(
                f"Une réponse coûte {_french(worth['least_value_eur'] * 100, 4)} c€ ; sous les hypothèses de clic elle rapporte "
                f"{_french(worth['value_per_answer_eur'] * 100, 2)} c€. Équilibre : "
                + ("jamais." if even is None else f"{_french(even, 0)} réponses par mois.")
            ),
            markup=False,
        )
        for note in bill["notes"]:
            console.print(plain(note), markup=False)
    rows = [
        [value["name"], _as_written(value["value"]), value["unit"], _KINDS[value["kind"]], value["why"] or f"{value['file']} : « {value['quote']} »"]
        for value in one["values"].values()
    ]  # fmt: skip
    console.print(table_of("hypothèse", "valeur", "unité", "d'où", "pourquoi", rows=rows))


_KINDS = {"measured": "mesuré", "hypothesis": "hypothèse", "given": "donné", "chosen": "choisi"}


def _say_peers(report: dict[str, Any]) -> None:
    rows = [
        [
            one["peer"],
            one["label"],
            NAMES[one["cloud"]],
            _french(one["theirs_eur"], 0),
            _french(one["ours_alike_eur"], 2),
            f"{_french(one['cheapest_eur'], 2)} ({one['cheapest_cloud']})",
            one["why_not_below"] or "",
        ]
        for one in report["peers"]
    ]
    head = ("réponse publique", "charge", "son nuage", "elle, €/mois", "nous, même nuage", "nous, au moins cher", "si nous sommes au-dessus")  # fmt: skip
    console.print(table_of(*head, rows=rows))


def _say_build(report: dict[str, Any]) -> None:
    build = report["build"]
    rows = [
        [one["name"], _french(one["expected_days"], 1), _french(one["expected_eur"], 0), _french(one["p50_eur"], 0), _french(one["p80_eur"], 0)]
        for one in (*build["epics"].values(), build["mvp"], build["whole"])
    ]  # fmt: skip
    console.print(table_of("construction", "jours", "€ attendus", "€ P50", "€ P80", rows=rows))


def _as_written(value: float | str) -> str:
    """A name as it is, a number with the digits that it has."""
    if isinstance(value, str):
        return value
    digits = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    return _french(value, digits)


def _ledger(days: int, scenario: str) -> Compared | None:
    """What the ledger of this database says of the last days, beside a scenario."""
    from puls.bootstrap import Puls  # noqa: PLC0415 # all else needs no database, nor the time to read it
    from puls.cli.opening import run  # noqa: PLC0415
    from puls.costs.ledger import UsageLedger  # noqa: PLC0415

    supposed = scenario_of(scenario)
    until = utc_now()

    async def read(puls: Puls) -> Compared | None:
        rows = await UsageLedger(puls.database).by_model(
            since=until - timedelta(days=days), until=until
        )
        return compared(rows, supposed, model_price(supposed.word("model"), on=PRICED_ON))

    return run(read, is_quiet=True)


def _say_ledger(found: Compared | None, *, as_json: bool) -> None:
    if as_json:
        print_json(None if found is None else {name: _number(getattr(found, name)) for name in _COMPARED})  # fmt: skip
        return
    if found is None:
        console.print("Aucun modèle n’a répondu dans ces jours : rien à comparer.")
        return
    rows = [
        ["jetons lus par réponse", _french(float(found.expected_tokens_in), 0), _french(float(found.tokens_in), 0)],
        ["jetons écrits par réponse", _french(float(found.expected_tokens_out), 0), _french(float(found.tokens_out), 0)],
        ["c€ par réponse, au prix du modèle", _french(float(found.expected_eur) * 100, 5), _french(float(found.again_eur) * 100, 5)],
        ["c€ par réponse, écrits au registre", "", "inconnu" if found.eur is None else _french(float(found.eur) * 100, 5)],
    ]  # fmt: skip
    console.print(table_of("", "supposé", f"registre, {found.answers} réponses", rows=rows))
    console.print(
        plain(f"Le registre vaut {_french(float(found.over_expected), 2)} fois ce qui est supposé.")
    )


_COMPARED = ("answers", "tokens_in", "tokens_out", "eur", "again_eur", "expected_tokens_in", "expected_tokens_out", "expected_eur", "over_expected")  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _french(number: float, digits: int) -> str:
    """As in « 1 234,50 »."""
    return f"{number:,.{digits}f}".replace(",", _NARROW).replace(".", ",")
