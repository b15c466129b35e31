"""The setting and the table of terms: what can be wrong is said when the process starts."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from puls.errors import InvalidInputError
from puls.web_search.providers.making import providers_of
from puls.web_search.providers.spec import ProviderSpec, read_providers
from puls.web_search.providers.terms import AllTerms

KEYS = {"brave", "tavily"}


def test_providers_are_read_in_order() -> None:
    """The first is asked first."""
    line = " searxng@http://127.0.0.1:8888/ , brave, tavily@https://proxy.example/tavily, ddgs,"
    assert read_providers(line, keys=KEYS) == (
        ProviderSpec(name="searxng", base_url="http://127.0.0.1:8888"),
        ProviderSpec(name="brave"),
        ProviderSpec(name="tavily", base_url="https://proxy.example/tavily"),
        ProviderSpec(name="ddgs"),
    )
    assert read_providers("") == ()
    assert read_providers("tavily:keyless") == (ProviderSpec(name="tavily", is_keyless=True),)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("google", "there is no provider `google`"),
        ("Brave", "there is no provider `Brave`"),
        ("brave:keyless", "there is no provider"),
        ("searxng", "wants its address"),
        ("searxng@", "not an address"),
        ("searxng@127.0.0.1:8888", "not an address"),
        ("searxng@ftp://x", "not an address"),
        ("searxng@http://", "not an address"),
        ("searxng@http://[::1", "not an address"),
        ("searxng@http://a:0", "not an address"),
        ("searxng@http://a:99999", "not an address"),
        ("searxng@http://h/search?q=1", "not an address"),
        ("searxng@http://me:secret@h", "`h` is not an address"),
        ("ddgs@http://h", "ddgs has no address"),
        ("brave, brave", "twice"),
        ("tavily, tavily:keyless", "twice"),
    ],
)
def test_what_cannot_be_read_is_said(line: str, says: str) -> None:
    """With an example of what can."""
    with pytest.raises(InvalidInputError, match=says) as caught:
        read_providers(line, keys=KEYS)
    assert "PULS_WEB_SEARCH" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("name", "setting"), [("brave", "BRAVE"), ("tavily", "TAVILY")])
def test_a_lacking_key_is_named(name: str, setting: str) -> None:
    """At the start, rather than as 401 in an answer."""
    with pytest.raises(InvalidInputError, match=f"PULS_{setting}_API_KEY"):
        read_providers(name)


def test_a_lacking_extra_is_named() -> None:
    """`ddgs` is for development and not installed otherwise."""
    with pytest.raises(InvalidInputError, match=r"puls\[ddgs\]"):
        read_providers("ddgs", has_ddgs=False)


async def test_each_spec_becomes_its_client(http: httpx.AsyncClient) -> None:
    """Names are those of the terms."""
    specs = read_providers("searxng@http://h, brave, tavily, ddgs", keys=KEYS)
    providers = providers_of(specs, http=http, keys={"brave": "a", "tavily": "b"})
    assert [provider.name for provider in providers] == ["searxng", "brave", "tavily", "ddgs"]
    for provider in providers:
        AllTerms.load().of(provider.name)


def test_a_thousand_requests_cost_what_the_providers_say() -> None:
    """5 and 8 dollars, at the rate that is assumed."""
    terms, today = AllTerms.load(), date(2026, 11, 30)
    costs = {
        name: 1000 * terms.of(name).cost_eur(on=today)
        for name in ("searxng", "brave", "tavily", "ddgs")
    }
    assert costs == pytest.approx({"searxng": 0.0, "brave": 4.5, "tavily": 7.2, "ddgs": 0.0})


def test_results_of_brave_and_tavily_are_not_kept() -> None:
    """Storing them needs a plan with storage rights."""
    terms = AllTerms.load()
    assert {name: terms.of(name).kept_minutes for name in ("searxng", "brave", "tavily")} == {
        "searxng": 10.0, "brave": 0.0, "tavily": 0.0,
    }  # fmt: skip
    assert not terms.of("brave").may_be_stored


def test_an_operators_table_wins_field_by_field(tmp_path: Path) -> None:
    """A larger plan, with storage rights and a price of its own from a day on."""
    file = tmp_path / "terms.toml"
    file.write_text(
        "[brave]\nrequests = 20\nmay_be_stored = true\nkept_minutes = 60\n"
        "[[brave.price]]\nfrom = 2026-12-01\neuro = 3.0\n"
    )
    brave = AllTerms.load(extra=file).of("brave")
    assert (brave.requests, brave.may_be_stored, brave.daily_calls) == (20, True, 1000)
    assert brave.cost_eur(on=date(2026, 12, 2)) == pytest.approx(0.003)
    assert brave.cost_eur(on=date(2026, 11, 30)) == pytest.approx(0.0045)


@pytest.mark.parametrize(
    "text",
    [
        "x", "[brave]\nrequests = 0", "[new]\nrequests = 1", "[brave]\nseconds = 'x'", "brave = 3",
        "[[brave.price]]\nfrom = 2026-01-01\neuro = -1", "[[brave.price]]\nfrom = 2020-01-01\ndollar = 1",
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    """By the name of the file."""
    file = tmp_path / "terms.toml"
    file.write_text(text)
    with pytest.raises(InvalidInputError, match=r"terms\.toml"):
        AllTerms.load(extra=file)
    with pytest.raises(InvalidInputError, match="nobody"):
        AllTerms.load().of("nobody")
