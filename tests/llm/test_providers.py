"""What the real client classes send, and what they must not do: retry by themselves, or tell a third party."""

import asyncio

import pytest
from pydantic import SecretStr
from tests.llm.servers import WORDS, Asked, Dialect, serving

from puls.errors import InvalidInputError
from puls.llm.chain import Provider, read_chain
from puls.llm.chat import Message, ModelUsage, Prompt
from puls.llm.providers import chat_models

both_clients = pytest.mark.parametrize("dialect", ["openai", "mistral"])
PROMPT = Prompt(
    system="Le système.",
    messages=(
        Message("user", "Un concert ?"),
        Message("assistant", "Où ?"),
        Message("user", "À Lyon."),
    ),
    max_tokens=321,
    temperature=0.2,
    cache_key="answer-fr-1",
)


async def asked(dialect: Dialect, *, key: str | None = None) -> Asked:
    keys: dict[Provider, SecretStr | None] = {dialect: SecretStr(key) if key else None}
    async with (
        serving(dialect) as server,
        chat_models(read_chain(f"{dialect}:m1@{server.url}"), keys=keys) as (model,),
    ):
        pieces = [piece async for piece in model.stream(PROMPT)]
    assert [piece for piece in pieces if isinstance(piece, str)] == list(WORDS)
    assert isinstance(pieces[-1], ModelUsage)
    (one,) = server.asked
    return one


@both_clients
async def test_the_prompt_is_sent_whole_and_in_order(dialect: Dialect) -> None:
    """The beginning stays the same from call to call, so that providers can cache it."""
    one = await asked(dialect)
    assert one.path == "/v1/chat/completions"
    assert [(message["role"], message["content"]) for message in one.body["messages"]] == [
        ("system", "Le système."),
        ("user", "Un concert ?"),
        ("assistant", "Où ?"),
        ("user", "À Lyon."),
    ]
    limit = "max_tokens" if dialect == "mistral" else "max_completion_tokens"
    assert (one.body["model"], one.body["stream"]) == ("m1", True)
    assert (one.body[limit], one.body["temperature"]) == (321, 0.2)


async def test_mistral_is_given_the_name_of_the_beginning_and_a_server_of_ones_own_is_not() -> None:
    """Mistral caches under that name; another server may refuse a field that it does not know."""
    assert (await asked("mistral")).body["prompt_cache_key"] == "answer-fr-1"
    assert "prompt_cache_key" not in (await asked("openai")).body


@both_clients
async def test_the_key_is_sent_and_an_own_server_needs_none(dialect: Dialect) -> None:
    assert (await asked(dialect, key="s3cret")).headers["authorization"] == "Bearer s3cret"
    assert (await asked(dialect)).headers["authorization"] == "Bearer none"


@both_clients
async def test_keys_and_addresses_of_other_programs_are_not_taken(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell set up for something else must not pay, nor send visitors' words elsewhere."""
    async with serving("openai") as elsewhere:
        for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "MISTRAL_BASE_URL"):
            monkeypatch.setenv(name, elsewhere.url)
        for name in ("OPENAI_API_KEY", "MISTRAL_API_KEY"):
            monkeypatch.setenv(name, "of-another-program")
        assert (await asked(dialect)).headers["authorization"] == "Bearer none"
        assert not elsewhere.asked


@both_clients
async def test_a_shell_that_traces_langchain_sends_nothing(
    dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LangChain would copy every prompt to LangSmith when these are set."""
    async with serving("openai") as tracer:
        for name, value in {
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_ENDPOINT": tracer.url,
            "LANGSMITH_API_KEY": "key",
        }.items():
            monkeypatch.setenv(name, value)
        await asked(dialect)
        await asyncio.sleep(1.0)  # traces leave from a thread, a little later
        assert tracer.asked == []


@pytest.mark.parametrize("line", ["mistral:mistral-small-latest", "openai:gpt-5"])
async def test_a_model_elsewhere_without_its_key_is_refused_at_the_start(line: str) -> None:
    """Not at the first question."""
    with pytest.raises(InvalidInputError, match="_API_KEY"):
        async with chat_models(read_chain(line), keys={}):
            pass
