"""`puls web` and `puls verify`: what the web says now, and why it says no more; progress goes to standard error."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from puls import phrasing
from puls.api.web_shapes import CheckShape, WebShape
from puls.bootstrap import Puls, the_web
from puls.catalogue.event import Event
from puls.cli.opening import run
from puls.cli.output import AsJson, console, plain, print_json, say_error, table_of, utc_now
from puls.conversation.telling.web import place_told, price_told, when_told
from puls.errors import InvalidInputError, NotFoundError
from puls.retrieval.asking import Question
from puls.ui.web.words import step_words
from puls.web_search.asked import LEAST_SECONDS, MOST_SECONDS, searched, verified
from puls.web_search.counting import UNSEEN, has_seen
from puls.web_search.looking import Step, host_of
from puls.web_search.policy import QUICK
from puls.web_search.sayings import sentence
from puls.web_search.values import Check, Depth, Looked, WebEvent, WebStatus

_MOST_UIDS = 50
_LONGEST_QUESTION = 2_000  # characters; as a question of `GET /v1/search`
_NOTHING = 1  # the exit code where the web told nothing because it could not be asked


def web(
    question: Annotated[str, typer.Argument(help="In French or English.")],
    *,
    depth: Annotated[str, typer.Option(help="quick or thorough")] = "quick",
    as_json: AsJson = False,
) -> None:
    """Look on the web alone: what was searched, which pages were read or why not, events and quotations.

    Exits with 1 when the web could not be asked.
    """
    far = _depth(depth)
    if not question.strip() or len(question) > _LONGEST_QUESTION:
        raise InvalidInputError(f"Ask something, in at most {_LONGEST_QUESTION:,} characters.")
    steps = Steps()

    async def work(puls: Puls) -> tuple[Looked, str]:
        return await looked_for(puls, question, depth=far, steps=steps), puls.settings.timezone

    looked, timezone = run(work, is_quiet=True)
    print_looked(looked, steps.hosts, timezone=timezone, as_json=as_json)
    if not has_seen(looked) and (looked.lacks_provider or looked.is_cut or looked.failures):
        raise typer.Exit(_NOTHING)


def verify(
    uids: Annotated[
        list[str], typer.Argument(metavar="UID…", help="As `puls search` prints them.")
    ],
    *,
    within: Annotated[
        float, typer.Option(min=LEAST_SECONDS, max=MOST_SECONDS, help="Seconds in all.")
    ] = QUICK.seconds,
    as_json: AsJson = False,
) -> None:
    """See on the web whether events still take place.

    Exits with 1 when nothing could be checked, with 2 for an unknown uid.
    """
    asked = list(dict.fromkeys(uids))
    if len(asked) > _MOST_UIDS:
        raise InvalidInputError(f"Give at most {_MOST_UIDS} uids at once.")

    async def work(puls: Puls) -> tuple[list[tuple[Event, Check]], str]:
        checked = await checked_now(puls, asked, within=within, steps=Steps())
        return checked, puls.settings.timezone

    checked, timezone = run(work, is_quiet=True)
    print_checked(checked, timezone=timezone, as_json=as_json)
    if all(check.outcome in UNSEEN for _, check in checked):
        raise typer.Exit(_NOTHING)


@dataclass
class Steps:
    """What was done, told on standard error while it is done. `hosts`: whose pages were asked for, in that order."""

    hosts: list[str] = field(default_factory=list)
    done: int = 0
    of: int = 0

    def tell(self, step: Step) -> None:
        """Called with each step of a look."""
        if step.doing == "checking":
            self.of = step.number
        elif step.doing == "checked":
            self.done += 1
        elif step.doing == "reading":
            self.hosts.append(step.host)
        say_error(step_words(step, done=self.done, of=self.of, language="fr"))


async def looked_for(puls: Puls, question: str, *, depth: Depth, steps: Steps) -> Looked:
    """What the web has for a question.

    Raises:
        WebOffError: looking is switched off.
    """
    on_the_web, timezone = the_web(puls), puls.settings.timezone
    understood = await puls.asking.understand(
        Question(text=question, now=utc_now(), timezone=timezone)
    )
    return await searched(
        on_the_web.looking,
        understood.wish,
        about=question,
        depth=depth,
        language="fr" if understood.language == "fr" else "en",
        timezone=timezone,
        tell=steps.tell,
    )


async def checked_now(
    puls: Puls, uids: Sequence[str], *, within: float, steps: Steps
) -> list[tuple[Event, Check]]:
    """Each event with what is seen of it now, within so many seconds in all.

    Raises:
        NotFoundError: no event ever had one of these uids.
        WebOffError: looking is switched off.
    """
    stored = await puls.catalogue.events(uids)
    unknown = [uid for uid in uids if uid not in stored]
    if unknown:
        raise NotFoundError(f"No event has the uid {', '.join(map(repr, unknown))}.")
    on_the_web = the_web(puls)
    events = [stored[uid].event for uid in uids]
    checks = await verified(
        on_the_web.looking, events, within=within, invented=on_the_web.invented, tell=steps.tell
    )
    return list(zip(events, checks, strict=True))


def print_checked(checked: Sequence[tuple[Event, Check]], *, timezone: str, as_json: bool) -> None:
    if as_json:
        shapes = [CheckShape.of(check, timezone=timezone) for _, check in checked]
        print_json([shape.model_dump(mode="json") for shape in shapes])
        return
    rows = [
        (
            event.uid,
            event.title,
            sentence(check, language="fr", timezone=timezone, now=check.at),
            check.says,
            check.url or "",
        )
        for event, check in checked
    ]
    columns = ("uid!", "titre", "vu sur le web", "mots de la page", "source")
    console.print(table_of(*columns, rows=rows))


def print_looked(looked: Looked, hosts: Sequence[str], *, timezone: str, as_json: bool) -> None:
    pages = _pages(looked, hosts)
    if as_json:
        shape = WebShape.of(looked, timezone=timezone).model_dump(mode="json")
        read = [{"host": host, "read": url, "why_not": why} for host, url, why in pages]
        print_json({**shape, "searched": looked.searched, "pages": read})
        return
    words = " · ".join(looked.searched)
    _say(f"Cherché : {words or 'rien'} ({looked.seconds:.1f} s)")
    if looked.lacks_provider:
        _say("Aucun moteur de recherche n'est branché.")
    if looked.is_cut:
        _say("Le temps imparti est passé ; le reste n'a pas été attendu.")
    for name, code in looked.failures:
        if name not in hosts:
            _say(f"Moteur {name} : {code}")
    if pages:
        rows = [(host, url or f"non lue : {why}") for host, url, why in pages]
        console.print(table_of("site", "page lue", rows=rows))
    for one in looked.events:
        _say_event(one, now=looked.at, timezone=timezone)
    for snippet in looked.snippets:
        at = _clock(snippet.seen_at, timezone)
        _say(f"{host_of(snippet.url)} ({at}) : « {snippet.text} »")
        _say(f"  {snippet.url}")
    if not (looked.events or looked.snippets):
        _say("Rien de plus sur le web.")


def _say_event(one: WebEvent, *, now: datetime, timezone: str) -> None:
    """On lines of their own: an address that is cut into a table's cells leads nowhere."""
    when = when_told(one, now=now, timezone=timezone, language="fr")
    state = "" if one.status is WebStatus.UNKNOWN else one.status.value
    facts = (when, place_told(one), price_told(one, "fr"), state)
    _say(f"• {one.title}")
    _say(f"  {', '.join(fact for fact in facts if fact)}")
    _say(f"  {one.page_url} ({_clock(one.seen_at, timezone)})")


def _pages(looked: Looked, hosts: Sequence[str]) -> list[tuple[str, str | None, str | None]]:
    """(host, address that was read, why none was) of each host that was asked."""
    read = {host_of(url): url for url in looked.read}
    why = dict(looked.failures)
    return [
        (host, read.get(host), None if host in read else why.get(host, "no_time"))
        for host in dict.fromkeys(hosts)
    ]


def _depth(text: str) -> Depth:
    match text:
        case "quick" | "thorough":
            return text
        case _:
            raise typer.BadParameter(f"{text!r} is not one of quick, thorough.")


def _clock(at: datetime, timezone: str) -> str:
    return phrasing.clock(at.astimezone(ZoneInfo(timezone)), "fr")


def _say(line: str) -> None:
    console.print(plain(line), markup=False, soft_wrap=True)
