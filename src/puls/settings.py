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
    log_level: str = Field(default="INFO", pattern="^(?i:debug|info|warning|error|critical)$")
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$")
