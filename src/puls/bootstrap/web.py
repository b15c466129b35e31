"""The live web, built from settings: who fetches, who is asked, what is kept."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from puls.catalogue.store import Catalogue
from puls.conversation.looking import OnTheWeb
from puls.costs.searches import SearchLedger
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample.source import SampleSource
from puls.outside.dialing import Dialer, Resolver, SystemDialer, SystemResolver
from puls.outside.fetching import PageFetcher
from puls.outside.manners import HostPace
from puls.outside.page import Fetcher
from puls.outside.visits import Manners
from puls.settings import Settings
from puls.web_search.counting import CountedFetcher
from puls.web_search.keeping import Checks, StoredPace, StoredPages
from puls.web_search.looking import Looking, Parts
from puls.web_search.proofs.agenda import DOCUMENTED_URL, AgendaProof
from puls.web_search.proofs.keyed import KeyedFetcher
from puls.web_search.proofs.own_pages import OwnPages
from puls.web_search.proofs.portal import PortalProof
from puls.web_search.providers.accounts import SearchBudget
from puls.web_search.providers.cascade import Cascade
from puls.web_search.providers.ddgs import is_installed
from puls.web_search.providers.making import providers_of
from puls.web_search.providers.spec import read_providers
from puls.web_search.providers.terms import AllTerms
from puls.web_search.reading import PageReading
from puls.web_search.verifying import Verifying
from puls.web_search.warming import Warming

_HOMEPAGE = "https://github.com/puls-events/puls"  # whom a site's owner asks, where no public address is set
_CHOSEN_PACE = HostPace(burst=3, per_second=1.0)  # reference §9d: their own clients' pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How names become connections. Tests put a world of their own here; the guard above it stays the same."""

    resolver: Resolver = field(default_factory=SystemResolver)
    dialer: Dialer = field(default_factory=SystemDialer)
    ssl_context: ssl.SSLContext | None = None


@contextlib.asynccontextmanager
async def web_of(
    settings: Settings,
    database: Database,
    http: httpx.AsyncClient,
    *,
    gazetteer: Gazetteer,
    clock: Callable[[], datetime],
    network: Network | None = None,
) -> AsyncIterator[OnTheWeb | None]:
    """Who looks on the web for turns; None when an operator switched it off.

    Raises:
        InvalidInputError: PULS_WEB_SEARCH cannot be read, or a provider lacks its key.
    """
    if settings.web == "off":
        yield None
        return
    network = network or Network()
    async with contextlib.AsyncExitStack() as stack:
        pages = await stack.enter_async_context(
            PageFetcher(
                resolver=network.resolver,
                dialer=network.dialer,
                ssl_context=network.ssl_context,
                store=StoredPages(database),
                pace=StoredPace(database),
                manners=_manners(settings),
                clock=clock,
            )
        )
        fetcher = CountedFetcher(pages)
        cascade = await stack.enter_async_context(_cascade(settings, database, http, clock))
        checks = Checks(database)
        verifying = Verifying(
            agendas=_agendas(settings, fetcher, http, clock),
            portal=PortalProof(
                fetcher,
                base_url=f"{settings.explore_url}/catalog/datasets/{settings.explore_dataset}",
            ),
            pages=OwnPages(fetcher),
            kept=checks,
        )
        parts = Parts(
            checks=verifying,
            search=cascade,
            fetcher=fetcher,
            reading=PageReading(),
            gazetteer=gazetteer,
            clock=clock,
        )
        yield OnTheWeb(
            looking=Looking(parts, quick_seconds=settings.web_seconds),
            records=Catalogue(database),
            usual=settings.web,
            invented=frozenset({SampleSource.name}),
            engines=lambda: cascade.circuits,
            warming=Warming(popular=checks, events=Catalogue(database), verifying=verifying),
        )


def _manners(settings: Settings) -> Manners:
    """An honest name with an address that says who asks; a pace for the hosts that an operator chose."""
    chosen = (settings.openagenda_site_url, settings.explore_url)
    return Manners(
        user_agent=f"Puls/{version('puls')} (+{settings.public_url or _HOMEPAGE})",
        of_host={host: _CHOSEN_PACE for url in chosen if (host := urlsplit(url).hostname)},
    )


def _agendas(
    settings: Settings, fetcher: Fetcher, http: httpx.AsyncClient, clock: Callable[[], datetime]
) -> AgendaProof:
    """OpenAgenda's documented API with a key, else the JSON that its own site reads."""
    key = settings.openagenda_key
    if key is None:
        return AgendaProof(fetcher, base_url=settings.openagenda_site_url)
    base_url = settings.openagenda_url or DOCUMENTED_URL
    keyed = KeyedFetcher(http, base_url=base_url, key=key.get_secret_value(), clock=clock)
    return AgendaProof(keyed, base_url=base_url, is_documented=True)


def _cascade(
    settings: Settings, database: Database, http: httpx.AsyncClient, clock: Callable[[], datetime]
) -> Cascade:
    given: dict[str, SecretStr | None] = {
        "brave": settings.brave_api_key,
        "tavily": settings.tavily_api_key,
    }
    keys = {name: key.get_secret_value() for name, key in given.items() if key is not None}
    specs = read_providers(
        settings.web_search,
        keys=keys,
        has_ddgs=is_installed(),
    )
    return Cascade(
        providers_of(specs, http=http, keys=keys),
        ledger=SearchLedger(database),
        terms=AllTerms.load(),
        clock=clock,
        budget=SearchBudget(
            daily_eur=settings.daily_budget_eur,
            daily_calls=settings.web_daily_searches,
            timezone=settings.timezone,
        ),
    )
