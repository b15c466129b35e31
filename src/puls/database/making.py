"""A new data folder for the embedded PostgreSQL: it appears whole or not at all. Enter at `make_if_missing`."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from puls.database.programs import Programs, give, open_way
from puls.errors import DatabaseUnavailableError

RESTORING = "restoring"  # where a backup is brought back, in the home

# An embedded server belongs to one machine and one application. The sizes suit a laptop.
_SETTINGS: Mapping[str, str] = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_connections": "60",
}
# Sorting and letters by Unicode alone, wherever the home is carried: a system's own rules change under an index.
_LOCALE = (
    "--no-locale",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


def make_if_missing(home: Path, programs: Programs) -> None:
    """A new data folder appears whole or not at all."""
    data = home / "postgres"
    if (data / "PG_VERSION").exists():
        return
    if (home / RESTORING / "postgres").exists():
        raise DatabaseUnavailableError(
            "a restore was interrupted before the database was in its place; run `puls restore` again"
        )
    if data.exists() and any(data.iterdir()):
        raise DatabaseUnavailableError(
            f"{data} holds files but no database (PG_VERSION is missing). Restore a backup, or move it away"
        )
    making = data if data.is_mount() else home / "postgres.making"
    if making != data:
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
    give(making, programs.account)
    if programs.account is not None:
        open_way(making, programs.account)
    settings = [part for pair in _SETTINGS.items() for part in ("-c", "=".join(pair))]
    programs.run("initdb", "-D", str(making), "-U", "postgres", "--auth=trust", *_LOCALE, *settings)
    if making != data:
        making.rename(data)
