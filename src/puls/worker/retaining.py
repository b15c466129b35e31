"""Deletes what is past its time, of visitors and of Puls itself. Deleting twice deletes nothing more."""

from datetime import datetime, timedelta
from typing import Final

from puls.bootstrap import Puls, answer_cache_of
from puls.database import Queries
from puls.web_search.keeping import Checks, StoredPages

_QUERIES = Queries.beside("puls.worker")
JOBS_KEPT: Final = timedelta(days=30)
CANARIES_KEPT: Final = timedelta(days=90)
BOOKS_KEPT: Final = timedelta(days=396)
"""Costs of models, figures of days and revoked keys: 13 months, so that a month can be held against the same one a year before."""


async def retain(puls: Puls, about: str, now: datetime) -> str:
    """Turns, preferences, followed events and visitors; kept answers, counters, pages, checks, letters, old books, what jobs left."""
    del about
    people = puls.people
    swept = await people.personal_data.sweep(
        now=now, keep=timedelta(days=puls.settings.retention_days)
    )
    rest = await answer_cache_of(puls.database).forget_old(now=now)
    rest += await people.rate_limits.forget_idle(now=now)
    rest += await people.erased.forget_old(now=now)
    rest += await people.letters.forget_old(now=now)
    rest += await people.conversations.leases.forget_gone()
    pages = await StoredPages(puls.database).forget_old(now=now)
    notes = await Checks(puls.database).forget_old(now=now)
    jobs = await puls.jobs.forget_old(before=now - JOBS_KEPT)
    async with puls.database.transaction() as connection:
        await connection.execute(_QUERIES["forget_canaries"], {"before": now - CANARIES_KEPT})
        for books in ("forget_model_calls", "forget_reports", "forget_revoked_keys"):
            cursor = await connection.execute(_QUERIES[books], {"before": now - BOOKS_KEPT})
            rest += cursor.rowcount
    return (
        f"Deleted: {swept.turns:,} turns, {swept.conversations:,} conversations, {swept.preferences:,} preferences, "
        f"{swept.followed:,} followed events, {swept.visitors:,} visitors, {pages.pages:,} pages, {notes:,} notes, "
        f"{jobs.jobs + jobs.runs:,} rows of jobs, {rest:,} others."
    )
