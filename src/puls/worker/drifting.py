"""Each day's turns as counts, to be held against the weeks before. What was counted is not counted again."""

from datetime import datetime

from puls.bootstrap import Puls
from puls.bootstrap.evaluating import histograms_of


async def count(puls: Puls, about: str, now: datetime) -> str:
    """Count the days that are over and were not counted; tell what moved."""
    del about
    histograms = histograms_of(puls)
    days = await histograms.count_missing(now=now)
    alerts = (await histograms.report(now=now)).alerts
    return f"{days} days were counted; {', '.join(alerts) if alerts else 'nothing drifted'}."
