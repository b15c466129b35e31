"""A backup each day, in a process of its own, which ends with this one's patience; the oldest ones go.

There is one file per day, and it appears whole or not at all: made twice, the second time finds it there.
"""

import asyncio
import contextlib
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls
from puls.errors import BackupError

_PROGRAM: Final = (
    "import sys; from datetime import UTC, datetime; from pathlib import Path; "
    "from puls.database.backup import back_up; from puls.errors import PulsError\n"
    "try: back_up(Path(sys.argv[1]), Path(sys.argv[2]), now=datetime.now(UTC))\n"
    "except PulsError as error: sys.exit(str(error))"
)
_PUTTING: Final = (
    "import sys; from datetime import UTC, datetime; from pathlib import Path; "
    "from puls.database.safekeeping.kept import back_up_to; from puls.database.safekeeping.places import place_of; "
    "from puls.errors import PulsError\n"
    "home, where, name, endpoint, recipients, keep = sys.argv[1:]\n"
    "try: back_up_to(Path(home), place_of(where, endpoint=endpoint or None), now=datetime.now(UTC), name=name, "
    "recipients=[one for one in recipients.split(',') if one], keep=int(keep))\n"
    "except PulsError as error: sys.exit(str(error))"
)
_NAME: Final = re.compile(r"puls-\d{4}-\d{2}-\d{2}\.zip")
_HALF: Final = re.compile(r"\.puls-\d{4}-\d{2}-\d{2}\.zip\.[0-9a-f]+\.part")
_ENDING_SECONDS: Final = 5.0


async def back_up(puls: Puls, about: str, now: datetime) -> str:
    """Write today's backup of an embedded database, unless it is there.

    Raises:
        BackupError: it could not be made.
    """
    del about
    settings = puls.settings
    if settings.database_url is not None:
        return "PULS_DATABASE_URL names a server of your own: it is backed up there, not here."
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    if settings.backups.startswith("s3://") or settings.backup_recipients:
        return await _put_away(puls, f"puls-{day}.zip")
    folder = Path(settings.backups) if settings.backups else settings.home / "backups"
    file = folder / f"puls-{day}.zip"
    if not await asyncio.to_thread(file.exists):
        await asyncio.to_thread(_make_room, folder)
        await _run(_PROGRAM, str(settings.home), str(file))
    kept = await asyncio.to_thread(_keep, folder, settings.backups_kept)
    return f"{file.name} is written; {kept} backups are kept in {folder}."


async def _put_away(puls: Puls, name: str) -> str:
    """As a sealed file, or in a bucket: made in the home, then put there, unless this day's is there."""
    settings = puls.settings
    where = settings.backups or str(settings.home / "backups")
    await _run(
        _PUTTING,
        str(settings.home),
        where,
        name,
        settings.backup_s3_endpoint,
        ",".join(settings.backup_recipients),
        str(settings.backups_kept),
    )
    sealed = ".age" if settings.backup_recipients else ""
    return (
        f"{name}{sealed} is written; at most {settings.backups_kept} backups are kept in {where}."
    )


async def _run(program: str, *arguments: str) -> None:
    writing = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, complaint = await writing.communicate()
    finally:
        if writing.returncode is None:
            writing.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ENDING_SECONDS):
                    await writing.wait()
    if writing.returncode:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise BackupError(
            f"The backup was not made: {lines[-1] if lines else 'no reason was given'}"
        )


def _make_room(folder: Path) -> None:
    """The folder, and no halves of backups that were killed: nobody else writes here, under the job's lock."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for half in folder.iterdir():
        if _HALF.fullmatch(half.name):
            half.unlink(missing_ok=True)


def _keep(folder: Path, most: int) -> int:
    """Only files that are named as ours are looked at."""
    backups = sorted(file for file in folder.iterdir() if _NAME.fullmatch(file.name))
    for file in backups[:-most]:
        file.unlink(missing_ok=True)
    return min(len(backups), most)
