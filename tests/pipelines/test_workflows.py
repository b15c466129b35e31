"""Workflows of GitHub as an attacker and an operator read them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
_PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
_COMMENT = re.compile(r"uses: ([^\s#]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$", re.MULTILINE)
_MAKE = re.compile(r"(?:deploy/release/[a-z_]+\.sh(?: [a-z0-9 -]+)?|make [a-z-]+)")
_WRITES = {  # who may write what, each with its reason in the file
    ("release", "wheel"): {"id-token", "attestations"},
    ("release", "image"): {"packages", "id-token", "attestations"},
    ("release", "publish"): {"contents", "id-token"},
    ("release", "staging"): {"id-token"},
    ("release", "production"): {"id-token"},
    ("deploy", "deploy"): {"id-token"},
    ("roll-back", "back"): {"id-token"},
    ("index", "index"): {"id-token"},
    ("security", "codeql"): {"security-events"},
}


def jobs() -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for file in WORKFLOWS:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
        found += [(file.stem, name, job) for name, job in read["jobs"].items()]
    return found


def steps() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{file}/{name}", step) for file, name, job in jobs() for step in job.get("steps", [])]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))  # fmt: skip


def test_there_are_workflows() -> None:
    assert {one.stem for one in WORKFLOWS} == {"check", "deploy", "drills", "index", "release", "roll-back", "security"}  # fmt: skip


def test_every_command_is_one_of_the_makefile_or_a_committed_script() -> None:
    """What CI does can be done, and looked into, on a desk; nothing is written between the lines of YAML."""
    for where, step in steps():
        if "run" not in step:
            continue
        command = step["run"].strip()
        assert _MAKE.fullmatch(command), f"{where}: {command}"
        if command.startswith("make "):
            assert command.split()[1] in targets(), f"{where}: {command}"
        else:
            assert (ROOT / command.split()[0]).stat().st_mode & 0o100, where


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    """Tags were moved to hostile commits: tj-actions in 2025, Trivy's in 2026."""
    for file in WORKFLOWS:
        text = file.read_text(encoding="utf-8")
        used = [one for one in re.findall(r"uses: (\S+)", text) if not one.startswith("./")]
        assert all(_PINNED.fullmatch(one) for one in used)
        assert len(_COMMENT.findall(text)) == len(used), file.name
    found: dict[str, set[str]] = {}
    for file in WORKFLOWS:
        for one in _COMMENT.findall(file.read_text(encoding="utf-8")):
            action, commit = one.split("@")
            found.setdefault("/".join(action.split("/")[:2]), set()).add(commit)
    assert all(len(commits) == 1 for commits in found.values()), "one action, two commits"


def test_images_are_pinned_too() -> None:
    for file, name, job in jobs():
        if "container" in job:
            assert "@sha256:" in job["container"], f"{file}/{name}"


def test_nobody_has_a_right_that_is_not_listed_here() -> None:
    """A workflow begins with none; each job names its own."""
    for file in WORKFLOWS:
        assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {}, file.name
    writes = {
        (file, name): {right for right, how in job["permissions"].items() if how == "write"}
        for file, name, job in jobs()
    }
    assert {key: rights for key, rights in writes.items() if rights} == _WRITES


def test_every_job_ends_and_no_check_leaves_its_token_behind() -> None:
    for file, name, job in jobs():
        assert "uses" in job or job["timeout-minutes"] <= 150, f"{file}/{name}"
    for where, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, where


def test_no_word_of_a_stranger_is_pasted_into_a_command() -> None:
    """Titles, branches and inputs come as variables, never as text of a shell."""
    for where, step in steps():
        assert "${{" not in step.get("run", ""), where
    for file in WORKFLOWS:
        assert "pull_request_target" not in file.read_text(encoding="utf-8")


def test_the_cloud_is_entered_by_identity_alone() -> None:
    """No key of AWS or PyPI is kept anywhere."""
    for file in WORKFLOWS:
        used = set(re.findall(r"secrets\.(\w+)", file.read_text(encoding="utf-8")))
        assert used <= {"GITHUB_TOKEN"}, file.name


def test_the_deployment_waits_longer_than_the_release_does() -> None:
    """Else GitHub kills it in the middle: settle api, settle worker, watch, and settle both again, 15 + 15 + 10 + 30 minutes at most."""
    deploy = next(job for file, name, job in jobs() if (file, name) == ("deploy", "deploy"))
    assert deploy["timeout-minutes"] >= 15 + 15 + 10 + 30


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("zizmor is not installed")
    ran = subprocess.run([zizmor, "--offline", "--quiet", ".github"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github/dependabot.yml"]),
    ],
)
def test_workflows_have_the_form_that_github_publishes(schema: str, files: list[Path]) -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    if not program.exists():
        pytest.skip("check-jsonschema is not installed")
    ran = subprocess.run([program, "--builtin-schema", schema, *files], capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stdout
