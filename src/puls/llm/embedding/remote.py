"""Embeddings over HTTP as OpenAI and Mistral have them, and as TEI, vLLM, Ollama and others speak it too.

Vectors are checked before they are used (`wire`), and the number of their dimensions does not change under way.
Enter at `RemoteEmbedder`.
"""

import asyncio
from collections.abc import Sequence

import httpx
import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from puls.errors import EmbeddingUnavailableError
from puls.llm.chat import Fault, ModelFaultError
from puls.llm.embedding.calls import Caller
from puls.llm.embedding.spec import EngineSpec
from puls.llm.embedding.wire import Embedded, request_of, vectors_of
from puls.llm.faults import fault_from
from puls.outside import ASKED_ENCODING, ReplyError, ReplyLimits, document

_URLS = {"mistral": "https://api.mistral.ai/v1", "openai": "https://api.openai.com/v1"}
_REPLY = ReplyLimits(most_bytes=64 * 2**20, seconds=60.0)
_A_REQUEST = 32  # texts; events' are short, and TEI takes 32 unless told otherwise
_TOGETHER = 4  # requests

# What is known before the first vector: docs.mistral.ai, platform.openai.com. Others are seen when they answer.
_DIMENSIONS = {
    "mistral-embed": 1024, "mistral-embed-2312": 1024, "text-embedding-3-small": 1536, "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}  # fmt: skip


class HttpEmbeddings:
    """Sends texts to one server and reads its vectors; one request, no second try."""

    def __init__(self, http: httpx.AsyncClient, spec: EngineSpec, *, key: SecretStr | None) -> None:
        self._http = http
        self._spec = spec
        self._url = f"{spec.base_url or _URLS[spec.kind]}/embeddings"
        self._headers = dict(ASKED_ENCODING)
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key.get_secret_value()}"

    async def __call__(self, texts: Sequence[str]) -> Embedded:
        """Unit vectors.

        Raises:
            ModelFaultError: there are none.
        """
        body = request_of(self._spec.model, texts, dimensions=self._spec.dimensions)
        try:
            async with self._http.stream(
                "POST", self._url, json=body, headers=self._headers
            ) as response:
                response.raise_for_status()
                reply = await document(response, _REPLY)
        except ReplyError as error:
            raise ModelFaultError(Fault.GARBAGE, str(error)) from error
        except httpx.HTTPError as error:
            raise fault_from(error) from error
        return vectors_of(reply, count=len(texts))


class RemoteEmbedder:
    """Questions and passages by a model elsewhere. `dimensions` is 0 until they are known."""

    at_once = _A_REQUEST * _TOGETHER

    def __init__(self, spec: EngineSpec, caller: Caller) -> None:
        self.model = spec.name
        self.dimensions = spec.dimensions or _DIMENSIONS.get(spec.model, 0)
        self._question_prompt, self._passage_prompt = spec.prompts
        self._caller = caller

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector.

        Raises:
            EmbeddingUnavailableError: there is none; see `Caller.question`.
        """
        embedded = await self._caller.question([self._question_prompt + text])
        vector: NDArray[np.float32] = self._checked(embedded.vectors)[0]
        return vector

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector per text, shape (texts, dimensions).

        Raises:
            EmbeddingUnavailableError: not all of them came.
        """
        sent = [self._passage_prompt + text for text in texts]
        parts = [sent[at : at + _A_REQUEST] for at in range(0, len(sent), _A_REQUEST)]
        if not parts:
            return np.empty((0, self.dimensions), np.float32)
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._part(part)) for part in parts]
        except* EmbeddingUnavailableError as errors:
            raise _first(errors) from errors
        return np.concatenate([task.result() for task in asked])

    async def embed_topics(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As `embed_query`, for who has time: with the patience of passages, one after another.

        Raises:
            EmbeddingUnavailableError: not all of them came.
        """
        return np.concatenate([await self._topic(text) for text in texts])

    async def _topic(self, text: str) -> NDArray[np.float32]:
        try:
            sent = [self._question_prompt + text]
            return self._checked((await self._caller.passages(sent, are_questions=True)).vectors)
        except ModelFaultError as fault:
            raise EmbeddingUnavailableError(
                f"{self.model} refuses a question ({fault})."
            ) from fault

    async def _part(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of a request's texts; in halves where the server takes fewer or shorter ones."""
        try:
            return self._checked((await self._caller.passages(texts)).vectors)
        except ModelFaultError as fault:
            if len(texts) == 1:
                raise EmbeddingUnavailableError(
                    f"{self.model} refuses a text ({fault}): check its name and its dimensions."
                ) from fault
        half = len(texts) // 2
        return np.concatenate([await self._part(texts[:half]), await self._part(texts[half:])])

    def _checked(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        dimensions = vectors.shape[1]
        if self.dimensions and dimensions != self.dimensions:
            raise EmbeddingUnavailableError(
                f"{self.model} gives vectors of {dimensions} dimensions, not of {self.dimensions}; nothing was kept of them."
            )
        self.dimensions = dimensions
        return vectors


def _first(errors: BaseExceptionGroup[EmbeddingUnavailableError]) -> EmbeddingUnavailableError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, EmbeddingUnavailableError)
    return error
