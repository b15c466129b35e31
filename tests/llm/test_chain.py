"""The chain as an operator writes it: what is read, and what is refused with a reason before anything starts."""

import pytest

from puls.errors import InvalidInputError
from puls.llm.chain import ModelSpec, read_chain


def test_a_chain_is_read_in_its_order() -> None:
    """The line of the documentation."""
    line = "mistral:mistral-small-latest, openai:qwen2.5:3b@http://127.0.0.1:8181/v1, composer"
    assert read_chain(line) == (
        ModelSpec(provider="mistral", model="mistral-small-latest"),
        ModelSpec(provider="openai", model="qwen2.5:3b", base_url="http://127.0.0.1:8181/v1"),
    )


@pytest.mark.parametrize("line", ["", " ", "composer", " composer ,"])
def test_without_a_model_the_composer_writes_everything(line: str) -> None:
    """A newcomer has no key."""
    assert read_chain(line) == ()


def test_a_key_alone_is_enough_to_have_a_model() -> None:
    """Who sets a key wants it used; who writes `composer` wants it alone."""
    assert [spec.name for spec in read_chain("", has_mistral_key=True)] == [
        "mistral:mistral-small-latest"
    ]
    assert read_chain("composer", has_mistral_key=True) == ()


@pytest.mark.parametrize(
    "line",
    [
        "composer, mistral:small",
        "mistral",
        "mistral:",
        "anthropic:opus",
        "openai:x@http://",
        "openai:x@https:///v1",
        "mistral:a, mistral:a",
        "openai:x@http://a/v1, openai:x@http://b/v1",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(line: str) -> None:
    """A typing mistake must not mean « no model » for a month."""
    with pytest.raises(InvalidInputError, match="PULS_MODELS"):
        read_chain(line)


@pytest.mark.parametrize(
    ("base_url", "is_local"),
    [
        (None, False),
        ("http://127.0.0.1:8181/v1", True),
        ("http://localhost:8181/v1", True),
        ("http://[::1]:8181/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://192.168.1.7/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
    ],
)
def test_only_this_machine_is_local(base_url: str | None, is_local: bool) -> None:
    """What is local costs nothing per call, and is called when the budget is used up."""
    assert ModelSpec(provider="openai", model="m", base_url=base_url).is_local is is_local
