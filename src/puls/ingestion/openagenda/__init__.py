"""OpenAgenda as a source: the OpenDataSoft mirror, and OpenAgenda's own REST API.

Both speak their protocol and nothing else; mapping is elsewhere. Enter at `ExploreExport` (everything),
`ExploreChanges` (what changed since the last run) and `AgendaEvents` (one agenda, with removals).
"""

from puls.ingestion.openagenda.agenda import AgendaClient, AgendaEvents
from puls.ingestion.openagenda.changes import ExploreChanges
from puls.ingestion.openagenda.explore import ExploreClient, ExploreExport

__all__ = ["AgendaClient", "AgendaEvents", "ExploreChanges", "ExploreClient", "ExploreExport"]
