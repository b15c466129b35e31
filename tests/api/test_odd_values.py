"""Half characters, texts far too long, depths and sizes that no client means: a sentence back, from every address, never a 5xx."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from tests.api.test_absent import EXAMPLES, called, routes_in, shapes
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.api.app import create_app
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database

HALF = '"concert \\ud83d \\u00e0 Lyon \\udc00"'
ODD: Mapping[str, str] = {
    "half an emoji": HALF,
    "no character at all": '"\\u0000\\u0001\\uffff\\u202e\\u2028"',
    "half a megabyte": f'"{"é" * 250_000}"',
    "three thousand words": f'"{"concert à Lyon " * 200}"',
    "a number without end": "9" * 5000,
    "not a number": "NaN",
    "an absurd number": "1e999",
    "deep": "[" * 5000 + "]" * 5000,
    "a list of nothing": "[null, {}, [], false]",
    "an object": '{"": {"\\ud83d": "\\ud83d"}}',
}


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(database, [an_event()])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        client.headers["Authorization"] = f"Bearer {(await client.post('/v1/me')).json()['token']}"
        yield client


def bodies() -> Iterator[tuple[str, str, list[str]]]:
    """Every address that reads a body, with the fields that it knows."""
    by_route = {shape.__name__: shape for shape in shapes()}
    for route in routes_in(create_app(_never).routes):
        if route.body_field is None:
            continue
        shape = route.body_field.field_info.annotation
        fields = getattr(by_route.get(getattr(shape, "__name__", "")), "model_fields", None)
        names = fields or getattr(shape, "model_fields", {})
        for method in sorted((route.methods or set()) & {"POST", "PUT", "PATCH"}):
            yield method, route.path, [field.alias or name for name, field in names.items()]


def _never() -> Any:
    raise AssertionError("nothing is opened here")


def filled(path: str) -> str:
    """An address with identifiers of nothing in it."""
    for name in ("turn_id", "conversation_id"):
        path = path.replace(f"{{{name}}}", "00000000-0000-4000-8000-000000000000")
    return path


def body(least: Mapping[str, Any], field: str, value: str) -> bytes:
    """JSON by hand: `json` would not write half of what is tried here."""
    parts = [f'"{name}":{_json(one)}' for name, one in least.items() if name != field]
    return ("{" + ",".join([*parts, f'"{field}":{value}']) + "}").encode("utf-8", "surrogatepass")


def _json(value: Any) -> str:
    return httpx.Request("POST", "http://x", json=value).content.decode()


LEAST = {
    "/chat": EXAMPLES["PageMessage"],
    "/v1/chat": EXAMPLES["ChatRequest"],
    "/v1/chat/completions": EXAMPLES["CompletionRequest"],
    "/v1/turns/{turn_id}/feedback": EXAMPLES["FeedbackGiven"],
    "/v1/turns/{turn_id}/survey": EXAMPLES["SurveyAnswered"],
}


@pytest.mark.parametrize("odd", ODD)
async def test_no_odd_value_in_any_field_breaks_an_address(
    client: httpx.AsyncClient, odd: str
) -> None:
    """Whoever looks for a stack trace tries each field in turn."""
    tried = 0
    with capture_logs() as lines:
        for method, path, fields in bodies():
            for field in fields:
                content = body(LEAST.get(path, {}), field, ODD[odd])
                answer = await client.request(
                    method, filled(path), content=content, headers={"Content-Type": "application/json"}
                )  # fmt: skip
                tried += 1
                assert answer.status_code < 500, (method, path, field, answer.text[:200])
                assert "internal_error" not in answer.text, (method, path, field, answer.text[:200])
    assert tried > 50
    assert [line for line in lines if "exc_info" in line or line["log_level"] == "error"] == []


@pytest.mark.parametrize("odd", ODD)
async def test_nor_a_message_of_a_chat_client(client: httpx.AsyncClient, odd: str) -> None:
    """Content comes as text, as parts, with what tools said."""
    forms = (
        '{"role":"user","content":%s}',
        '{"role":"user","content":[{"type":"text","text":%s}]}',
        '{"role":"user","content":[%s,"jazz"]}',
        '{"role":%s,"content":"jazz"},{"role":"user","content":"jazz"}',
        '{"role":"tool","tool_call_id":%s,"content":"x"},{"role":"user","content":"jazz"}',
    )
    for form in forms:
        content = '{"messages":[' + form % ODD[odd] + "]}"
        answer = await client.post(
            "/v1/chat/completions",
            content=content.encode(),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code < 500, (form, answer.text[:200])


@pytest.mark.parametrize("odd", ["half an emoji", "no character at all", "three thousand words"])
async def test_nor_an_argument_of_a_tool(client: httpx.AsyncClient, odd: str) -> None:
    """A model may write anything."""
    for field in ("query", "place", "date_from", "language", "order"):
        content = (
            '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_events",'
            f'"arguments":{{"{field}":{ODD[odd]}}}}}}}'
        )
        answer = await client.post(
            "/mcp", content=content.encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
        )  # fmt: skip
        assert answer.status_code < 500, (field, answer.text[:200])
        assert "Traceback" not in answer.text


async def test_half_an_emoji_is_a_character_lost_and_the_rest_is_read(
    client: httpx.AsyncClient,
) -> None:
    """A client that cuts texts in the middle of one."""
    content = f'{{"messages":[{{"role":"user","content":{HALF}}}]}}'
    answer = await client.post(
        "/v1/chat/completions", content=content, headers={"Content-Type": "application/json"}
    )
    assert "jazz manouche" in answer.json()["choices"][0]["message"]["content"]


async def test_what_is_cut_is_said(client: httpx.AsyncClient) -> None:
    """A question at the end of a long text must not be lost in silence; nor what stood before it."""
    text = "Contexte sans lieu ni date. " * 80 + "\nconcert à Lyon"
    answer = await client.post(
        "/v1/chat/completions", json={"messages": [{"role": "user", "content": text}]}
    )
    said = answer.json()["choices"][0]["message"]["content"]
    assert said.startswith("(Message trop long : seuls ses 2000 derniers caractères ont été lus.)")
    assert "jazz manouche" in said


async def test_a_tool_that_is_asked_too_much_says_how_much_it_reads(
    client: httpx.AsyncClient,
) -> None:
    answer = await called(client, "search_events", {"query": "jazz " * 500})
    assert answer["result"]["isError"]
    assert "2000" in answer["result"]["content"][0]["text"]
