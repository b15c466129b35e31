"""Write Grafana's dashboards (classic schema, Grafana 10 and later) from `scripts/dashboard_panels.py`.

`python -m scripts.make_dashboards` writes deploy/grafana/*.json; `--check` only says whether they are up to date.
"""

import sys
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from scripts.dashboard_panels import DASHBOARDS, Panel

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "deploy" / "grafana"
_KINDS: dict[str, Any] = {"timeseries": timeseries.Panel, "stat": stat.Panel, "table": table.Panel}


def drawn(name: str) -> str:
    """One dashboard as JSON."""
    title, panels = DASHBOARDS[name]
    board = (
        dashboard.Dashboard(title)
        .uid(f"puls-{name}")
        .tags(["puls"])
        .timezone("Europe/Paris")
        .refresh("1m")
        .time("now-24h", "now")
        .with_variable(dashboard.DatasourceVariable("prometheus").type("prometheus"))
    )
    for panel in panels:
        board = board.with_panel(_panel(panel))
    return str(JSONEncoder(sort_keys=True, indent=2).encode(board.build())) + "\n"


def _panel(panel: Panel) -> Any:
    source = DataSourceRef(type_val="prometheus", uid="${prometheus}")
    built = (
        _KINDS[panel.kind]()
        .title(panel.title)
        .description(panel.says)
        .unit(panel.unit)
        .datasource(source)
        .span(8)
        .height(8)
    )
    for legend, query in panel.queries:
        asked = prometheus.Dataquery().expr(query).legend_format(legend).datasource(source)
        built = built.with_target(asked.instant() if panel.kind == "table" else asked)
    return built


def main() -> int:
    """Exit code 1 when `--check` finds a difference."""
    is_check, different = "--check" in sys.argv[1:], False
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in DASHBOARDS:
        path, text = FOLDER / f"{name}.json", drawn(name)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        different = True
        if not is_check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {'differs' if is_check else 'written'}")
    return 1 if is_check and different else 0


if __name__ == "__main__":
    sys.exit(main())
