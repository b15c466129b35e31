"""Settings on AWS, against the settings that Puls has."""

import os
import re
from pathlib import Path

import pytest
from deploy.aws.config import ROOT, ConfigError, read_environments

from deploy.aws import variables

pytest.importorskip("pydantic_settings", reason="needs Puls's own environment: `make test`")

from puls.settings import Settings  # after the skip

ROWS = variables.table()
PLACES = variables.Places(
    database_host="db.internal",
    origin="origin.puls.example",
    public_url="https://puls.example",
    network="10.42.0.0/16",
    searxng_url="http://searxng.puls.internal:8080",
)
SECTIONS = ("stack", "secret", "chosen", "default", "service")


def test_the_settings_are_read_from_the_code_as_the_code_has_them() -> None:
    """The stack's own list comes from the module's text; it must be the truth."""
    assert variables.known_settings() == set(Settings.model_fields)


def test_every_setting_is_set_or_left_at_its_default_with_a_reason() -> None:
    """A new setting must not reach AWS unnoticed."""
    said = [name for section in SECTIONS for name in ROWS[section]]
    assert len(said) == len(set(said)), "a setting has one place"
    assert not set(Settings.model_fields) - set(said)


def test_nothing_is_said_of_a_setting_that_is_none() -> None:
    """What the code no longer reads, the stack no longer sets."""
    said = {name for section in SECTIONS for name in ROWS[section]}
    assert not said - set(Settings.model_fields)


@pytest.mark.parametrize("name", read_environments())
@pytest.mark.parametrize("service", ["api", "worker", "task"])
def test_what_the_stack_sets_is_accepted_by_the_settings(
    name: str, service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A value that the code refuses would stop every task at its start."""
    environment = read_environments()[name]
    given = variables.plain(environment, service, PLACES)
    given |= dict.fromkeys(variables.secret_names(environment).values(), "a-key")
    given["PULS_SECRET"] = "s" * 64
    monkeypatch.chdir(tmp_path)  # no .env of a desk
    for variable in [one for one in os.environ if one.startswith("PULS_")]:
        monkeypatch.delenv(variable)
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    settings = Settings()
    names = {one.removeprefix("PULS_").lower() for one in given if one.startswith("PULS_")}
    assert settings.model_fields_set == names
    assert settings.trusted_proxies == ("10.42.0.0/16",)


def test_variables_that_are_no_settings_are_listed() -> None:
    """libpq's and OpenTelemetry's are read by others' code."""
    given = variables.plain(read_environments()["production"], "api", PLACES)
    assert {one for one in given if not one.startswith("PULS_")} == set(ROWS["beside"]) - {
        "PGPASSWORD"
    }


def test_no_variable_is_read_past_the_settings() -> None:
    """It would be set by nobody."""
    direct = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)""")
    read = {
        name
        for file in (ROOT / "src/puls").rglob("*.py")
        for name in direct.findall(file.read_text(encoding="utf-8"))
        if name.startswith("PULS_")
    }
    assert not read


def test_a_setting_that_nobody_may_choose_is_refused() -> None:
    """A database address in a file of the repository would be the wrong one."""
    environment = read_environments()["dev"]
    wrong = type(environment)(
        **{
            **{name: getattr(environment, name) for name in environment.__dataclass_fields__},
            "puls": {"database_url": "postgresql://elsewhere/puls"},
        }
    )
    with pytest.raises(ConfigError, match="database_url"):
        variables.plain(wrong, "api", PLACES)
