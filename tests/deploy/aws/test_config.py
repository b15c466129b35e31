"""The configuration: read strictly, or refused by name."""

from pathlib import Path

import pytest
from deploy.aws.config import HERE, ConfigError, main, read_environments

TEXT = (HERE / "environments.toml").read_text(encoding="utf-8")


def _read(tmp_path: Path, text: str) -> object:
    file = tmp_path / "environments.toml"
    file.write_text(text, encoding="utf-8")
    return read_environments(file)


def test_there_are_three_environments_in_paris() -> None:
    """The brief names them."""
    found = read_environments()
    assert list(found) == ["dev", "staging", "production"]
    assert {one.region for one in found.values()} == {"eu-west-3"}


def test_an_environment_says_only_what_differs() -> None:
    """Two copies of a value drift apart."""
    found = read_environments()
    assert found["production"].puls["log_format"] == "json"
    assert found["production"].puls["daily_budget_eur"] == "20"


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("multi_az = true", 'multi_az = "yes"', "production.database.multi_az"),
        ("nat_gateways = 1\n", "nat_gateways = 1\nnat_gatways = 2\n", "nat_gatways"),
        ('owner = "puls"\n', "", "owner"),
        ("backup_days = 35, protected = true", "protected = true", "backup_days"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    tmp_path: Path, before: str, after: str, names: str
) -> None:
    """A mistyped key would leave production with another environment's value."""
    assert before in TEXT
    with pytest.raises(ConfigError, match=names):
        _read(tmp_path, TEXT.replace(before, after))


def test_placeholders_are_told_before_a_deployment(capsys: pytest.CaptureFixture[str]) -> None:
    """An account number of the repository is nobody's."""
    assert main(["config", "production"]) == 1
    told = capsys.readouterr().out
    assert all(name in told for name in ("account", "zone_id", "domain", "github"))


def test_only_production_is_multi_az_and_each_size_is_larger_than_the_last() -> None:
    """What dev saves must not reach production."""
    found = list(read_environments().values())
    assert [one.database.multi_az for one in found] == [False, False, True]
    assert [one.spending.budget_usd for one in found] == sorted(
        one.spending.budget_usd for one in found
    )
