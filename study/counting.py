"""Counts the code again and reads the schema anew: `make study-count` writes `counted.yaml` and `schema.json`. A commit must stand behind what is counted."""

import subprocess
from datetime import date

from study import describe_schema
from study.figures.counted import count_again
from study.figures.declared import read
from study.figures.registry import ROOT, STUDY


def main() -> None:
    describe_schema.main()
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True, timeout=10)
    today: date = read(STUDY / "edition.yaml")["date"]
    count_again(ROOT, STUDY / "counted.yaml", today=today.isoformat(), commit=commit.stdout.strip())


if __name__ == "__main__":
    main()
