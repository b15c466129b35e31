"""What a release says of itself, the table of licences, and the judge of speed."""

from pathlib import Path
from typing import Any

import pytest
from bench.ratio import is_slower
from deploy.releasing.cloud import CloudError
from deploy.releasing.tasks import run
from scripts.audit import Part
from scripts.licences import TABLE, differences, table
from scripts.release import ReleaseError, expected, notes, schema_in, version_of

ROOT = Path(__file__).parents[2]
_LOG = "# Changelog\n\n## [Unreleased]\nsoon\n\n## [0.2.0] – 2026-12-01\n### Added\n- a thing\n\n## [0.1.0] – 2026-11-30\n\n"


@pytest.mark.parametrize(
    ("tag", "version"),
    [("v1.2.0", "1.2.0"), ("v1.2.0-rc.1", "1.2.0rc1"), ("v0.10.3-beta.2", "0.10.3b2")],
)
def test_a_tag_names_the_version_of_the_project(tag: str, version: str) -> None:
    """SemVer in git, PEP 440 on PyPI; one is made from the other."""
    assert expected(tag) == version


@pytest.mark.parametrize("tag", ["1.2.0", "v1.2", "v1.2.0.1", "v01.2.0", "v1.2.0-final", "v1.2.0 ", "latest"])  # fmt: skip
def test_another_tag_releases_nothing(tag: str) -> None:
    with pytest.raises(ReleaseError):
        expected(tag)


def test_notes_are_the_section_of_the_changelog() -> None:
    assert notes(_LOG, "v0.2.0") == "### Added\n- a thing\n"
    assert notes(_LOG, "v0.3.0-rc.1") == "soon\n"


@pytest.mark.parametrize("tag", ["v0.1.0", "v0.3.0", "v0.2"])
def test_a_release_without_notes_is_none(tag: str) -> None:
    """Empty, absent, and a name that only begins alike."""
    with pytest.raises(ReleaseError):
        notes(_LOG, tag)


def test_the_real_files_can_be_read() -> None:
    assert version_of((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert schema_in(ROOT / "src/puls/migrations") >= "0061"
    assert notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), "v99.0.0-rc.1")


def test_a_licence_that_changed_is_told() -> None:
    part = Part(name="thing", version="1", hashes=(), licence="MIT", is_run=True)
    other = Part(name="thing", version="2", hashes=(), licence="AGPL-3.0", is_run=True)
    elsewhere = Part(name="windows-only", version="1", hashes=(), licence=None, is_run=True)
    page = table([part, elsewhere])
    assert differences(page, [part, elsewhere]) == []
    assert differences(page, [other]) == ["| thing | AGPL-3.0 | runs |  |"]
    assert TABLE.exists()


@pytest.mark.parametrize(
    ("ratios", "slower"),
    [
        ([1.3] * 10, True),
        ([1.1] * 10, False),
        ([1.3] * 8 + [0.9] * 2, False),
        ([0.8] * 10, False),
    ],
)
def test_only_what_is_clearly_slower_stops_a_change(ratios: list[float], slower: bool) -> None:
    assert is_slower(ratios) is slower


class _Ecs:
    """Answers as ECS does for one task; moto starts no container."""

    def __init__(self, *ends: dict[str, Any]) -> None:
        self._ends = list(ends)
        self.ran: dict[str, Any] = {}
        self.stopped = False

    def describe_services(self, **_: Any) -> Any:
        return {"services": [{"taskDefinition": "w:1", "networkConfiguration": {"n": 1}}]}

    def describe_task_definition(self, taskDefinition: str) -> Any:  # noqa: N803
        return {"taskDefinition": {"family": taskDefinition, "containerDefinitions": [{"name": "puls", "image": taskDefinition}]}}  # fmt: skip

    def register_task_definition(self, **words: Any) -> Any:
        return {"taskDefinition": {"taskDefinitionArn": f"{words['family']}:9"}}

    def run_task(self, **words: Any) -> Any:
        self.ran = words
        return {"tasks": [{"taskArn": "t"}]}

    def describe_tasks(self, **_: Any) -> Any:
        return {"tasks": [self._ends.pop(0) if self._ends else {"lastStatus": "RUNNING"}]}

    def stop_task(self, **_: Any) -> None:
        self.stopped = True


@pytest.mark.parametrize("code", [0, 1])
def test_a_task_ends_as_its_command_ends(code: int) -> None:
    ecs = _Ecs({"lastStatus": "RUNNING"}, {"lastStatus": "STOPPED", "containers": [{"name": "puls", "exitCode": code}]})  # fmt: skip
    assert run(ecs, "staging", ["index", "status"], seconds=5, sleep=lambda _: None) == code
    assert ecs.ran["taskDefinition"] == "puls-staging-command:9"
    assert ecs.ran["overrides"]["containerOverrides"][0]["command"] == ["index", "status"]


def test_a_task_that_never_ran_or_never_ends_is_said() -> None:
    with pytest.raises(CloudError, match="never ran: no image"):
        run(_Ecs({"lastStatus": "STOPPED", "stoppedReason": "no image"}), "staging", ["status"], seconds=5, sleep=lambda _: None)  # fmt: skip
    ecs = _Ecs()
    with pytest.raises(CloudError, match="was stopped after 0 s"):
        run(ecs, "staging", ["status"], seconds=0.01, sleep=lambda _: None)
    assert ecs.stopped
