"""The providers as an operator writes them: one line, the preferred one first.

`searxng@http://127.0.0.1:8888, brave, tavily, ddgs`. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

from puls.errors import InvalidInputError

_SETTING = "PULS_WEB_SEARCH"
ProviderName = Literal["searxng", "brave", "tavily", "ddgs"]
_NAMES: Final[tuple[str, ...]] = get_args(ProviderName)
_KEYLESS: Final = "tavily:keyless"
_KEY_SETTINGS: Final[dict[str, str]] = {
    "brave": "PULS_BRAVE_API_KEY",
    "tavily": "PULS_TAVILY_API_KEY",
}
_EXAMPLE: Final = f"{_SETTING}=searxng@http://127.0.0.1:8888, brave"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """A provider to ask. `base_url` None is its own address; `is_keyless`: Tavily without a key."""

    name: ProviderName
    base_url: str | None = None
    is_keyless: bool = False

    @property
    def needs_key(self) -> bool:
        return self.name in _KEY_SETTINGS and not self.is_keyless


def read_providers(
    text: str, *, keys: Collection[str] = (), has_ddgs: bool = True
) -> tuple[ProviderSpec, ...]:
    """The providers in order; none of an empty text: search is off, and so it is by default.

    `keys` are names of providers for which there is a key; `has_ddgs`: whether that extra is installed.

    Raises:
        InvalidInputError: a part is not `name[@address]`, is named twice, or lacks its key, address or extra.
    """
    specs = tuple(_spec(part.strip()) for part in text.split(",") if part.strip())
    names = [spec.name for spec in specs]
    if len(set(names)) < len(names):
        raise InvalidInputError(f"{_SETTING} names a provider twice; its limits would be mixed up.")
    for spec in specs:
        if spec.needs_key and spec.name not in keys:
            raise InvalidInputError(
                f"{_SETTING} names {spec.name}, which wants a key: set {_KEY_SETTINGS[spec.name]} or leave it out."
            )
        if spec.name == "ddgs" and not has_ddgs:
            raise InvalidInputError(
                f'{_SETTING} names ddgs, which is not installed: pip install "puls[ddgs]". It is for development.'
            )
    return specs


def _spec(part: str) -> ProviderSpec:
    written, at, base_url = part.partition("@")
    name = "tavily" if written == _KEYLESS else written
    if name not in _NAMES:
        raise InvalidInputError(
            f"{_SETTING}: there is no provider `{written[:60]}`. Write {', '.join(_NAMES)} (or {_KEYLESS}), separated by "
            f"commas, such as {_EXAMPLE}."
        )
    if at and (name == "ddgs" or not _is_server(base_url)):
        why = (
            "ddgs has no address"
            if name == "ddgs"
            else f"`{_shown(base_url)}` is not an address of a server"
        )
        raise InvalidInputError(f"{_SETTING}: {why}; write for example {_EXAMPLE}.")
    if name == "searxng" and not at:
        raise InvalidInputError(
            f"{_SETTING}: searxng is a server of your own and wants its address, such as {_EXAMPLE}."
        )
    return ProviderSpec(
        name=cast("ProviderName", name),
        base_url=base_url.rstrip("/") or None,
        is_keyless=written == _KEYLESS,
    )


def _is_server(url: str) -> bool:
    """Whether it is http or https with a host, perhaps a port and a path; no credentials, query or fragment."""
    if not url.isprintable() or any(character in url for character in " @?#\\"):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _shown(url: str) -> str:
    """A password that somebody put there stays out of the sentence."""
    return url.rpartition("@")[2][:100]
