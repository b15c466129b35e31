"""What an operator may set, all by environment variables that start with `PULS_`."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HOST = r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])"
_ORIGIN = re.compile(rf"(?:https://{_HOST}(?!:443$)|http://{_HOST}(?!:80$))(?::[1-9]\d{{0,4}})?")


def _origin(value: str) -> str:
    """An origin as browsers write it, because it is compared with what they send."""
    if _ORIGIN.fullmatch(value) is None:
        raise ValueError(
            "write an origin as browsers do, such as https://www.example.org or http://127.0.0.1:8080: "
            "lower case, no path, no slash at the end, no usual port, no joker"
        )
    return value


class Settings(BaseSettings):
    """Defaults make a newcomer's machine work with nothing set."""

    model_config = SettingsConfigDict(env_prefix="PULS_", env_file=".env", extra="ignore")

    home: Path = Field(default=Path(".puls"), description="where the embedded database lives")
    database_url: SecretStr | None = Field(
        default=None, description="a PostgreSQL ≥ 16 with pgvector ≥ 0.8.4; embedded when unset"
    )
    database_pool_size: int = Field(default=8, ge=1, le=200)
    openagenda_url: str = "https://api.openagenda.com/v2"
    openagenda_key: SecretStr | None = Field(
        default=None, description="read key of the OpenAgenda REST API"
    )
    explore_url: str = "https://public.opendatasoft.com/api/explore/v2.1"
    explore_dataset: str = "evenements-publics-openagenda"
    geocoder_url: str = Field(
        default="",
        description="a geocoder of addresses, such as https://data.geopf.fr/geocodage; empty: none is asked",
    )
    timezone: str = Field(
        default="Europe/Paris", description="IANA name, used when a visitor gives none"
    )
    models: str = Field(
        default="",
        description="the chain of chat models, such as `mistral:mistral-small-latest, "
        "openai:NAME@http://127.0.0.1:8181/v1, composer`; empty: Mistral Small with a key, else the composer alone",
    )
    mistral_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = Field(
        default=None, description="for openai: models; a server of your own may need none"
    )
    model_first_token_seconds: float = Field(default=4.0, gt=0, le=600)
    model_between_tokens_seconds: float = Field(default=5.0, gt=0, le=600)
    model_total_seconds: float = Field(
        default=20.0, gt=0, le=600, description="for one answer, all models of the chain together"
    )
    model_retries: int = Field(default=2, ge=0, le=5, description="per model of the chain")
    model_concurrency: int = Field(default=16, ge=1, le=1000, description="calls at once per model")
    model_prices: Path | None = Field(
        default=None,
        description="prices of your own, in the form of src/puls/llm/prices.toml; they win over it",
    )
    daily_budget_eur: float | None = Field(
        default=None, ge=0, description="for all models and replicas, per day in PULS_TIMEZONE"
    )
    visitor_daily_calls: int | None = Field(
        default=None, ge=0, description="answers by a model per visitor and day"
    )
    secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="signs visitors' cookies; the same on every replica; when unset one is made and kept in PULS_HOME",
    )
    retention_days: int = Field(default=30, ge=1, le=365, description="how long turns are kept")
    chat_per_minute: int = Field(default=20, ge=1, description="turns per visitor or API key")
    chat_per_minute_per_address: int = Field(default=60, ge=1)
    requests_per_minute: int = Field(default=120, ge=1, description="per visitor or API key")
    requests_per_minute_per_address: int = Field(default=600, ge=1)
    map_tiles: str = Field(
        default="ign",
        description="background of the map: `ign`, `osm`, `none`, or `ADDRESS|ATTRIBUTION` with {z}, {x}, {y} in the "
        "address; the visitor's browser fetches it",
    )
    survey_rate: float = Field(
        default=0.1, ge=0, le=1, description="share of answers that ask whether an outing was found"
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="where visitors find the page, such as https://puls.example; names events in calendars and links; empty: as the request was addressed",
    )
    widget_origins: Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode] = (
        Field(
            default=(),
            description="the sites whose pages may embed the assistant: exact origins such as "
            "https://www.example.org, separated by commas; empty: none",
        )
    )
    log_level: str = Field(default="INFO", pattern="^(?i:debug|info|warning|error|critical)$")
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$")

    @field_validator("widget_origins", mode="before")
    @classmethod
    def _separated_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(filter(None, map(str.strip, value.split(","))))
        return value
