"""`puls backup …` by hand: what was there before stays, and what is new says what it does."""

from pathlib import Path

import pytest

from puls.cli.backup import with_command
from puls.settings import Settings

COMMANDS = ("write", "list", "verify", "continuous", "base")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["a.zip"], ["write", "a.zip"]),
        (["--json", "a.zip"], ["write", "--json", "a.zip"]),
        (["s3://b/c", "--keep", "3"], ["write", "s3://b/c", "--keep", "3"]),
        (["./verify"], ["write", "./verify"]),
        (["verify", "a.zip"], ["verify", "a.zip"]),
        (["--help"], ["--help"]),
        ([], []),
    ],
)
def test_a_file_alone_is_still_written(typed: list[str], read: list[str]) -> None:
    """`puls backup FILE` stands in people's crontabs."""
    assert with_command(typed, COMMANDS) == read


@pytest.mark.parametrize("where", ["s3://", "s3:/b", "s3://UPPER/x", "s3://b/c?x"])
def test_a_bucket_that_cannot_be_is_refused_at_the_start(where: str) -> None:
    """Not at three in the morning."""
    with pytest.raises(ValueError, match="s3://bucket/folder"):
        Settings(backups=where)


def test_a_folder_is_read_as_before(tmp_path: Path) -> None:
    """As a path, with ~ for a home."""
    assert Settings(backups=str(tmp_path)).backups == str(tmp_path)
    assert not Settings(backups="~/x").backups.startswith("~")
    assert Settings().backups == ""


def test_a_key_that_is_none_is_refused_at_the_start() -> None:
    """A secret key in its place would seal nothing and stand in the environment."""
    with pytest.raises(ValueError, match="public keys"):
        Settings(backup_recipients=("AGE-SECRET-KEY-1QQQ",))
