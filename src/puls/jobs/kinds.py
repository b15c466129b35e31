"""The kinds of jobs there are: what each does, when it usually runs, how long it may take and how it is tried again. Pure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from puls.errors import InvalidInputError, NotFoundError

OFF: Final = "off"

Handler = Callable[[str, datetime], Awaitable[str]]
"""Does a job, given what it is about and the moment; returns one sentence on what it did. Safe to run twice: a worker may
be killed after the last effect and before the queue hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A kind of job. `schedule` is the usual one, `off` when something else starts it.

    `runs_at_first`: a new schedule begins with a run instead of waiting for its first moment. `tries`: failures after which
    it is given up until the next moment or hand; in between it waits `first_wait`, then twice as long each time, at most
    `longest_wait`. `delay`: how long it waits after something asked for it, so that many askings become one run.
    """

    name: str
    fr: str
    en: str
    schedule: str = OFF
    timeout: timedelta = timedelta(minutes=30)
    tries: int = 5
    first_wait: timedelta = timedelta(seconds=15)
    longest_wait: timedelta = timedelta(hours=1)
    runs_at_first: bool = False
    delay: timedelta = timedelta(0)
    needs_about: bool = False

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row, at least one."""
        times = 1 << min(max(0, failures - 1), 20)
        return min(self.first_wait * times, self.longest_wait)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobName:
    """One job: its kind and, where the kind runs for several things, which: `sync openagenda: Rhône`."""

    kind: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".rstrip()

    @classmethod
    def read(cls, text: str) -> Self:
        """A name as `str` writes it.

        Raises:
            NotFoundError: there is no such kind of job.
            InvalidInputError: it does not say what it is about, or says so in vain.
        """
        kind, _, about = " ".join(text.split()).partition(" ")
        if kind not in KINDS:
            raise NotFoundError(f"There is no job {kind!r}; there are {', '.join(KINDS)}.")
        if KINDS[kind].needs_about != bool(about):
            raise InvalidInputError(
                f"Say which: `{kind} SOURCE`, as `puls jobs list` names them."
                if not about
                else f"{kind} runs for everything at once; leave out {about!r}."
            )
        return cls(kind=kind, about=about)


_ALL: Final = (
    JobKind(
        name="sync",
        fr="Relire une source d’événements",
        en="Read a source of events",
        timeout=timedelta(hours=6),  # the whole mirror takes two hours on a slow line
        runs_at_first=True,
        needs_about=True,
    ),
    JobKind(
        name="embed",
        fr="Donner aux événements nouveaux leur vecteur de sens",
        en="Give new events their vector of meaning",
        schedule="every 1h",
        timeout=timedelta(hours=6),
        runs_at_first=True,
    ),
    JobKind(
        name="words",
        fr="Recompter les mots du catalogue et entretenir ses index",
        en="Count the words of the catalogue and maintain its indexes",
        schedule="daily at 04:10",
        delay=timedelta(minutes=1),  # a sync writes many batches
    ),
    JobKind(
        name="retention",
        fr="Effacer ce qui a passé son temps : conversations, préférences, pages, vieux travaux",
        en="Delete what is past its time: conversations, preferences, pages, old jobs",
        schedule="every 1h",
        runs_at_first=True,
    ),
    JobKind(
        name="warm",
        fr="Vérifier d’avance sur le web ce qui est demandé pour ce soir",
        en="Check on the web ahead of time what is asked for tonight",
        schedule="every 30m",
        timeout=timedelta(minutes=5),
        tries=2,
    ),
    JobKind(
        name="canary",
        fr="Poser des questions témoins et noter le genre de réponse",
        en="Ask fixed questions and note the kind of answer",
        schedule="every 15m",
        timeout=timedelta(minutes=2),
        tries=2,
    ),
    JobKind(
        name="drift",
        fr="Compter ce qui est demandé, jour par jour, pour voir ce qui change",
        en="Count what is asked, day by day, to see what changes",
        schedule="daily at 02:20",
    ),
    JobKind(
        name="digest",
        fr="Noter ce qui change pour les événements suivis",
        en="Note what changed about followed events",
        schedule="daily at 07:30",
    ),
    JobKind(
        name="report",
        fr="Écrire les chiffres de la veille",
        en="Write the figures of the day before",
        schedule="daily at 00:20",
        timeout=timedelta(minutes=5),
    ),
    JobKind(
        name="backup",
        fr="Sauvegarder la base et le secret dans un fichier",
        en="Back up the database and the secret into a file",
        schedule="daily at 03:30",
        timeout=timedelta(hours=2),
        tries=3,
        first_wait=timedelta(minutes=5),
    ),
)
KINDS: Final[Mapping[str, JobKind]] = {kind.name: kind for kind in _ALL}
