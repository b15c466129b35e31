"""`.env.example` is the settings, no more and no less."""

import re

from deploy.desk.compose import ROOT, Compose
from scripts.env_example import FILE, text

from puls.settings import Settings

_LINE = re.compile(r"^#((?:PULS|DEPLOY)_[A-Z0-9_]+)=(.*)$", re.MULTILINE)


def _listed() -> dict[str, str]:
    return dict(_LINE.findall(FILE.read_text(encoding="utf-8")))


def test_every_setting_is_listed_and_nothing_listed_is_no_setting() -> None:
    """An operator reads this file and nothing else."""
    known = {f"PULS_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in _listed() if name.startswith("PULS_")} == known


def test_it_is_what_the_script_writes() -> None:
    """A description that changed is told here too."""
    assert FILE.read_text(encoding="utf-8") == text()


def test_a_copy_of_it_sets_nothing() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line.strip())


def test_compose_sets_settings_alone_and_reads_variables_that_are_listed() -> None:
    """A misspelt name in compose.yaml would be a setting that nobody reads."""
    known = {f"PULS_{name.upper()}" for name in Settings.model_fields}
    for service in ("puls", "migrate", "api", "worker"):
        given = set(Compose.read().services[service]["environment"])
        assert given - {"PULS_WORKER"} <= known  # that one comes with the worker
    read = set(re.findall(r"\$\{(DEPLOY_\w+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert {name for name in _listed() if name.startswith("DEPLOY_")} == read
