"""Copies what the cost model needs of backlog and plan into `src/puls/costing/build.json`: `python -m study.planned.build_copy [--check]`.

The wheel has no `study/`; `puls costs` simulates the build from this copy. `--check` fails when it is not that of the YAML.
"""

import json
import sys
from typing import Any

from study.planned.loading import ROOT, Study, StudyError, read_study

COPY = ROOT / "src/puls/costing/build.json"


def copy_of(study: Study) -> dict[str, Any]:
    """The content of `build.json`."""
    plan, backlog = study.plan, study.backlog
    return {
        "made_by": "make study-build",
        "epics": {one.id: one.name for one in backlog.epics},
        "milestones": {one.id: one.name for one in plan.milestones},
        "rates": {one.id: one.day_rate_eur for one in plan.roles},
        "other": {one.id: one.eur for one in plan.other_build_costs},
        "simulation": {
            "draws": plan.simulation.draws,
            "seed": plan.simulation.seed,
            "common_factor": list(plan.simulation.common_factor),
        },
        "stories": [
            {
                "id": one.id,
                "epic": one.epic,
                "milestone": one.milestone,
                "role": one.role,
                "days": list(one.days),
            }
            for one in backlog.stories
        ],
    }


def text_of(study: Study) -> str:
    """`build.json`, a story a line."""
    copy = copy_of(study)
    stories = copy.pop("stories")
    head = json.dumps(copy, ensure_ascii=False, indent=1)[:-2]
    lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in stories)
    return f'{head},\n "stories": [\n{lines}\n ]\n}}\n'


def main(arguments: list[str]) -> int:
    """Write, or compare; 1 when the copy is not that of the YAML."""
    try:
        text = text_of(read_study())
    except StudyError as error:
        print(error, file=sys.stderr)
        return 2
    if "--check" not in arguments:
        COPY.write_text(text, "utf-8")
        return 0
    if COPY.read_text("utf-8") != text:
        print(f"{COPY.name} is not that of study/*.yaml: make study-build.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
