"""What Puls keeps of the web in PostgreSQL, for all replicas: pages for a day at most, and its manners toward hosts."""

from puls.web_search.keeping.pages import StoredPace, StoredPages

__all__ = ["StoredPace", "StoredPages"]
