"""The figures of one day, kept as one row: no visitor in them, only counts. Made twice, the row is written over."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from puls.bootstrap import Puls
from puls.database import Queries

_QUERIES = Queries.beside("puls.worker")


async def report(puls: Puls, about: str, now: datetime) -> str:
    """Write the row of the day before, as days are in PULS_TIMEZONE."""
    del about
    zone = ZoneInfo(puls.settings.timezone)
    day = now.astimezone(zone).date() - timedelta(days=1)
    figures = await figures_of(puls, day, zone=zone, now=now)
    async with puls.database.transaction() as connection:
        await connection.execute(
            _QUERIES["keep_report"], {"day": day, "now": now, "figures": Jsonb(figures)}
        )
    return f"{day}: {figures['turns']:,} turns of {figures['visitors']:,} visitors, {figures['model_eur'] + figures['web_eur']:.2f} €."


async def figures_of(puls: Puls, day: date, *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Counts of a day. Whoever keeps visitors' rows sees moments and ids alone, and counts them."""
    values = {
        "since": datetime.combine(day, time(), zone),
        "before": datetime.combine(day + timedelta(days=1), time(), zone),
    }
    async with puls.database.transaction(is_keeping=True) as connection:
        visits = await (await connection.execute(_QUERIES["visits"], values)).fetchone()
    rest = await puls.database.fetch_one(_QUERIES["day"], **values)
    catalogue = await puls.catalogue.figures(now=now)
    assert visits is not None
    assert rest is not None
    return dict(visits) | dict(rest) | {"events": catalogue["events"]}
