"""A real model on loopback through both client classes. By hand:

../shared/tools/local-llm 8181 &
PULS_LIVE_MODEL_URL=http://127.0.0.1:8181/v1 .venv/bin/pytest tests/llm/test_live_model.py -m live
"""

import os
import sys
import time

import pytest
from tests.llm.conftest import OpenGateway, rows
from tests.llm.servers import Dialect, ModelServer

from puls.database import Database
from puls.llm.attempts import CallLimits
from puls.llm.chat import Message, ModelUsage, Prompt

URL = os.environ.get("PULS_LIVE_MODEL_URL")
PATIENT = CallLimits(first_token_seconds=90, between_tokens_seconds=30, total_seconds=240)
PROMPT = Prompt(
    system="Tu es l'assistant d'un agenda culturel. Tu réponds en français, en deux phrases au plus.",
    messages=(
        Message(
            "user",
            "Voici un événement : [1] « Concert de jazz manouche », Le Transbordeur, Villeurbanne, samedi 28 novembre à "
            "20 h 30, 8 à 15 €. Que me conseilles-tu pour samedi soir ?",
        ),
    ),
    max_tokens=60,
    temperature=0.0,
)

pytestmark = [
    pytest.mark.live,
    pytest.mark.database,
    pytest.mark.skipif(URL is None, reason="PULS_LIVE_MODEL_URL names no server"),
]


@pytest.mark.parametrize("dialect", ["openai", "mistral"])
async def test_a_real_model_streams_and_is_accounted_for(
    open_gateway: OpenGateway,
    database: Database,
    capsys: pytest.CaptureFixture[str],
    dialect: Dialect,
) -> None:
    """What a server of ours says of itself may differ from what a real one does."""
    server = ModelServer(dialect, [], url=URL or "")
    began, first, pieces, usage = time.monotonic(), 0.0, [], None
    async with open_gateway(server, limits=PATIENT) as gateway:
        async for piece in gateway.stream(PROMPT, purpose="answer"):
            if isinstance(piece, ModelUsage):
                usage = piece
            else:
                first = first or time.monotonic() - began
                pieces.append(piece)
    (row,) = await rows(database)
    seconds = f"first {first:.2f} s, all {time.monotonic() - began:.2f} s"
    with capsys.disabled():
        sys.stdout.write(f"\n{dialect}: {len(pieces)} pieces, {seconds}\n")
        sys.stdout.write(f"{''.join(pieces)}\n{usage}\n{row}\n")
    assert len(pieces) > 5
    assert usage is not None
    assert usage.tokens_in > 50
    assert 5 < usage.tokens_out <= 60 + usage.is_estimated * 60
    assert row["outcome"] == "answered"
