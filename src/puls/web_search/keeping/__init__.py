"""What Puls keeps of the web in PostgreSQL, for all replicas: pages for a day at most, its manners toward hosts, last checks."""

from puls.web_search.keeping.checks import Checks
from puls.web_search.keeping.pages import StoredPace, StoredPages

__all__ = ["Checks", "StoredPace", "StoredPages"]
