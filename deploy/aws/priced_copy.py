"""Writes what is priced in every environment into the cost model: `python -m deploy.aws.priced_copy FOLDER` of templates.

`puls costs` prices `src/puls/costing/aws_resources.json`, so that infrastructure and study cannot disagree; `make study-aws` calls this, and
`make check-aws` compares.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from deploy.aws.checks import templates
from deploy.aws.config import ROOT, read_environments
from deploy.aws.resources import priced

COPY = ROOT / "src/puls/costing/aws_resources.json"


def text_of(folder: Path) -> str:
    """The copy, a resource a line."""
    parts = []
    for name in read_environments():
        rows = priced(templates.read(folder, name))
        lines = ",\n".join(f"    {json.dumps(asdict(row))}" for row in rows)
        parts.append(f'  "{name}": [\n{lines}\n  ]')
    return '{"made_by": "make study-aws", "environments": {\n' + ",\n".join(parts) + "\n}}\n"


def main(arguments: Sequence[str]) -> int:
    """Write; 2 without a folder."""
    if len(arguments) != 2:
        print("Name the folder of the templates.", file=sys.stderr)
        return 2
    COPY.write_text(text_of(Path(arguments[1])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
