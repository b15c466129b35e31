"""A small typed client of a Puls server: search, read an event, chat. Synchronous and asynchronous.

    with PulsClient("https://puls.example") as puls:
        for event in puls.search("concert ce week-end à Lyon").events:
            print(event.title, event.occurrence.start)

Stands alone: it knows the HTTP API and nothing else of Puls. Failures are `PulsClientError`s with a sentence.
"""

from puls.client.answers import (
    Change,
    Event,
    EventDetails,
    FoundEvent,
    Notice,
    Occurrence,
    Price,
    Quotation,
    SearchResult,
    Venue,
    Verification,
    WebEvent,
    WebPrice,
    WebSeen,
    WebStep,
    WebTime,
)
from puls.client.chatting import ChatEvent
from puls.client.clients import AsyncPulsClient, PulsClient
from puls.client.failures import (
    ConnectionLostError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    ProblemError,
    PulsClientError,
    ServerFailedError,
    TooManyRequestsError,
    TurnFailedError,
    UnreachableError,
    UnreadableAnswerError,
)

__all__ = [
    "AsyncPulsClient",
    "Change",
    "ChatEvent",
    "ConnectionLostError",
    "Event",
    "EventDetails",
    "FoundEvent",
    "InvalidRequestError",
    "NotAllowedError",
    "NotFoundError",
    "Notice",
    "Occurrence",
    "Price",
    "ProblemError",
    "PulsClient",
    "PulsClientError",
    "Quotation",
    "SearchResult",
    "ServerFailedError",
    "TooManyRequestsError",
    "TurnFailedError",
    "UnreachableError",
    "UnreadableAnswerError",
    "Venue",
    "Verification",
    "WebEvent",
    "WebPrice",
    "WebSeen",
    "WebStep",
    "WebTime",
]
