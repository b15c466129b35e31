"""The two clients: the same requests, waited for or awaited. Enter at `PulsClient` and `AsyncPulsClient`."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, Self, Unpack
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from puls.client import bounded
from puls.client.answers import EventDetails, SearchResult, Verification
from puls.client.chatting import ChatEvent, ChatReader
from puls.client.failures import UnreachableError, problem_of
from puls.client.given import ChatOptions, Filters, by_api_names

_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 60.0  # between two events of a chat
_ANSWER_SECONDS = 120.0  # for a whole answer, whatever each wait may take
_MOST_REDIRECTED = httpx.codes.MULTIPLE_CHOICES


class PulsClient:
    """A synchronous client of the server at `base_url`; close it, or use it as a context manager.

    `timeout_seconds` bounds each wait for an answer; a refused connection is tried `connect_retries` times more.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout_seconds: float = 20.0,
        connect_retries: int = 2,
        chat_silence_seconds: float = _SILENCE_SECONDS,
    ) -> None:
        self._chat_timeout = _timeout(chat_silence_seconds)
        self._http = httpx.Client(
            base_url=base_url,
            headers=_headers(api_key),
            timeout=_timeout(timeout_seconds),
            transport=httpx.HTTPTransport(retries=connect_retries),
        )

    def search(self, question: str = "", **filters: Unpack[Filters]) -> SearchResult:
        """The events that fit a question in words and filters, best first.

        Raises:
            PulsClientError: see `puls.client.failures`.
        """
        response = self._get("/v1/search", _parameters(question, filters))
        return SearchResult.model_validate(response)

    def event(self, uid: str | int) -> EventDetails:
        """One event with all its occurrences.

        Raises:
            NotFoundError: no event ever had this uid.
        """
        return EventDetails.model_validate(self._get(_path(uid)))

    def verification(self, uid: str | int, *, within: float | None = None) -> Verification:
        """What is seen of an event on the web now, within so many seconds (0.5 to 8, usually 3).

        Raises:
            NotFoundError: no event ever had this uid.
            ServerFailedError: looking on the web is switched off there (`code` "web_off").
        """
        parameters = {} if within is None else {"within": within}
        return Verification.model_validate(self._get(f"{_path(uid)}/verification", parameters))

    def chat(self, text: str, **options: Unpack[ChatOptions]) -> Iterator[ChatEvent]:
        """One turn of a conversation, event by event as it is written.

        Leaving the loop only stops listening; see `stop`. The client keeps the visitor's cookie: its turns are one
        visitor's.

        Raises:
            ConnectionLostError: the stream stopped early; ask again with its `request_id`.
            TurnFailedError: the server ended the turn without an answer.
        """
        body = _turn(text, options)
        reader = ChatReader(body["request_id"])
        with (
            _reaching(self._http),
            self._http.stream(
                "POST", "/v1/chat", json=body, headers=_EVENT_STREAM, timeout=self._chat_timeout
            ) as response,
        ):
            if response.status_code >= _MOST_REDIRECTED:
                _checked(response, _read(response))
            count = bounded.Counted(response.headers)
            try:
                for piece in response.iter_raw():
                    count.add(piece)
                    yield from reader.feed(piece)
            except httpx.TransportError as error:
                raise reader.lost(_why(error)) from error
        if not reader.is_done:
            raise reader.lost("the server closed it")

    def stop(self, turn_id: str | UUID) -> None:
        """Stop an answer that is being written; what was written so far is kept."""
        self._ask("POST", f"/v1/turns/{turn_id}/stop")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        return self._ask("GET", path, parameters)

    def _ask(self, method: str, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        with (
            _reaching(self._http),
            self._http.stream(method, path, params=parameters) as response,
        ):
            return _checked(response, _read(response))


class AsyncPulsClient:
    """The asynchronous twin of `PulsClient`."""

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout_seconds: float = 20.0,
        connect_retries: int = 2,
        chat_silence_seconds: float = _SILENCE_SECONDS,
    ) -> None:
        self._chat_timeout = _timeout(chat_silence_seconds)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers=_headers(api_key),
            timeout=_timeout(timeout_seconds),
            transport=httpx.AsyncHTTPTransport(retries=connect_retries),
        )

    async def search(self, question: str = "", **filters: Unpack[Filters]) -> SearchResult:
        """See `PulsClient.search`."""
        response = await self._get("/v1/search", _parameters(question, filters))
        return SearchResult.model_validate(response)

    async def event(self, uid: str | int) -> EventDetails:
        """See `PulsClient.event`."""
        return EventDetails.model_validate(await self._get(_path(uid)))

    async def verification(self, uid: str | int, *, within: float | None = None) -> Verification:
        """See `PulsClient.verification`."""
        parameters = {} if within is None else {"within": within}
        return Verification.model_validate(
            await self._get(f"{_path(uid)}/verification", parameters)
        )

    async def chat(self, text: str, **options: Unpack[ChatOptions]) -> AsyncIterator[ChatEvent]:
        """See `PulsClient.chat`."""
        body = _turn(text, options)
        reader = ChatReader(body["request_id"])
        async with (
            _areaching(self._http),
            self._http.stream(
                "POST", "/v1/chat", json=body, headers=_EVENT_STREAM, timeout=self._chat_timeout
            ) as response,
        ):
            if response.status_code >= _MOST_REDIRECTED:
                _checked(response, await _aread(response))
            count = bounded.Counted(response.headers)
            try:
                async for piece in response.aiter_raw():
                    count.add(piece)
                    for event in reader.feed(piece):
                        yield event
            except httpx.TransportError as error:
                raise reader.lost(_why(error)) from error
        if not reader.is_done:
            raise reader.lost("the server closed it")

    async def stop(self, turn_id: str | UUID) -> None:
        """See `PulsClient.stop`."""
        await self._ask("POST", f"/v1/turns/{turn_id}/stop")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        return await self._ask("GET", path, parameters)

    async def _ask(
        self, method: str, path: str, parameters: Mapping[str, Any] | None = None
    ) -> Any:
        async with (
            _areaching(self._http),
            self._http.stream(method, path, params=parameters) as response,
        ):
            return _checked(response, await _aread(response))


_EVENT_STREAM = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))


def _headers(api_key: str | None) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "User-Agent": "puls-client/1",
        **bounded.ASKED_ENCODING,
    }
    return headers | {"Authorization": f"Bearer {api_key}"} if api_key else headers


def _path(uid: str | int) -> str:
    return f"/v1/events/{quote(str(uid), safe='')}"


def _parameters(question: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    return {"q": question, **by_api_names(filters)}


def _turn(text: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": text, "request_id": str(uuid4()), **by_api_names(options)}


def _checked(response: httpx.Response, body: Any) -> Any:
    """The JSON of an answer."""
    is_empty = response.status_code == httpx.codes.NO_CONTENT
    if not response.is_success or (body is None and not is_empty):
        raise problem_of(response.status_code, response.headers, body)
    return body


def _read(response: httpx.Response) -> Any:
    """The JSON of an open response, within limits; None when it has none."""
    reading = bounded.Reading(response.headers, seconds=_ANSWER_SECONDS, clock=time.monotonic)
    for piece in response.iter_raw():
        reading.feed(piece)
    return reading.json()


async def _aread(response: httpx.Response) -> Any:
    """The same, awaited."""
    reading = bounded.Reading(response.headers, seconds=_ANSWER_SECONDS, clock=time.monotonic)
    async for piece in response.aiter_raw():
        reading.feed(piece)
    return reading.json()


@contextmanager
def _reaching(http: httpx.Client) -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise _unreachable(http.base_url, error) from error


@asynccontextmanager
async def _areaching(http: httpx.AsyncClient) -> AsyncIterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise _unreachable(http.base_url, error) from error


def _unreachable(base_url: httpx.URL, error: httpx.TransportError) -> UnreachableError:
    return UnreachableError(f"No answer from {base_url}: {_why(error)}.")


def _why(error: httpx.TransportError) -> str:
    return (
        "it took too long"
        if isinstance(error, httpx.TimeoutException)
        else (str(error) or type(error).__name__)
    )
