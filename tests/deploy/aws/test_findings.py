"""Acknowledgements: exact, each with a reason, none that is needed no more."""

import pytest

pytest.importorskip("cdk_nag", reason="needs the CDK environment: `make aws-env check-aws`")

from deploy.aws.checks.findings import (  # after the skip
    Acknowledged,
    Finding,
    acknowledged,
    matches,
    split,
)

NAG = Finding(tool="cdk-nag", rule="IAM5[Resource::*]", where="puls-dev-service/Api")
ROW = Acknowledged(tool="cdk-nag", rule="IAM5[Resource::*]", where="puls-*/Api", reason="…")


def test_only_a_star_is_special() -> None:
    """Rules of cdk-nag are full of brackets and points."""
    assert matches("IAM5[Resource::*]", "IAM5[Resource::arn:aws:x]")
    assert not matches("IAM5.Resource", "IAM5xResource")


def test_a_finding_without_a_row_stays() -> None:
    """That is what the gate is for."""
    assert split([NAG], []) == ([NAG], [])


def test_a_row_without_a_finding_is_told() -> None:
    """A row that covers nothing would one day cover something else."""
    assert split([NAG], [ROW]) == ([], [])
    assert split([], [ROW]) == ([], [ROW])


def test_a_row_of_another_tool_covers_nothing() -> None:
    """checkov's reasons are not cdk-nag's."""
    other = Acknowledged(tool="checkov", rule="*", where="*", reason="…")
    assert split([NAG], [other])[0] == [NAG]


def test_every_row_has_a_reason_that_says_something() -> None:
    """« Accepted » is no reason."""
    assert all(len(row.reason.split()) > 5 for row in acknowledged())
