"""What the live web gave, kept in PostgreSQL: pages for a while, the last check of each event."""

from puls.web_search.keeping.checks import Checks
from puls.web_search.keeping.pages import Forgotten, StoredPace, StoredPages

__all__ = ["Checks", "Forgotten", "StoredPace", "StoredPages"]
