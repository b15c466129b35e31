"""What came of each arm, from the turns, thumbs and surveys that are stored anyway. Enter at `reading_of`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from puls.database import Database, Queries
from puls.experiments.always_valid import Sample
from puls.experiments.experiment import Experiment
from puls.experiments.reading import ArmOutcome, Reading, read

_QUERIES = Queries.beside("puls.experiments", "outcomes.sql")
LONGEST = timedelta(days=365)  # what is older is deleted anyway


async def reading_of(database: Database, experiment: Experiment, *, now: datetime) -> Reading:
    """What the experiment says now, for `puls experiment show` and `/ops`.

    Raises:
        DatabaseUnavailableError: see `puls.database`.
    """
    async with database.transaction(of_all="figures") as connection:
        values = {"experiment": experiment.name, "since": now - LONGEST}
        rows = await (await connection.execute(_QUERIES["outcomes"], values)).fetchall()
    return read(experiment, [_outcome(row) for row in rows])


def _outcome(row: Mapping[str, Any]) -> ArmOutcome:
    visitors = row["visitors"]
    return ArmOutcome(
        arm=row["arm"],
        visitors=visitors,
        turns=row["turns"],
        satisfied=_share(row["ratings"], row["satisfied"]),
        guardrails={
            "latency": Sample(
                visitors=row["latency_n"],
                total=float(row["latency_total"]),
                squares=float(row["latency_squares"]),
            ),
            "failed": _share(visitors, row["failed"]),
            "nothing_found": _share(row["found_n"], row["nothing_found"]),
            "cost": Sample(
                visitors=visitors,
                total=float(row["cost_total"]),
                squares=float(row["cost_squares"]),
            ),
        },
    )


def _share(of: int, hits: int) -> Sample:
    """Ones and zeros: their squares are themselves."""
    return Sample(visitors=of, total=float(hits), squares=float(hits))
