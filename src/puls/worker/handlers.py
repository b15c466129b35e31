"""Which code does which kind of job. Each is in a module of its own and ends in one sentence. Enter at `handlers_of`."""

from collections.abc import Mapping
from functools import partial

from puls.bootstrap import Puls
from puls.jobs.kinds import KINDS, Handler
from puls.worker import (
    backing_up,
    canaries,
    digesting,
    drifting,
    indexing,
    reporting,
    retaining,
    syncing,
    warming,
)
from puls.worker.news import Notifier


def handlers_of(puls: Puls, *, notifier: Notifier | None = None) -> Mapping[str, Handler]:
    """A handler for each kind of job. `notifier` None: letters, where a mail server is set; else what is new is only noted."""
    handlers: dict[str, Handler] = {
        "sync": partial(syncing.sync, puls),
        "embed": partial(indexing.embed, puls),
        "words": partial(indexing.count_words, puls),
        "retention": partial(retaining.retain, puls),
        "warm": partial(warming.warm, puls),
        "canary": partial(canaries.ask, puls),
        "drift": partial(drifting.count, puls),
        "digest": partial(digesting.digest, puls, notifier),
        "report": partial(reporting.report, puls),
        "backup": partial(backing_up.back_up, puls),
    }
    assert handlers.keys() == KINDS.keys()
    return handlers
