"""The examples run as they are printed, against a served Puls: nobody copies a program that no longer works."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.served import Served, embedder, load_sample, serving
from tests.serving import NOW

from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.api_keys import ApiKeys

EXAMPLES = Path(__file__).parents[2] / "examples/http"
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def served(server_url: str, gazetteer: Gazetteer) -> Iterator[Served]:
    from tests.conftest import clone  # noqa: PLC0415

    for url in clone(server_url, "template_puls"):
        asyncio.run(load_sample(url, gazetteer, embedder=embedder()))
        with serving(url, gazetteer, embedder=embedder()) as served:
            yield served


def ran(*command: str, **variables: str) -> str:
    """What a program prints; it must end well."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **variables},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_search_its_next_page_and_its_feed(served: Served) -> None:
    """curl and nothing else."""
    said = ran("sh", str(EXAMPLES / "search.sh"), served.url)
    first, _, rest = said.partition("-- next page\n")
    assert len(first.splitlines()) == 3
    uids = [line.split()[0] for line in (first + rest.partition("-- ")[0]).splitlines()]
    assert len(set(uids)) == 6
    assert "<rss" in rest


def test_a_conversation_of_two_messages(served: Served) -> None:
    """The second one is understood with the first."""
    said = ran(sys.executable, str(EXAMPLES / "chat.py"), served.url)
    assert said.count("written by composer") == 2
    second = said.split("> et gratuit ?")[1]
    assert "understood:" in second
    assert "Lyon" in second.splitlines()[1]


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not on this machine")
def test_a_chat_from_javascript(served: Served) -> None:
    assert "jazz" in ran("node", str(EXAMPLES / "chat.mjs"), served.url).lower()


def test_openais_own_client(served: Served) -> None:
    """With a key, as every such client wants one."""

    async def key() -> str:
        async with Database.open(served.database_url, pool_size=1) as database:
            _, secret = await ApiKeys(database).create(name="x", scopes=["chat"], now=NOW)
            return secret

    program = str(EXAMPLES / "openai_chat.py")
    assert "gratuit" in ran(sys.executable, program, served.url, PULS_KEY=asyncio.run(key()))
