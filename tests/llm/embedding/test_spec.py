"""PULS_EMBEDDINGS as operators write it."""

import pytest

from puls.errors import InvalidInputError
from puls.llm.embedding.spec import EngineSpec, read_engines


def test_without_a_word_it_is_the_model_of_this_machine() -> None:
    """A newcomer sets nothing."""
    assert [spec.name for spec in read_engines("")] == ["e5-small:"]


def test_the_model_of_this_machine_is_always_there() -> None:
    """It tells what a message means, and an index of it may still be live."""
    specs = read_engines("mistral:mistral-embed, openai:BAAI/bge-m3@http://127.0.0.1:8080/v1/")
    assert [spec.name for spec in specs] == [
        "mistral:mistral-embed",
        "openai:BAAI/bge-m3",
        "e5-small:",
    ]
    assert specs[1].base_url == "http://127.0.0.1:8080/v1"
    assert [spec.is_local for spec in specs] == [False, True, False]


def test_vectors_that_are_cut_are_of_another_model() -> None:
    """512 dimensions cannot be compared with 1,536; what they cost is the same."""
    (spec, _) = read_engines("openai:text-embedding-3-small[512]")
    assert (spec.name, spec.dimensions) == ("openai:text-embedding-3-small[512]", 512)
    assert spec.priced_as == "openai:text-embedding-3-small"


@pytest.mark.parametrize(
    ("model", "prompts"),
    [
        ("intfloat/multilingual-e5-large", ("query: ", "passage: ")),
        ("intfloat/multilingual-e5-large-instruct", ("", "")),
        ("nomic-embed-text:v1.5", ("search_query: ", "search_document: ")),
        ("BAAI/bge-m3", ("", "")),
        ("mistral-embed", ("", "")),
    ],
)
def test_a_model_sees_what_it_was_trained_to_see(model: str, prompts: tuple[str, str]) -> None:
    """e5 without its prefixes loses several points."""
    assert EngineSpec(kind="openai", model=model).prompts == prompts


@pytest.mark.parametrize(
    "text",
    [
        "e5", "mistral", "mistral:", "cohere:embed-4", "openai:a b", "openai:m[0]", "openai:m[9999]", "openai:m@http://",
        "langchain:", "langchain:os;system", "mistral:m, mistral:m", "openai:m[12", "e5-small, e5-small",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(text: str) -> None:
    """Before anything is started."""
    with pytest.raises(InvalidInputError, match="PULS_EMBEDDINGS"):
        read_engines(text)
