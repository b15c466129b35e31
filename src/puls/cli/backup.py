"""`puls backup` and `puls restore`: everything of an embedded database in one file, and back. See docs/how-to/backup.md."""

import signal
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from puls.cli.opening import checked_settings
from puls.cli.output import AsJson, console, plain, print_json, utc_now
from puls.cli.status import size_in_words
from puls.database.backup import Contents, back_up
from puls.database.backup import restore as restore_home
from puls.errors import InvalidInputError
from puls.monitoring import configure_logging
from puls.server.stopping import AS_SHELLS_COUNT, STOPS
from puls.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="A new file; whoever has it has everything.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the database and the secret of PULS_HOME to a file; Puls may go on serving."""
    settings = _embedded_settings()
    contents = back_up(settings.home, file, now=utc_now())
    _tell(contents, file, as_json=as_json, done="is written")


def restore(
    file: Annotated[Path, typer.Argument(help="As `puls backup` wrote it.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put what PULS_HOME holds aside first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup back into PULS_HOME, whole or not at all; nothing may be using it."""
    settings = _embedded_settings()
    contents = restore_home(settings.home, file, replaces=replace)
    _tell(contents, file, as_json=as_json, done="is restored")


def _embedded_settings() -> Settings:
    settings = checked_settings()
    configure_logging(level="WARNING", format_=settings.log_format)
    if settings.database_url is not None:
        raise InvalidInputError(
            "PULS_DATABASE_URL names a server of your own: back it up as it is backed up there (pg_dump), and keep "
            "PULS_SECRET with it; see docs/how-to/backup.md."
        )
    for number in STOPS:  # what was begun is taken back on the way out
        signal.signal(number, _stop)
    return settings


def _stop(number: int, _: object) -> NoReturn:
    sys.exit(AS_SHELLS_COUNT + number)


def _tell(contents: Contents, file: Path, *, as_json: bool, done: str) -> None:
    if as_json:
        print_json(contents)
        return
    rows = contents.rows
    console.print(
        plain(
            f"{file} {done}: {rows.get('event', 0):,} events, {rows.get('turn', 0):,} turns of "
            f"{rows.get('visitor', 0):,} visitors; schema {contents.schema}, PostgreSQL {contents.postgresql}, "
            f"{size_in_words(file.stat().st_size)}."
        ),
        markup=False,
        soft_wrap=True,
    )
    if contents.secret_sha256 is None:
        console.print("It holds no secret: keep PULS_SECRET beside it.", markup=False)
