"""Everything about the delivery that needs no network, one line each: `make check-delivery`, at most five minutes.

A check whose tool is not on this machine is skipped, with the tool's name; a check that fails shows its last words, and the exit code
is 1. `--strict`, as CI calls it: what is skipped fails too.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_WHOLE_SECONDS = 300.0
_SHOWN = 1_500
_BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One command; `needs`: programs without which it cannot be run, `over`: what must exist for it to mean anything."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    over: str = "."


def checks() -> list[Check]:
    """In the order they run: quickest first."""
    python = sys.executable
    rules = [
        str(one.relative_to(ROOT))
        for one in sorted((ROOT / "deploy/prometheus/rules").glob("*.yml"))
    ]
    shell = [str(one.relative_to(ROOT)) for one in sorted((ROOT / "deploy").rglob("*.sh"))]
    return [
        Check(name="settings: .env.example", command=(python, "-m", "scripts.env_example", "--check")),
        Check(name="Dockerfile: hadolint", command=("hadolint", "Dockerfile"), needs=("hadolint",)),
        Check(name="scripts: shellcheck", command=("shellcheck", *shell), needs=("shellcheck",)),
        Check(name="compose: schema", needs=("check-jsonschema",),
              command=("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")),
        Check(name="Prometheus: rules", command=("promtool", "check", "rules", *rules), needs=("promtool",), over="deploy/prometheus"),
        Check(name="Alertmanager: routes", needs=("amtool",), over="deploy/alertmanager",
              command=("amtool", "check-config", "deploy/alertmanager/alertmanager.yml")),
        Check(name="delivery: tests", command=(python, "-m", "pytest", "-q", "tests/delivery", "-p", "no:cacheprovider")),
        Check(name="alerts: tests of rules", command=(python, "-m", "pytest", "-q", "tests/alerts"), over="tests/alerts"),
        Check(name="workflows: zizmor", command=("zizmor", "--offline", "--quiet", ".github"), needs=("zizmor",), over=".github/workflows"),
        Check(name="workflows: actionlint", command=("actionlint",), needs=("actionlint",), over=".github/workflows"),
        Check(name="API: only grown", command=(python, "-m", "scripts.openapi", "check")),
        Check(name="licences: the table", command=(python, "-m", "scripts.licences", "--check")),
        Check(name="workflows: tests", command=(python, "-m", "pytest", "-q", "tests/pipelines/test_workflows.py"), over="tests/pipelines"),
        Check(name="AWS: synthesis, rules, assertions", command=("make", "check-aws"), over=".venv-aws"),
    ]  # fmt: skip


def main() -> int:
    """Run them within the time that all may take."""
    began, failed, skipped = time.monotonic(), 0, 0
    for check in checks():
        why_not = _why_not(check)
        if why_not:
            skipped += 1
            print(f"skip  {check.name}: {why_not}")
            continue
        left = _WHOLE_SECONDS - (time.monotonic() - began)
        said = _said_wrong(check, seconds=max(1.0, left))
        failed += said is not None
        print(f"{'FAIL' if said is not None else 'ok  '}  {check.name}")
        if said:
            print(said)
    print(f"{failed} failed, {skipped} skipped, {time.monotonic() - began:.0f} s")
    return int(failed > 0 or ("--strict" in sys.argv[1:] and skipped > 0))


def _why_not(check: Check) -> str | None:
    if not (ROOT / check.over).exists():
        return f"there is no {check.over}"
    missing = [one for one in check.needs if _program(one) is None]
    return f"not installed: {', '.join(missing)}" if missing else None


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}")


def _said_wrong(check: Check, *, seconds: float) -> str | None:
    """The last words of a failed check; None when it holds."""
    program = _program(check.command[0]) or check.command[0]
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    try:
        done = subprocess.run(
            [program, *check.command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not finished after {seconds:.0f} s"
    return None if done.returncode == 0 else (done.stdout + done.stderr)[-_SHOWN:]


if __name__ == "__main__":
    sys.exit(main())
