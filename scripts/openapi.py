"""The API's description as committed (`openapi.json`), and the gate that only lets it grow. `make openapi`, `make check-openapi`.

`write` refuses a break unless `--break REASON` says why (a new major version; it goes to the changelog). `check` fails when the committed
description is not that of the code, or breaks the one of BASE, a commit (of the pull request's base, or the last release's tag).
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from scripts.api_breaks import breaks

from puls.api.app import create_app
from puls.bootstrap import Puls

ROOT = Path(__file__).parents[1]
COMMITTED = ROOT / "openapi.json"
_NO_COMMIT = "0" * 40


def described() -> dict[str, Any]:
    """By the code as it is; nothing is opened."""
    return create_app(_never).openapi()


def _never() -> AbstractAsyncContextManager[Puls]:
    raise RuntimeError("only described")


def main(arguments: Sequence[str]) -> int:
    """1 when the gate stays shut; what is wrong is printed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.openapi")
    parser.add_argument("command", choices=("write", "check"))
    parser.add_argument("--break", dest="reason", default="", help="why clients must be broken")
    parser.add_argument("--base", default="", help="a commit whose openapi.json must not be broken")
    given = parser.parse_args(arguments)
    now = described()
    committed = json.loads(COMMITTED.read_text(encoding="utf-8")) if COMMITTED.exists() else {}
    if given.command == "write":
        return _write(committed, now, given.reason)
    return _check(committed, now, given.base)


def _write(committed: dict[str, Any], now: dict[str, Any], reason: str) -> int:
    wrong = breaks(committed, now)
    for one in wrong:
        print(f"breaks: {one}")
    if wrong and not reason:
        return 1
    COMMITTED.write_text(json.dumps(now, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")  # fmt: skip
    return 0


def _check(committed: dict[str, Any], now: dict[str, Any], base: str) -> int:
    wrong = [f"breaks: {one}" for one in breaks(committed, now)]
    if not wrong and committed != json.loads(json.dumps(now)):
        wrong.append("openapi.json is not what the code says: make openapi")
    if base and base != _NO_COMMIT and (before := _of(base)) is not None:
        wrong += [f"breaks {base[:12]}: {one}" for one in breaks(before, now)]
    print("\n".join(wrong) or f"openapi.json: {len(now['paths'])} paths, nothing broken")
    return int(bool(wrong))


def _of(commit: str) -> dict[str, Any] | None:
    """None where it had none yet."""
    shown = subprocess.run(  # noqa: S603 # our own words
        ["git", "show", f"{commit}:openapi.json"],  # noqa: S607 # the git of whoever builds
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    found: dict[str, Any] | None = json.loads(shown.stdout) if shown.returncode == 0 else None
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
