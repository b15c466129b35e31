"""PostgreSQL: the only stateful part.

Without a URL an embedded server starts by itself under the home directory, is shared by every process that names the
same directory, is started again when it dies, and stops with the last of them. Migrations go forward only and run under
an advisory lock. Nothing here knows what an event is. Enter at `Database.open`.
"""

from puls.database.embedded import EmbeddedServer
from puls.database.hurry import without_hurry
from puls.database.migrating import migrate
from puls.database.pool import (
    Connection,
    Database,
    StatementLimits,
    wait_until_ready,
)
from puls.database.queries import Queries, vector_text
from puls.database.replica import following
from puls.database.supervising import embedded_server, start_embedded

__all__ = [
    "Connection",
    "Database",
    "EmbeddedServer",
    "Queries",
    "StatementLimits",
    "embedded_server",
    "following",
    "migrate",
    "start_embedded",
    "vector_text",
    "wait_until_ready",
    "without_hurry",
]
