"""A LangChain retriever over the HTTP API of Puls: `PulsRetriever(base_url=…).invoke("concert ce soir à Lyon")`.

Needs `langchain-core` (`pip install puls[langchain]`) and a running server; opens no database.
"""

from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SecretStr

from puls.client import AsyncPulsClient, FoundEvent, PulsClient


class PulsRetriever(BaseRetriever):
    """The events that fit a question, best first, one document each.

    A document's text holds what a model needs to speak of the event; its metadata the same as values, with the uid
    to cite and the URL to show. `filters` are those of `puls.client.PulsClient.search`.
    """

    base_url: str
    limit: int = Field(default=8, ge=1, le=50)
    api_key: SecretStr | None = None
    timeout_seconds: float = 20.0
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        with PulsClient(self.base_url, **self._settings()) as client:
            found = client.search(query, **{"limit": self.limit, **self.filters})
        return [document_of(event) for event in found.events]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        async with AsyncPulsClient(self.base_url, **self._settings()) as client:
            found = await client.search(query, **{"limit": self.limit, **self.filters})
        return [document_of(event) for event in found.events]

    def _settings(self) -> dict[str, Any]:
        key = self.api_key.get_secret_value() if self.api_key else None
        return {"api_key": key, "timeout_seconds": self.timeout_seconds}


def document_of(event: FoundEvent) -> Document:
    """An event as a document; what the organiser does not state is left out of the text and None in the metadata."""
    venue, price, occurrence = event.venue, event.price, event.occurrence
    place = (venue.name, venue.address, venue.city) if venue else ()
    facts = [
        event.title,
        _when(event),
        ", ".join(dict.fromkeys(part for part in place if part)),
        _price_words(event),
        event.description,
    ]
    return Document(
        id=event.uid,
        page_content="\n".join(fact for fact in facts if fact),
        metadata={
            "uid": event.uid,
            "title": event.title,
            "category": event.category,
            "status": event.status,
            "starts_at": occurrence.start.isoformat(),
            "ends_at": occurrence.end.isoformat(),
            "hours_known": not (occurrence.is_possible or occurrence.is_day_known_only),
            "venue": venue.name if venue else None,
            "city": venue.city if venue else None,
            "lat": venue.lat if venue else None,
            "lon": venue.lon if venue else None,
            "distance_km": event.distance_km,
            "price": price.kind,
            "price_from": price.lowest,
            "price_to": price.highest,
            "url": event.url,
            "source": event.attribution.agenda_title or event.attribution.source,
            "licence": event.attribution.licence,
            "score": event.score,
        },
    )


def _when(event: FoundEvent) -> str:
    start, end = event.occurrence.start, event.occurrence.end
    if event.occurrence.is_possible:
        return f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}, dates à vérifier"
    if event.occurrence.is_day_known_only:
        return f"le {start:%d/%m/%Y}, horaires non précisés"
    if start.date() == end.date():
        return f"le {start:%d/%m/%Y} de {start:%H:%M} à {end:%H:%M}"
    return f"du {start:%d/%m/%Y %H:%M} au {end:%d/%m/%Y %H:%M}"


def _price_words(event: FoundEvent) -> str:
    price = event.price
    if price.kind == "free":
        return "gratuit"
    if price.lowest is None:
        return "prix non précisé"
    if price.highest is None or price.highest == price.lowest:
        return f"{price.lowest:g} €"
    return f"de {price.lowest:g} à {price.highest:g} €"
