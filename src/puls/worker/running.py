"""A worker of this process, over an open Puls. Enter at `work`."""

import os
import socket
from datetime import UTC, datetime, timedelta

from puls.bootstrap import Puls
from puls.jobs.working import Pace, Working
from puls.worker.handlers import handlers_of
from puls.worker.news import Notifier


async def work(puls: Puls, *, notifier: Notifier | None = None, pace: Pace | None = None) -> None:
    """Run jobs until cancelled; what runs then is finished within seconds or handed back.

    Begins by asking for vectors: a newer model, or a database brought from elsewhere, may lack them.
    """
    await puls.jobs.enqueue("embed", after=timedelta(0))
    await Working(
        puls.database,
        handlers_of(puls, notifier=notifier),
        plan=puls.plan,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        clock=lambda: datetime.now(UTC),
        pace=pace,
    ).run()
