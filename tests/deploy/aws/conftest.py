"""Templates for tests: those of AWS_TEMPLATES, as `make check-aws` made them, else made here once. Skipped where CDK is not installed."""

import os
from pathlib import Path
from typing import Any

import pytest
from deploy.aws.checks import templates

ENVIRONMENTS = ("dev", "staging", "production")
Parts = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("aws_cdk", reason="needs the CDK environment: `make aws-env check-aws`")
    if made := os.environ.get("AWS_TEMPLATES"):
        return Path(made)
    from deploy.aws.app import make_app  # noqa: PLC0415 # only where CDK is

    folder = tmp_path_factory.mktemp("cdk")
    make_app(outdir=folder).synth()
    return folder


@pytest.fixture(params=ENVIRONMENTS)
def environment(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def parts(folder: Path, environment: str) -> Parts:
    return templates.read(folder, environment)


@pytest.fixture
def production(folder: Path) -> Parts:
    return templates.read(folder, "production")
