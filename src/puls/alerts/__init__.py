"""Alerts that mean something: what Puls promises (`slo.toml`), judged here each minute and, from the same file, by Prometheus.

Enter at `Watch` (judges and tells), `Watched` (what is promised) and `prometheus` (the same rules as files).
"""

from puls.alerts.objectives import Watched
from puls.alerts.readings import IndexFigures, Readings
from puls.alerts.store import AlertStore
from puls.alerts.watch import Telling, Watch

__all__ = ["AlertStore", "IndexFigures", "Readings", "Telling", "Watch", "Watched"]
