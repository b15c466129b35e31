"""What an operator may set, all by environment variables that start with `PULS_`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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
    log_level: str = Field(default="INFO", pattern="^(?i:debug|info|warning|error|critical)$")
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$")
