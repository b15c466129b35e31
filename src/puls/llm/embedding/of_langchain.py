"""Any `Embeddings` of LangChain, by its dotted name: an object, or a class or function that gives one when called bare.

What it computes, costs and sends is its own matter: Puls keeps limits of time around it and checks its vectors. Nothing of
LangChain is imported here. Enter at `LangChainEmbedder`.
"""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from puls.errors import InvalidInputError
from puls.llm.chat import Fault, ModelFaultError
from puls.llm.embedding.wire import Embedded, unit
from puls.llm.faults import fault_from


def embeddings_named(name: str) -> Any:
    """What `package.module:name` or `package.module.name` stands for. Blocks: it imports.

    Raises:
        InvalidInputError: there is no such thing, or it is no `Embeddings`.
    """
    module, _, attribute = name.rpartition(":" if ":" in name else ".")
    try:
        found = getattr(importlib.import_module(module), attribute)
        made = found() if callable(found) and not _is_embeddings(found) else found
    except Exception as error:
        raise InvalidInputError(
            f"PULS_EMBEDDINGS: {name} cannot be used ({type(error).__name__}: {error})."
        ) from error
    if not _is_embeddings(made):
        raise InvalidInputError(
            f"PULS_EMBEDDINGS: {name} is no LangChain Embeddings: it lacks aembed_query or aembed_documents."
        )
    return made


def _is_embeddings(thing: Any) -> bool:
    return not isinstance(thing, type) and all(
        callable(getattr(thing, name, None)) for name in ("aembed_query", "aembed_documents")
    )


class OfLangChain:
    """One request of a `Caller`: a question alone goes as a query, anything else as documents."""

    def __init__(self, embeddings: Any) -> None:
        self._embeddings = embeddings

    async def question(self, texts: Sequence[str]) -> Embedded:
        """The vector of one question.

        Raises:
            ModelFaultError: there is none.
        """
        return await self._checked(self._embeddings.aembed_query(texts[0]), count=1)

    async def passages(self, texts: Sequence[str]) -> Embedded:
        """The vectors of passages.

        Raises:
            ModelFaultError: not all of them came.
        """
        return await self._checked(self._embeddings.aembed_documents(list(texts)), count=len(texts))

    async def _checked(self, asked: Any, *, count: int) -> Embedded:
        try:
            found = await asked
        except Exception as error:  # whatever the integration raises
            raise fault_from(error) from error
        try:
            vectors = np.array(found, dtype=np.float32).reshape(count, -1)
        except (TypeError, ValueError) as error:
            raise ModelFaultError(Fault.GARBAGE, "no list of numbers for each text") from error
        return Embedded(unit(vectors), None)
