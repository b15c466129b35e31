"""Clients of the providers that a setting names. The composition root calls it; nothing is asked here."""

from collections.abc import Mapping, Sequence
from typing import assert_never

import httpx

from puls.web_search.providers import brave, tavily
from puls.web_search.providers.brave import BraveSearch
from puls.web_search.providers.ddgs import DdgsSearch
from puls.web_search.providers.provider import SearchProvider
from puls.web_search.providers.searxng import SearxngSearch
from puls.web_search.providers.spec import ProviderSpec
from puls.web_search.providers.tavily import TavilySearch


def providers_of(
    specs: Sequence[ProviderSpec], *, http: httpx.AsyncClient, keys: Mapping[str, str]
) -> list[SearchProvider]:
    """One client for each spec of `read_providers`; `keys` by the provider's name."""
    return [_provider(spec, http, keys) for spec in specs]


def _provider(
    spec: ProviderSpec, http: httpx.AsyncClient, keys: Mapping[str, str]
) -> SearchProvider:
    match spec.name:
        case "searxng":
            assert spec.base_url is not None  # `read_providers` wants one
            return SearxngSearch(http, base_url=spec.base_url)
        case "brave":
            return BraveSearch(http, key=keys["brave"], base_url=spec.base_url or brave.BASE_URL)
        case "tavily":
            key = None if spec.is_keyless else keys["tavily"]
            return TavilySearch(http, key=key, base_url=spec.base_url or tavily.BASE_URL)
        case "ddgs":
            return DdgsSearch()
        case _ as unknown:
            assert_never(unknown)
