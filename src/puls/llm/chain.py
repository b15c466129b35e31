"""The chain of models as an operator writes it: one line, the preferred model first.

`mistral:mistral-small-latest, openai:qwen@http://127.0.0.1:8181/v1, composer`. Pure.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from puls.errors import InvalidInputError

COMPOSER = "composer"
_WITH_A_KEY_ALONE = "mistral:mistral-small-latest"
Provider = Literal["mistral", "openai"]
_PROVIDERS: tuple[str, ...] = get_args(Provider)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model to call. `base_url` None is the provider's own address."""

    provider: Provider
    model: str
    base_url: str | None = None

    @property
    def name(self) -> str:
        """`provider:model`, as in the ledger, the metrics and the price table."""
        return f"{self.provider}:{self.model}"

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine and thus costs nothing per call."""
        return is_on_this_machine(self.base_url)


def is_on_this_machine(url: str | None) -> bool:
    """Whether an address names a loopback host; none names none."""
    host = urlsplit(url or "").hostname
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def read_chain(text: str, *, has_mistral_key: bool = False) -> tuple[ModelSpec, ...]:
    """The models before `composer`, which may be left out: it always comes last.

    An empty text is Mistral Small when there is a key for it, and otherwise no model.

    Raises:
        InvalidInputError: a part is not `provider:model[@base_url]`, or something follows `composer`.
    """
    if not text.strip() and has_mistral_key:
        text = _WITH_A_KEY_ALONE
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if COMPOSER in parts[:-1]:
        raise InvalidInputError("PULS_MODELS: `composer` never fails, so nothing may follow it.")
    specs = tuple(_spec(part) for part in parts if part != COMPOSER)
    names = [spec.name for spec in specs]
    if len(set(names)) < len(names):
        raise InvalidInputError("PULS_MODELS names a model twice; what it costs would be mixed up.")
    return specs


def _spec(part: str) -> ModelSpec:
    provider, colon, rest = part.partition(":")
    model, at, base_url = rest.rpartition("@") if "@http" in rest else (rest, "", "")
    if not colon or provider not in _PROVIDERS or not model:
        raise InvalidInputError(
            f"PULS_MODELS: cannot read `{part}`. Write provider:model or provider:model@base_url "
            f"(providers: {', '.join(_PROVIDERS)}), separated by commas, and `composer` last."
        )
    if at and not urlsplit(base_url).hostname:
        raise InvalidInputError(f"PULS_MODELS: `{base_url}` is not an address of a server.")
    return ModelSpec(provider=cast("Provider", provider), model=model, base_url=base_url or None)
