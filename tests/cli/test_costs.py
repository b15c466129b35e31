"""`puls costs` as it is typed."""

from pathlib import Path

from tests.cli.conftest import Program


def test_the_overview_names_every_scenario_cloud_and_public_answer(puls: Program) -> None:
    """Without an option: running, the same load elsewhere, building."""
    ran = puls("costs")
    assert ran.exit_code == 0, ran.err
    for word in ("s1", "s3", "AWS", "Scaleway", "behramkorkut", "Ensemble"):
        assert word in ran.out


def test_one_scenario_on_one_cloud_as_json(puls: Program) -> None:
    """What the study reads."""
    ran = puls("costs", "--scenario", "s3", "--cloud", "aws", "--json")
    assert ran.exit_code == 0, ran.err
    report = ran.json
    assert list(report["scenarios"]) == ["s3"]
    assert list(report["scenarios"]["s3"]["clouds"]) == ["aws"]
    assert report["scenarios"]["s3"]["clouds"]["aws"]["author_over_ours"] >= 10


def test_an_operators_own_traffic(puls: Program) -> None:
    """A file of plain numbers."""
    path = puls.folder / "ours.toml"
    path.write_text('based_on = "s1"\nquestions_per_day = 50\n')
    ran = puls("costs", "--scenario", str(path), "--cloud", "vm", "--json")
    assert ran.exit_code == 0, ran.err
    assert ran.json["scenarios"]["ours"]["usage"]["answers"] == 1500


def test_a_workbook_is_written(puls: Program, tmp_path: Path) -> None:
    """For those who calculate on."""
    path = tmp_path / "costs.xlsx"
    ran = puls("costs", "--xlsx", str(path))
    assert ran.exit_code == 0, ran.err
    assert path.read_bytes()[:2] == b"PK"


def test_a_mistake_is_one_line(puls: Program) -> None:
    """And exit code 2."""
    for arguments in (("--cloud", "ovh"), ("--scenario", "s9"), ("--ledger", "0")):
        ran = puls("costs", *arguments)
        assert ran.exit_code == 2
        assert "Traceback" not in ran.err


def test_a_ledger_without_a_model_says_so(puls: Program) -> None:
    """Nothing to compare is no failure."""
    ran = puls("costs", "--ledger", "30")
    assert ran.exit_code == 0, ran.err
    assert "rien à comparer" in ran.out
