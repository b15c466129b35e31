"""Findings of cdk-nag, cfn-lint and checkov on the synthesised templates, less those that are acknowledged with a reason.

`python -m deploy.aws.checks.findings DIR` makes the templates in DIR and says what stays; 1 when anything does.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag

from deploy.aws.app import make_app
from deploy.aws.config import HERE

_LIMIT_SECONDS = 600  # a tool that hangs; `make check-aws` has the limit of the whole
_ENOUGH_ARGUMENTS = 2


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """`where` is a construct's path (cdk-nag) or STACK:RESOURCE."""

    tool: str
    rule: str
    where: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """A finding that stays, and why. `*` in `rule` and `where` stands for anything."""

    tool: str
    rule: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        return (
            self.tool == finding.tool
            and matches(self.rule, finding.rule)
            and matches(self.where, finding.where)
        )


class ToolFailedError(Exception):
    """A tool ended otherwise than with a list of findings; the message holds its last words."""


def matches(wanted: str, text: str) -> bool:
    """Whether `text` is `wanted`, in which only `*` is special."""
    return re.fullmatch(".*".join(map(re.escape, wanted.split("*"))), text) is not None


def acknowledged(path: Path = HERE / "acknowledged.toml") -> list[Acknowledged]:
    """All rows. A row without a reason is no row: TypeError."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["finding"]
    return [Acknowledged(**row) for row in rows]


def split(
    findings: Iterable[Finding], rows: Sequence[Acknowledged]
) -> tuple[list[Finding], list[Acknowledged]]:
    """Findings that no row covers, and rows that cover none."""
    used: set[int] = set()
    left = []
    for finding in findings:
        covering = {n for n, row in enumerate(rows) if row.covers(finding)}
        used |= covering
        if not covering:
            left.append(finding)
    return sorted(left), [row for n, row in enumerate(rows) if n not in used]


def synthesise(into: Path) -> list[Finding]:
    """Every environment's templates, and what cdk-nag and CDK's own rules say of them.

    Raises:
        ToolFailedError: no report was written.
    """
    app = make_app(outdir=into)
    cdk.Validations.of(app).add_plugins(cdk_nag.AwsSolutionsChecks())
    report = into / "validation-report.json"
    try:
        app.synth()
    except RuntimeError as error:
        if not report.exists():  # ValidationFailed comes after the report; anything else before
            raise ToolFailedError(f"The stacks cannot be made: {error}") from error
    return list(_of_nag(json.loads(report.read_text(encoding="utf-8"))))


def _of_nag(report: dict[str, Any]) -> Iterable[Finding]:
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                yield Finding(
                    tool="cdk-nag",
                    rule=violation["ruleName"],
                    where=construct["constructPath"],
                    says=violation["description"],
                )


def lint(templates: Sequence[Path]) -> list[Finding]:
    """What cfn-lint says, warnings and remarks too."""
    found = json.loads(
        _run("cfn-lint", "--format", "json", "--include-checks", "I", "--", *templates)
    )
    return [
        Finding(
            tool="cfn-lint",
            rule=one["Rule"]["Id"],
            where=f"{_stack(one['Filename'])}:{_resource(one['Location']['Path'])}",
            says=one["Message"],
        )
        for one in found
    ]


def scan(templates: Sequence[Path]) -> list[Finding]:
    """What checkov says. It asks nobody: --skip-download."""
    files = [word for template in templates for word in ("-f", str(template))]
    reports = json.loads(
        _run("checkov", "--framework", "cloudformation", "--compact", "--quiet",
             "--skip-download", "--output", "json", *files)
    )  # fmt: skip
    return [
        Finding(
            tool="checkov",
            rule=one["check_id"],
            where=f"{_stack(one['file_path'])}:{one['resource'].rpartition('.')[2]}",
            says=one["check_name"],
        )
        for report in (reports if isinstance(reports, list) else [reports])
        for one in report.get("results", {}).get("failed_checks", [])
    ]


def _run(program: str, *arguments: object) -> str:
    command = [str(Path(sys.executable).parent / program), *map(str, arguments)]
    try:
        done = subprocess.run(  # programs of this environment, no shell
            command, capture_output=True, text=True, timeout=_LIMIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ToolFailedError(f"{program} took more than {_LIMIT_SECONDS} s.") from error
    if not done.stdout.lstrip().startswith(("[", "{")):
        raise ToolFailedError(f"{program} gave no list: {done.stderr[-500:]}")
    return done.stdout


def _stack(path: str) -> str:
    return Path(path).name.removesuffix(".template.json")


def _resource(path: Sequence[object] | None) -> str:
    return str(path[1]) if path and len(path) > 1 else ""


def main(arguments: Sequence[str]) -> int:
    """Make, look, say."""
    if len(arguments) < _ENOUGH_ARGUMENTS:
        print("Name the folder for the templates.", file=sys.stderr)
        return 2
    into = Path(arguments[1]).resolve()
    into.mkdir(parents=True, exist_ok=True)
    try:
        of_nag = synthesise(into)
        templates = sorted(into.glob("*.template.json"))
        with ThreadPoolExecutor(2) as at_once:
            others = [at_once.submit(lint, templates), at_once.submit(scan, templates)]
            findings = [*of_nag, *(one for other in others for one in other.result())]
    except ToolFailedError as error:
        print(error, file=sys.stderr)
        return 1
    left, unused = split(findings, acknowledged())
    for finding in left:
        print(f"{finding.tool} {finding.rule} {finding.where}: {finding.says}")
    for row in unused:
        print(f"acknowledged.toml: nothing is found any more by {row.tool} {row.rule} {row.where}")
    print(
        f"{len(templates)} templates, {len(findings)} findings of cdk-nag, cfn-lint and checkov, "
        f"{len(findings) - len(left)} acknowledged, {len(left)} not, {len(unused)} rows without a finding."
    )
    return 1 if left or unused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
