"""What an operator may set, all by environment variables that start with `PULS_`.

Everything is checked when it is read, before anything is started: a value that cannot work is refused by name.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PREFIX = "PULS_"
_NOT_SETTINGS = frozenset({"PULS_SHARED", "PULS_LIVE_MODEL_URL"})  # of the tests
_HOST = r"(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])"
_ORIGIN = re.compile(rf"(?:https://{_HOST}(?!:443$)|http://{_HOST}(?!:80$))(?::[1-9]\d{{0,4}})?")
_URL = re.compile(r"https?://[^\s/?#@]+(?::\d{1,5})?(?:/[^\s?#]*)?")
_DIRECTIONS = re.compile(
    r"\s*(?:(?:transit|foot|bike|car)=(?:google|osm|apple|citymapper|https://[^\s{}]*(?:\{(?:from_)?(?:lat|lon)\}[^\s{}]*)+)\s*)*"
)
_TILES = re.compile(r"\s*(?:ign|osm|none|(?:https?:/)?/[^\s|]+(?:\|[^|]*)?)?\s*")
_SMTP = re.compile(r"smtp(?:s|\+starttls)?://[^\s/?#@:]+(?::\d{1,5})?")
_HOOK = re.compile(r"https?://[^\s#@]+")
_MAILBOX = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_DATASET = re.compile(r"[A-Za-z0-9_@-]{1,200}")


def _origin(value: str) -> str:
    """An origin as browsers write it, because it is compared with what they send."""
    if _ORIGIN.fullmatch(value) is None:
        raise ValueError(
            "write an origin as browsers do, such as https://www.example.org or http://127.0.0.1:8080: "
            "lower case, no path, no slash at the end, no usual port, no joker"
        )
    return value


def _host(value: str) -> str:
    if re.fullmatch(_HOST, value.lower()) is None:
        raise ValueError(
            "write a host as it stands in an address, such as puls.example.org: no port, no joker"
        )
    return value.lower()


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        raise ValueError("write addresses or networks, such as 10.0.0.7 or 10.0.0.0/8") from None
    return value


def _matching(
    pattern: re.Pattern[str], what: str, *, may_be_empty: bool = False
) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not (may_be_empty and not value) and pattern.fullmatch(value) is None:
            raise ValueError(f"write {what}")
        return value

    return check


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    else:
        return value
    near = difflib.get_close_matches(value, available_timezones(), n=1)
    hint = f"; did you mean {near[0]}?" if near else ", such as Europe/Paris"
    raise ValueError(f"there is no such time zone{hint}")


def _mailbox(value: str) -> str:
    if _MAILBOX.fullmatch(value) is None:
        raise ValueError("write an address such as operator@example.org, without a name")
    return value


def _place(value: str) -> str:
    if (
        value.startswith("s3:")
        and re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(?:/[^?#\s]*)?", value) is None
    ):
        raise ValueError("write a folder, or s3://bucket/folder")
    return value if value.startswith("s3:") or not value else str(Path(value).expanduser())


def _recipient(value: str) -> str:
    if re.fullmatch(r"age1[a-z0-9]{58}", value) is None:
        raise ValueError("write public keys as age-keygen shows them: age1…")
    return value


def _key(value: SecretStr) -> SecretStr:
    """A key goes into a header as it is: what a file or a paste adds around it would break each request."""
    written = value.get_secret_value().strip()
    if not written or not written.isascii() or not written.isprintable() or " " in written:
        raise ValueError("a key is one word of plain characters")
    return SecretStr(written)


def _file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("there is no such file")
    return value


_Url = Annotated[
    str, AfterValidator(_matching(_URL, "an address, such as https://example.org/api"))
]
_Key = Annotated[SecretStr, AfterValidator(_key)]
OpenDoor = Literal["metrics", "openapi", "ready"]


class Settings(BaseSettings):
    """Defaults make a newcomer's machine work with nothing set."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    home: Path = Field(default=Path(".puls"), description="where the embedded database lives")
    database_url: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="a PostgreSQL ≥ 16 with pgvector ≥ 0.8.4; embedded when unset",
    )
    database_pool_size: int = Field(default=8, ge=1, le=200)
    database_replica_url: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="a streaming replica of it, where `puls serve` reads the catalogue; the primary answers while it is away",
    )
    database_replica_lag_seconds: float = Field(
        default=10.0,
        ge=1,
        le=3600,
        description="how far behind the replica may be and still be read",
    )
    openagenda_url: _Url = "https://api.openagenda.com/v2"
    openagenda_key: _Key | None = Field(
        default=None, description="read key of the OpenAgenda REST API"
    )
    explore_url: _Url = "https://public.opendatasoft.com/api/explore/v2.1"
    explore_dataset: Annotated[
        str, AfterValidator(_matching(_DATASET, "a dataset's identifier: letters, digits, - _ @"))
    ] = "evenements-publics-openagenda"
    geocoder_url: Annotated[
        str,
        AfterValidator(_matching(_URL, "an address of a server, or nothing", may_be_empty=True)),
    ] = Field(
        default="",
        description="a geocoder of addresses, such as https://data.geopf.fr/geocodage; empty: none is asked",
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Europe/Paris", description="IANA name, used when a visitor gives none"
    )
    models: str = Field(
        default="",
        description="the chain of chat models, such as `mistral:mistral-small-latest, "
        "openai:NAME@http://127.0.0.1:8181/v1, composer`; empty: Mistral Small with a key, else the composer alone",
    )
    embeddings: str = Field(
        default="e5-small",
        description="what turns texts into vectors, the one that builds first: `e5-small` (no key, no download), "
        "`e5-small@/folder`, `mistral:mistral-embed`, `openai:MODEL@http://127.0.0.1:8080/v1`, `openai:MODEL[512]`, "
        "`langchain:package.module:name`, separated by commas; see docs/how-to/embeddings.md",
    )
    embedding_threads: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="for passages by e5-small; all processors, at most 4, when unset",
    )
    mistral_api_key: _Key | None = None
    openai_api_key: _Key | None = Field(
        default=None,
        description="for openai: models and embeddings; a server of your own may need none",
    )
    model_first_token_seconds: float = Field(default=4.0, gt=0, le=600)
    model_between_tokens_seconds: float = Field(default=5.0, gt=0, le=600)
    model_total_seconds: float = Field(
        default=20.0, gt=0, le=600, description="for one answer, all models of the chain together"
    )
    model_retries: int = Field(default=2, ge=0, le=5, description="per model of the chain")
    model_concurrency: int = Field(default=16, ge=1, le=1000, description="calls at once per model")
    model_prices: Annotated[Path, AfterValidator(_file)] | None = Field(
        default=None,
        description="prices of your own, in the form of src/puls/llm/prices.toml; they win over it",
    )
    daily_budget_eur: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="for all models and replicas, per day in PULS_TIMEZONE",
    )
    visitor_daily_calls: int | None = Field(
        default=None, ge=0, description="answers by a model per visitor and day"
    )
    web: Literal["off", "quick", "thorough"] = Field(
        default="quick",
        description="how far to look on the live web unless a visitor chooses; off: nobody can",
    )
    web_search: str = Field(
        default="",
        description="search engines in the order to ask them, such as `searxng@http://127.0.0.1:8888, brave, tavily`; "
        "empty: none is asked, checks of events still work",
    )
    web_seconds: float = Field(
        default=3.0, gt=0, le=20, description="for a quick look; a thorough one may take 8/3 of it"
    )
    web_daily_searches: int | None = Field(
        default=None, ge=0, description="for all replicas, per day in PULS_TIMEZONE"
    )
    brave_api_key: _Key | None = None
    tavily_api_key: _Key | None = None
    openagenda_site_url: _Url = Field(
        default="https://openagenda.com",
        description="whose own JSON of an agenda checks an event, without a key",
    )
    worker: Literal["inside", "off"] = Field(
        default="inside",
        description="whether `puls serve` runs jobs beside answering; off: a `puls worker` does, on this database",
    )
    sync: str = Field(
        default="",
        description="sources that are read by themselves, such as `openagenda: Rhône every 1h; agenda: 12345 every 30m; "
        "openagenda full: Rhône weekly on sunday at 04:00; file: /data/events.jsonl daily at 05:00`; empty: none",
    )
    jobs: str = Field(
        default="",
        description="schedules other than the usual ones, such as `backup daily at 03:30, canary every 5m, warm off`; "
        "times in PULS_TIMEZONE; `off`: none but PULS_SYNC",
    )
    backups: Annotated[str, AfterValidator(_place)] = Field(
        default="",
        description="where the nightly backups of an embedded database go: a folder, or s3://bucket/folder; the folder "
        "`backups` of PULS_HOME when unset",
    )
    backups_kept: int = Field(default=7, ge=1, le=1000)
    backup_recipients: Annotated[
        tuple[Annotated[str, AfterValidator(_recipient)], ...], NoDecode
    ] = Field(
        default=(),
        description="public keys of age (age1…) that backups are sealed for, separated by commas; empty: not sealed",
    )
    backup_identity: Annotated[Path, AfterValidator(_file)] | None = Field(
        default=None,
        description="a file with age's secret key, for `puls restore` and `puls backup verify`; keep it elsewhere than the server",
    )
    backup_s3_endpoint: Annotated[
        str, AfterValidator(_matching(_URL, "an address of a server", may_be_empty=True))
    ] = Field(
        default="",
        description="the server of s3:// buckets when it is not Amazon's, such as https://s3.fr-par.scw.cloud; keys as AWS' tools read them",
    )
    secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="signs visitors' cookies; the same on every replica; when unset one is made and kept in PULS_HOME",
    )
    retention_days: int = Field(default=30, ge=1, le=365, description="how long turns are kept")
    chat_per_minute: int = Field(
        default=20, ge=1, le=10**9, description="turns per visitor or API key"
    )
    chat_per_minute_per_address: int = Field(default=60, ge=1, le=10**9)
    requests_per_minute: int = Field(
        default=120, ge=1, le=10**9, description="per visitor or API key"
    )
    requests_per_minute_per_address: int = Field(default=600, ge=1, le=10**9)
    map_tiles: Annotated[
        str, AfterValidator(_matching(_TILES, "ign, osm, none, or ADDRESS|ATTRIBUTION"))
    ] = Field(
        default="ign",
        description="background of the map: `ign`, `osm`, `none`, or `ADDRESS|ATTRIBUTION` with {z}, {x}, {y} in the "
        "address; the visitor's browser fetches it",
    )
    directions: Annotated[
        str,
        AfterValidator(
            _matching(_DIRECTIONS, "such as `transit=google foot=osm`; see .env.example")
        ),
    ] = Field(
        default="transit=google foot=osm bike=osm car=osm",
        description="who shows the way to a venue, by means (transit, foot, bike, car): `google`, `osm`, `apple`, `citymapper` "
        "(transit), or an https address with {lat}, {lon} and, if it knows where one starts, {from_lat}, {from_lon}; nobody is "
        "asked before a visitor taps",
    )
    survey_rate: float = Field(
        default=0.1, ge=0, le=1, description="share of answers that ask whether an outing was found"
    )
    experiment: Annotated[Path, AfterValidator(_file)] | None = Field(
        default=None,
        description="a TOML file that says of two or more ways of answering which visitors get which; none: off",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$",
        description="where visitors find the page, such as https://puls.example; names events in calendars and links; empty: as the request was addressed",
    )
    allowed_hosts: Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], NoDecode] = Field(
        default=(),
        description="names under which Puls answers, beside those of this machine itself and of PULS_PUBLIC_URL, "
        "separated by commas; a request for any other is refused (421)",
    )
    trusted_proxies: Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode] = (
        Field(
            default=(),
            description="addresses or networks of your own proxies, separated by commas: who asked, and over https or "
            "not, is taken from their X-Forwarded-For and X-Forwarded-Proto; empty: from nobody's",
        )
    )
    widget_origins: Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode] = (
        Field(
            default=(),
            description="the sites whose pages may embed the assistant: exact origins such as "
            "https://www.example.org, separated by commas; empty: none",
        )
    )
    open_doors: Annotated[tuple[OpenDoor, ...], NoDecode] = Field(
        default=(),
        description="what anybody may read without an operator's key: `openapi` (the API's description), `metrics`, "
        "`ready` (the details of /health/ready), separated by commas; empty: none",
    )
    alerts: bool = Field(
        default=True, description="judge the built-in alert rules each minute while serving"
    )
    alerts_email_to: Annotated[tuple[Annotated[str, AfterValidator(_mailbox)], ...], NoDecode] = (
        Field(default=(), description="who hears of alerts by e-mail, separated by commas")
    )
    alerts_email_from: Annotated[str, AfterValidator(_mailbox)] = Field(
        default="puls@localhost", description="the sender of these e-mails"
    )
    alerts_smtp: Annotated[
        str,
        AfterValidator(
            _matching(_SMTP, "smtp://HOST:PORT, smtp+starttls://… or smtps://…", may_be_empty=True)
        ),
    ] = Field(
        default="",
        description="the mail server, such as smtp+starttls://mail.example.org:587; empty: no e-mails",
    )
    alerts_smtp_user: str = Field(default="", description="for the mail server, when it wants one")
    alerts_smtp_password: SecretStr | None = None
    letters_from: Annotated[
        str,
        AfterValidator(
            _matching(_MAILBOX, "an address, such as puls@example.org", may_be_empty=True)
        ),
    ] = Field(
        default="",
        description="the sender of letters to visitors who asked for them twice; they go through PULS_ALERTS_SMTP and link to "
        "PULS_PUBLIC_URL, which both must be set; empty: no letters",
    )
    alerts_webhook: Annotated[
        str,
        AfterValidator(
            _matching(_HOOK, "an address, such as https://example.org/hook", may_be_empty=True)
        ),
    ] = Field(default="", description="an address that alerts are posted to as JSON; empty: none")
    alerts_chat: Annotated[
        str, AfterValidator(_matching(_HOOK, "an incoming webhook's address", may_be_empty=True))
    ] = Field(default="", description="an incoming webhook of Mattermost or Slack; empty: none")
    alerts_runbooks: _Url = Field(
        default="https://github.com/puls-events/puls/blob/main/docs/runbooks",
        description="where the runbooks are read; each alert links to NAME.md below it",
    )
    log_level: str = Field(default="INFO", pattern="^(?i:debug|info|warning|error|critical)$")
    log_format: str = Field(default="auto", pattern="^(auto|json|text)$")

    @field_validator(
        "widget_origins",
        "allowed_hosts",
        "trusted_proxies",
        "open_doors",
        "alerts_email_to",
        "backup_recipients",
        mode="before",
    )
    @classmethod
    def _separated_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(filter(None, map(str.strip, value.split(","))))
        return value

    @field_validator("home", mode="before")
    @classmethod
    def _somewhere(cls, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            raise ValueError("name a folder, or leave it out for .puls")
        return Path(value).expanduser() if isinstance(value, str) else value

    @field_validator(
        "secret", "database_url", "experiment", "openagenda_key", "backup_identity", "alerts_smtp_password", "mistral_api_key", "openai_api_key", "brave_api_key", "tavily_api_key",
        mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        """How a container's file of variables says that there is none."""
        return None if value == "" else value


def unknown_settings() -> dict[str, str]:
    """Variables that look like settings and are none, each with the setting that may have been meant, else nothing."""
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = (
        {name for name in map(str.upper, os.environ) if name.startswith(_PREFIX)}
        - known
        - _NOT_SETTINGS
    )
    return {name: next(iter(difflib.get_close_matches(name, known, n=1)), "") for name in unknown}


@dataclass(frozen=True, slots=True, kw_only=True)
class OtelAsked:
    """What OpenTelemetry's standard variables ask to be exported."""

    traces: bool
    metrics: bool
    metrics_every_seconds: float


def otel_asked(environment: Mapping[str, str] = os.environ) -> OtelAsked:
    """Traces and metrics go out when `OTEL_EXPORTER_OTLP_ENDPOINT`, or that of one signal, is set or `OTEL_*_EXPORTER` is `otlp`.

    `OTEL_SDK_DISABLED=true` and `OTEL_TRACES_EXPORTER=none` switch it off, as the specification has it; all other
    variables (headers, sampler, resource) are read by the SDK itself.
    """

    def asks(signal: str) -> bool:
        exporter = environment.get(f"OTEL_{signal}_EXPORTER", "").strip().lower()
        has_endpoint = any(
            environment.get(name, "").strip()
            for name in (
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT",
            )
        )
        return exporter == "otlp" or (not exporter and has_endpoint)

    is_off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    every = environment.get("OTEL_METRIC_EXPORT_INTERVAL", "").strip()
    return OtelAsked(
        traces=asks("TRACES") and not is_off,
        metrics=asks("METRICS") and not is_off,
        metrics_every_seconds=max(1.0, int(every) / 1000) if every.isdigit() else 60.0,
    )


def was_given(settings: Settings, name: str) -> bool:
    """Whether an operator set it, be it to its usual value."""
    return name in settings.model_fields_set
