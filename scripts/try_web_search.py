"""Ask providers of web search by hand, without a database: `python scripts/try_web_search.py SETTING WORDS…`.

SETTING is as PULS_WEB_SEARCH; keys come from BRAVE_API_KEY and TAVILY_API_KEY. Prints what Puls reads, or why it reads nothing.
"""

import asyncio
import os
import sys
import time

import httpx

from puls.errors import PulsError
from puls.web_search.providers.ddgs import is_installed
from puls.web_search.providers.making import providers_of
from puls.web_search.providers.provider import ProviderError
from puls.web_search.providers.spec import read_providers

_KEYS = {
    name: key
    for name in ("brave", "tavily")
    if (key := os.environ.get(f"{name.upper()}_API_KEY"))  # noqa: TID251 - a script has no settings
}


async def main(setting: str, words: str) -> None:
    specs = read_providers(setting, keys=_KEYS, has_ddgs=is_installed())
    async with httpx.AsyncClient(trust_env=False) as http:
        for provider in providers_of(specs, http=http, keys=_KEYS):
            began = time.perf_counter()
            try:
                hits = await provider.search(
                    words, language="fr", place=None, limit=5, within=3.0, freshness=None
                )
            except ProviderError as error:
                print(f"{provider.name}: {error.fault.value}: {error}")
                continue
            print(f"{provider.name}: {len(hits)} results in {time.perf_counter() - began:.2f} s")
            for hit in hits:
                print(f"  {hit.title}\n    {hit.url}\n    {hit.text}")


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1], " ".join(sys.argv[2:])))
    except PulsError as error:
        sys.exit(str(error))
