"""Build the wheel and the sdist into dist/, twice, and require the same bytes both times. `make wheel`.

The moments inside are those of the last commit, so whoever has the commit can build the same files and compare.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SECONDS = 300


def main() -> int:
    """Build, compare, print names and sums."""
    with tempfile.TemporaryDirectory() as name:
        first, second = Path(name) / "first", Path(name) / "second"
        sums = [_built(folder) for folder in (first, second)]
        if sums[0] != sums[1]:
            different = sorted(one for one in sums[0] if sums[0][one] != sums[1].get(one))
            print(f"not the same twice: {', '.join(different)}", file=sys.stderr)
            return 1
        target = ROOT / "dist"
        target.mkdir(exist_ok=True)
        for old in (*target.glob("puls-*.whl"), *target.glob("puls-*.tar.gz")):
            old.unlink()
        for file in sorted(sums[0]):
            shutil.copy2(first / file, target / file)
            print(f"{sums[0][file]}  dist/{file}")
    return 0


def _built(folder: Path) -> dict[str, str]:
    moment = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    subprocess.run(
        [Path(sys.executable).with_name("uv"), "build", "--quiet", "--wheel", "--sdist", "--out-dir", folder, ROOT],
        env={**os.environ, "SOURCE_DATE_EPOCH": moment}, check=True, timeout=_SECONDS,
    )  # fmt: skip
    files = (*folder.glob("*.whl"), *folder.glob("*.tar.gz"))
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


if __name__ == "__main__":
    sys.exit(main())
