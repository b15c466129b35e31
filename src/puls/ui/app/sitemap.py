"""The addresses that search engines may read: events to come that are no examples, some thousands to a file.

Format: https://www.sitemaps.org/protocol.html (50,000 addresses and 50 MB a file at most). Enter at `Sitemap`.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from puls.database import Database, Queries
from puls.ingestion.sample import SAMPLE_MARK
from puls.ui.links import event_address

PER_FILE: Final = 10_000
_QUERIES = Queries.beside("puls.ui.app")
_OPENING: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The sitemap of one catalogue. `base`: where the world finds Puls, without a slash at its end."""

    database: Database
    base: str

    async def index(self, *, now: datetime) -> str:
        """The files there are; one at least, which holds the home page."""
        row = await self.database.fetch_one(_QUERIES["listed"], now=now, sample=f"%{SAMPLE_MARK}%")
        files = max(1, math.ceil((row["events"] if row else 0) / PER_FILE))
        names = "".join(
            f"<sitemap><loc>{escape(self.base)}/sitemap-{number}.xml</loc></sitemap>\n"
            for number in range(1, files + 1)
        )
        return f"{_OPENING}<sitemapindex {_NAMESPACE}>\n{names}</sitemapindex>\n"

    async def file(self, number: int, *, now: datetime) -> str | None:
        """The addresses of one file, from 1 on; None behind the last."""
        rows = await self.database.fetch_all(
            _QUERIES["addresses"],
            now=now,
            sample=f"%{SAMPLE_MARK}%",
            skip=(number - 1) * PER_FILE,
            limit=PER_FILE,
        )
        if not rows and number > 1:
            return None
        urls = [self._url("/", None)] if number == 1 else []
        urls += [self._url(event_address(row["uid"], None), row["updated_at"]) for row in rows]
        return f"{_OPENING}<urlset {_NAMESPACE}>\n{''.join(urls)}</urlset>\n"

    def _url(self, path: str, changed: datetime | None) -> str:
        when = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
        return f"<url><loc>{escape(self.base + path)}</loc>{when}</url>\n"
