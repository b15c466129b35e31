"""Manifests for who has a cluster: rendered by kustomize, held against the API's own schemas."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from deploy.desk.compose import ROOT
from tests.delivery.test_compose import program, run

_OVERLAYS = ("small", "production")


@pytest.fixture(params=_OVERLAYS)
def rendered(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    kustomize = shutil.which(
        "kustomize", path=f"{os.environ['PATH']}{os.pathsep}{Path.home() / 'go/bin'}"
    )
    if kustomize is None:
        pytest.skip(
            "kustomize is not installed: go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1"
        )
    done = run(kustomize, "build", f"deploy/kubernetes/overlays/{request.param}")
    assert done.returncode == 0, done.stderr
    file = tmp_path / "all.yaml"
    file.write_text(done.stdout, encoding="utf-8")
    return file


def test_every_manifest_fits_the_schema_of_kubernetes(rendered: Path) -> None:
    done = run(program("kubernetes-validate"), "--strict", "--quiet", str(rendered))
    assert done.returncode == 0, done.stdout + done.stderr


def _bases() -> list[dict[str, Any]]:
    files = sorted((ROOT / "deploy/kubernetes/base").glob("*.yaml"))
    return [one for file in files for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def test_every_container_is_confined() -> None:
    """The namespace enforces « restricted »: what is not so is not started."""
    for one in (manifest for manifest in _bases() if manifest["kind"] == "Deployment"):
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in (*pod["containers"], *pod.get("initContainers", [])):
            rights = container["securityContext"]
            assert rights == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"]["limits"]["memory"]
