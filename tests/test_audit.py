"""What stops a build for what it is made of, and what does not."""

import pytest
from scripts.audit import EXCEPTIONS, Part, bill, is_allowed, parts, secrets_in, wrong_licences


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT License", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True),
        ("GNU General Public License v3 or later (GPLv3+) OR MIT License", True),
        ("LGPL-3.0-only", False),
        ("Mozilla Public License 2.0 (MPL 2.0)", False),
        ("AGPL-3.0", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_by_name(licence: str, *, allowed: bool) -> None:
    """What nobody has read is not allowed."""
    assert is_allowed(licence) is allowed


LOCK = "typer==0.29.1 \\\n    --hash=sha256:" + "a" * 64 + "\npsycopg==3.2.12 \\\n    --hash=sha256:" + "b" * 64  # fmt: skip


def test_both_locks_are_read_and_their_parts_told_apart() -> None:
    run, development = parts(LOCK.split("\npsycopg", maxsplit=1)[0], LOCK)
    assert (run.name, run.version, run.hashes, run.is_run) == ("typer", "0.29.1", ("a" * 64,), True)
    assert (development.name, development.is_run) == ("psycopg", False)
    assert development.licence == "LGPL-3.0-only"


def test_copyleft_passes_by_name_and_with_a_reason_alone() -> None:
    lgpl = Part(name="psycopg", version="1", hashes=(), licence="LGPL-3.0-only", is_run=True)
    other = Part(name="new-one", version="1", hashes=(), licence="AGPL-3.0", is_run=True)
    nothing = Part(name="silent", version="2", hashes=(), licence="", is_run=False)
    assert wrong_licences([lgpl, other, nothing]) == [
        "new-one 1: AGPL-3.0",
        "silent 2: states no licence",
    ]
    assert all(EXCEPTIONS.values())


def test_the_bill_names_what_runs_and_what_a_wheel_brings() -> None:
    """An operator who hears of a hole in PostgreSQL looks here."""
    run = Part(name="typer", version="0.29.1", hashes=("a" * 64,), licence="MIT", is_run=True)
    tool = Part(name="ruff", version="1", hashes=(), licence="MIT", is_run=False)
    made = bill([run, tool], version="0.1.0", inside={"postgresql": "18.4"})
    assert [one["name"] for one in made["components"]] == ["typer", "postgresql"]
    assert made["components"][0]["purl"] == "pkg:pypi/typer@0.29.1"


def test_secrets_are_found_and_not_repeated() -> None:
    key = b"sk-" + b"a1B2" * 10
    (found,) = secrets_in("notes.md", b"one\ntwo " + key + b"\n")
    assert found == "notes.md:2: a key of OpenAI"
    password = b"postgres://puls:" + b"hunter2hunter2" + b"@db.internal/puls"
    assert secrets_in("x", password) == ["x:1: a password in an address"]
    for harmless in (
        b"postgres://puls:password@db.example/puls",
        b"PULS_SECRET=short",
        b"sk-no-key-required",
        b"PULS_MISTRAL_API_KEY=...",
    ):
        assert secrets_in("x", harmless) == []
