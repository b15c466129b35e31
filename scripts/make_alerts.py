"""Write Prometheus' rules, their tests and the table of promises from `src/puls/alerts/slo.toml`.

`python -m scripts.make_alerts` writes; with `--check` it only says whether what is committed is what it would write.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from puls.alerts.budget_policy import policy
from puls.alerts.counting import histograms_of
from puls.alerts.objectives import Watched
from puls.alerts.prometheus import rule_groups
from puls.alerts.rule_tests import rule_tests
from puls.monitoring import REGISTRY

ROOT = Path(__file__).parents[1]
RULES = ROOT / "deploy" / "prometheus" / "rules"
_HEAD = "# Made by `python -m scripts.make_alerts` from src/puls/alerts/slo.toml. Change that file, not this one.\n"


def files() -> dict[Path, str]:
    """Every file with its contents."""
    watched, histograms = Watched.load(), histograms_of(REGISTRY)
    groups = rule_groups(watched, histograms)
    tests = rule_tests(watched, groups, histograms, rules_file="puls.yml")
    return {
        RULES / "puls.yml": _HEAD + _yaml(groups),
        RULES / "puls.test.yaml": _HEAD + _yaml(tests),
        ROOT / "docs" / "monitoring" / "slo.md": policy(watched),
    }


def _yaml(value: dict[str, Any]) -> str:
    return str(yaml.dump(value, sort_keys=False, allow_unicode=True, width=120))


def main() -> int:
    """Exit code 1 when `--check` finds a difference."""
    is_check, different = "--check" in sys.argv[1:], []
    for path, text in files().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        different.append(path)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    said = "differs" if is_check else "written"
    for path in different:
        print(f"{path.relative_to(ROOT)}: {said}")
    return 1 if is_check and different else 0


if __name__ == "__main__":
    sys.exit(main())
