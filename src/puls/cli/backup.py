"""`puls backup …` and `puls restore`: everything of an embedded database, away and back. See docs/how-to/backup.md."""

import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperGroup

from puls.cli.opening import checked_settings
from puls.cli.output import AsJson, console, plain, print_json, utc_now
from puls.cli.status import size_in_words
from puls.database.backup import Contents, back_up, contents_of
from puls.database.backup import restore as restore_home
from puls.database.safekeeping.continuous import base_backup, bases_in, switch_off, switch_on
from puls.database.safekeeping.going_back import go_back
from puls.database.safekeeping.kept import back_up_to, fetched, opened
from puls.database.safekeeping.places import is_place, place_of
from puls.errors import InvalidInputError
from puls.monitoring import configure_logging
from puls.server.stopping import AS_SHELLS_COUNT, STOPS
from puls.settings import Settings

_WRITE = "write"


class _Backup(TyperGroup):
    """`puls backup FILE` is `puls backup write FILE`; a file named as a command is written with its folder: ./verify."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, with_command(args, tuple(self.commands)))


def with_command(arguments: Sequence[str], commands: Sequence[str]) -> list[str]:
    """The command line with the usual command where a person gave none."""
    first = next((one for one in arguments if not one.startswith("-")), None)
    is_named = first is None or first in commands
    return list(arguments) if is_named else [_WRITE, *arguments]


app = typer.Typer(
    cls=_Backup,
    no_args_is_help=True,
    help="Write the database and the secret of PULS_HOME to a file, a folder or a bucket; Puls may go on serving.",
)
_Where = Annotated[
    str,
    typer.Argument(help="A file, a folder of backups, or s3://bucket/folder."),
]
_Name = Annotated[
    str | None, typer.Option("--name", help="Which backup of a folder or bucket; the newest.")
]
_Identity = Annotated[
    Path | None,
    typer.Option("--identity", help="A file with age's secret key, for a sealed backup."),
]
_Folder = Annotated[
    Path, typer.Argument(help="A folder of its own, on another disk or mounted from elsewhere.")
]


@app.command()
def write(
    where: Annotated[
        str,
        typer.Argument(
            help="A new file, a folder, or s3://bucket/folder; whoever has it has everything."
        ),
    ],
    *,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, help="In a folder or bucket: remove all but the newest N."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a backup; sealed when PULS_BACKUP_RECIPIENTS names keys. Puls may go on serving."""
    settings = _embedded_settings()
    if not is_place(where) and not settings.backup_recipients:
        if keep is not None:
            raise InvalidInputError("--keep is for a folder or a bucket.")
        file = Path(where)
        contents = back_up(settings.home, file, now=utc_now())
        _tell(contents, str(file), file.stat().st_size, as_json=as_json, done="is written")
        return
    if not is_place(where):
        raise InvalidInputError("A sealed backup is named by Puls: give a folder or a bucket.")
    kept = back_up_to(
        settings.home,
        place_of(where, endpoint=settings.backup_s3_endpoint or None),
        now=utc_now(),
        recipients=settings.backup_recipients,
        keep=keep,
    )
    assert kept is not None  # named by the moment
    _tell(kept.contents, kept.name, kept.size, as_json=as_json, done=f"is written to {where}")
    if kept.removed and not as_json:
        console.print(f"Removed: {', '.join(kept.removed)}.", markup=False, soft_wrap=True)


@app.command("list")
def list_(where: _Where, *, as_json: AsJson = False) -> None:
    """The backups of a folder or bucket, and the moments that a continuous one can go back to."""
    settings = checked_settings()
    bases = [] if where.startswith("s3://") else bases_in(Path(where))
    names = place_of(where, endpoint=settings.backup_s3_endpoint or None).names()
    if as_json:
        print_json({"backups": names, "bases": bases})
        return
    for name in names:
        console.print(name, markup=False)
    for base in bases:
        console.print(f"{base.name}: any moment from {base.ended_at} on", markup=False)
    if not names and not bases:
        console.print(f"There is no backup in {where}.", markup=False)


@app.command()
def verify(
    where: _Where,
    *,
    name: _Name = None,
    identity: _Identity = None,
    try_it: Annotated[
        bool,
        typer.Option("--restore", help="Bring it back into a home thrown away afterwards, too."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """See whether a backup is whole and unchanged, and with --restore whether all of it comes back."""
    settings = _embedded_settings(needs_home=False)
    with _file_of(where, name, identity or settings.backup_identity, settings) as file:
        contents = contents_of(file)
        if try_it:
            with tempfile.TemporaryDirectory(prefix="puls-trial-") as trial:
                restore_home(Path(trial) / "home", file, replaces=False)
        size = file.stat().st_size
    done = "is whole and comes back" if try_it else "is whole"
    _tell(contents, name or where, size, as_json=as_json, done=done)


@app.command()
def continuous(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of its own, on another disk or mounted from elsewhere."),
    ] = None,
    *,
    off: Annotated[bool, typer.Option("--off", help="Keep the log no longer.")] = False,
) -> None:
    """Keep every change in a folder from the next start on, so that any moment can be brought back. Puls must be stopped."""
    settings = _embedded_settings()
    if off == (folder is not None):
        raise InvalidInputError("Name a folder, or say --off.")
    if folder is None:
        switch_off(settings.home)
        console.print("The log is kept no longer; what was kept stays.")
        return
    switch_on(settings.home, folder.resolve())
    base = base_backup(settings.home, folder.resolve(), keep=settings.backups_kept, clock=utc_now)
    console.print(
        f"Every change is kept in {folder}; any moment from {base.ended_at} on can be brought back.",
        markup=False,
        soft_wrap=True,
    )


@app.command("base")
def base_(folder: _Folder, *, as_json: AsJson = False) -> None:
    """A new base for the continuous backup of a folder; of more than PULS_BACKUPS_KEPT the oldest go, with their log."""
    settings = _embedded_settings()
    base = base_backup(settings.home, folder.resolve(), keep=settings.backups_kept, clock=utc_now)
    if as_json:
        print_json(base)
    else:
        console.print(f"Base {base.name} is written to {folder}.", markup=False, soft_wrap=True)


def restore(
    where: _Where,
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what PULS_HOME holds aside first.")
    ] = False,
    name: _Name = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            help="From a continuous backup: the moment, such as 2026-11-30T15:04 (in PULS_TIMEZONE); the last that was kept.",
        ),
    ] = None,
    identity: _Identity = None,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into PULS_HOME, whole or not at all; nothing may be using it."""
    settings = _embedded_settings()
    if at is not None or (not where.startswith("s3://") and (Path(where) / "base").is_dir()):
        moment = None if at is None else _moment(at, settings.timezone)
        base = go_back(settings.home, Path(where), to=moment, replaces=replace)
        if as_json:
            print_json({"base": base, "at": None if moment is None else moment.isoformat()})
        else:
            until = "the last change that was kept" if moment is None else moment.isoformat()
            console.print(f"{settings.home} is as at {until}.", markup=False, soft_wrap=True)
        return
    with _file_of(where, name, identity or settings.backup_identity, settings) as file:
        contents = restore_home(settings.home, file, replaces=replace)
        size = file.stat().st_size
    _tell(contents, name or where, size, as_json=as_json, done="is restored")


@contextlib.contextmanager
def _file_of(
    where: str, name: str | None, identity: Path | None, settings: Settings
) -> Iterator[Path]:
    if not is_place(where):
        with opened(Path(where), identity=identity) as file:
            yield file
        return
    place = place_of(where, endpoint=settings.backup_s3_endpoint or None)
    with fetched(place, name, identity=identity) as file:
        yield file


def _moment(text: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("--at takes a moment such as 2026-11-30T15:04:05+01:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _embedded_settings(*, needs_home: bool = True) -> Settings:
    settings = checked_settings()
    configure_logging(level="WARNING", format_=settings.log_format)
    if needs_home and settings.database_url is not None:
        raise InvalidInputError(
            "PULS_DATABASE_URL names a server of your own: back it up as it is backed up there (pg_dump), and keep "
            "PULS_SECRET with it; see docs/how-to/backup.md."
        )
    for number in STOPS:  # what was begun is taken back on the way out
        signal.signal(number, _stop)
    return settings


def _stop(number: int, _: object) -> NoReturn:
    sys.exit(AS_SHELLS_COUNT + number)


def _tell(contents: Contents, what: str, size: int, *, as_json: bool, done: str) -> None:
    if as_json:
        print_json(contents)
        return
    rows = contents.rows
    console.print(
        plain(
            f"{what} {done}: {rows.get('event', 0):,} events, {rows.get('turn', 0):,} turns of "
            f"{rows.get('visitor', 0):,} visitors; schema {contents.schema}, PostgreSQL {contents.postgresql}, "
            f"{size_in_words(size)}."
        ),
        markup=False,
        soft_wrap=True,
    )
    if contents.secret_sha256 is None:
        console.print("It holds no secret: keep PULS_SECRET beside it.", markup=False)
