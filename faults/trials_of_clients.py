"""What clients send and expect: F23, K7, K9, K18–K20, K22, K23, users' faults 13 and 14, and others of their kinds."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import openai

from faults.serving import a_home, check, free_port, puls, serving

ASK = [{"role": "user", "content": "concert à Lyon"}]


def stop_elsewhere() -> str:
    model = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("silent_model.py")), str(port := free_port())]
    )
    try:
        with a_home() as home:
            slow = {
                "PULS_MODELS": f"openai:m@http://127.0.0.1:{port}/v1, composer",
                "PULS_MODEL_FIRST_TOKEN_SECONDS": "25", "PULS_MODEL_TOTAL_SECONDS": "25",
            }  # fmt: skip
            with serving(home, **slow) as one, serving(home, sample=False, **slow) as other:
                token = httpx.post(f"{one.base}/v1/me").json()["token"]
                headers = {"Authorization": f"Bearer {token}"}
                heard: list[str] = []
                turn: list[str] = []

                def listen() -> None:
                    with httpx.stream(
                        "POST",
                        f"{one.base}/v1/chat",
                        json={"text": "concert à Lyon"},
                        headers=headers,
                        timeout=60,
                    ) as answer:
                        for line in answer.iter_lines():
                            heard.append(line)
                            if line.startswith("data: ") and not turn:
                                turn.append(json.loads(line[6:]).get("turn_id", ""))

                listening = threading.Thread(target=listen, daemon=True)
                listening.start()
                for _ in range(100):
                    if turn:
                        break
                    time.sleep(0.1)
                time.sleep(1)
                began = time.monotonic()
                stopped = httpx.post(f"{other.base}/v1/turns/{turn[0]}/stop", headers=headers)
                listening.join(40)
                seconds = time.monotonic() - began
                check(
                    "stopped" in "".join(heard[-3:]) and seconds < 5,
                    f"{stopped.status_code}, and it ran on for {seconds:.0f} s: {heard[-2:]}",
                )
                return f"{stopped.status_code}, ended {seconds:.1f} s later"
    finally:
        model.kill()
        model.wait()


def thinking(forms: tuple[str, ...]) -> Callable[[], str]:
    def trial() -> str:
        server = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("thinking_model.py")),
                str(port := free_port()),
            ]
        )
        try:
            with a_home() as home:
                puls(home, "ingest", "sample")
                for form in forms:
                    chain = f"openai:{form}@http://127.0.0.1:{port}/v1, composer"
                    said = puls(home, "chat", "concert à Lyon samedi", PULS_MODELS=chain)
                    for secret in ("Je dois choisir", "sans doute le mieux", "think", "channel"):
                        check(secret not in said.out, f"{form}: {said.out[:200]!r}")
                    check(
                        said.code == 0 and said.out.strip(), f"{form}: exit {said.code} {said.last}"
                    )
                return f"{len(forms)} ways of thinking, none told"
        finally:
            server.kill()
            server.wait()

    return trial


def null_is_absence() -> str:
    with a_home() as home, serving(home) as served:
        bodies: list[tuple[str, dict[str, Any]]] = [
            ("/v1/chat/completions", {"messages": ASK, "stream": None, "model": None, "stream_options": None}),
            ("/v1/chat/completions", {"messages": [{"role": "user", "content": [{"type": "text", "text": "jazz"}, {"type": "text", "text": None}]}]}),
            ("/v1/chat", {"text": "jazz", "category": None, "timezone": None, "age": None, "without": None, "request_id": None}),
        ]  # fmt: skip
        for path, body in bodies:
            answer = httpx.post(served.base + path, json=body, timeout=30)
            check(answer.status_code == 200, f"{path} {answer.status_code}: {answer.text[:160]}")
        arguments = dict.fromkeys(
            ("place", "ages", "accessibility", "categories", "limit", "order", "free")
        )
        answer = httpx.post(
            f"{served.base}/mcp", headers={"Accept": "application/json, text/event-stream"}, timeout=30,
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search_events", "arguments": {"query": "jazz", **arguments}}},
        )  # fmt: skip
        check(not answer.json()["result"].get("isError"), answer.text[:200])
        return "completions, chat and MCP take null for absent"


def half_characters() -> str:
    with a_home() as home, serving(home) as served:
        head = {"Content-Type": "application/json"}
        for path, body in (
            (
                "/v1/chat/completions",
                rb'{"messages":[{"role":"user","content":"concert \ud83d \u00e0 Lyon"}]}',
            ),
            ("/v1/chat", rb'{"text":"concert \udc00 jazz \ud83c\udfb7"}'),
            ("/v1/chat/completions", rb'{"messages":[{"role":"user","content":"\ud83d"}]}'),
        ):
            answer = httpx.post(served.base + path, content=body, headers=head, timeout=30)
            check(answer.status_code < 500, f"{path} {answer.status_code} {answer.text[:120]}")
        check("Traceback" not in served.said(), "a stack trace in the log")
        return "answered"


def long_text() -> str:
    with a_home() as home, serving(home) as served:
        text = "Contexte sans lieu ni date. " * 80 + "concert à Lyon"
        answer = httpx.post(
            f"{served.base}/v1/chat/completions", json={"messages": [{"role": "user", "content": text}]}, timeout=30
        ).json()  # fmt: skip
        said = answer["choices"][0]["message"]["content"]
        check("Lyon" in said and "trop long" in said, said[:200])
        return said[:80].replace("\n", " ")


def small_things() -> str:
    with a_home() as home, serving(home) as served:
        head = httpx.head(f"{served.base}/health/live")
        streamed = httpx.post(
            f"{served.base}/v1/chat/completions", json={"messages": ASK, "stream": True}, timeout=30
        )
        card = httpx.get(f"{served.base}/v1/models/puls")
        slash = httpx.post(
            f"{served.base}/mcp/",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            headers={"Accept": "application/json, text/event-stream"},
        )
        batch = httpx.post(
            f"{served.base}/mcp", headers={"Accept": "application/json, text/event-stream"},
            json=[{"jsonrpc": "2.0", "id": n, "method": "tools/list"} for n in (1, 2)] + [{"jsonrpc": "2.0", "method": "notifications/initialized"}],
        )  # fmt: skip
        told = (
            f"HEAD {head.status_code}, buffering {streamed.headers.get('x-accel-buffering')}, models/puls {card.status_code}, "
            f"/mcp/ {slash.status_code}, batch {batch.status_code}"
        )
        check(
            head.status_code == card.status_code == slash.status_code == batch.status_code == 200,
            told,
        )
        check(streamed.headers.get("x-accel-buffering") == "no", told)
        check(len(batch.json()) == 2, told)
        return told


def placeholder_keys() -> str:
    with a_home() as home, serving(home) as served:
        shown = ""
        for key in ("none", "sk-no-key-required", "EMPTY"):
            client = openai.OpenAI(base_url=f"{served.base}/v1", api_key=key, max_retries=0)
            try:
                client.chat.completions.create(model="puls", messages=ASK)  # type: ignore[arg-type] # plain dicts
            except openai.AuthenticationError as error:
                shown = str(error)[:160]
                check("puls keys" in shown, f"the client shows: {shown}")
            else:
                check(False, "it passed")
        return shown


def housekeeping() -> str:
    orders = (
        '### Task:\nWrite a 3-5 word title for this chat.\n### Output:\nJSON: { "title": "…" }\n### Chat History:\nUSER: concert à Lyon samedi',
        '### Task:\nGive 1-3 broad tags of the chat history.\n### Output:\nJSON format: { "tags": ["a"] }\n### Chat History:\n<chat_history>\nUSER: jazz\n</chat_history>',
        "Provide a short title for the conversation, of at most five words.\n\nConversation:\nUser: concert à Lyon\nAI: Voici",
        'Suggest three follow-up questions for this conversation as JSON: { "follow_ups": ["?"] }\n\nConversation:\nUser: expo\n',
    )
    with a_home() as home, serving(home) as served:
        said = []
        for order in orders:
            answer = httpx.post(
                f"{served.base}/v1/chat/completions", timeout=30, json={"messages": [*ASK, {"role": "user", "content": order}]}
            ).json()["choices"][0]["message"]["content"]  # fmt: skip
            said.append(answer)
            check(len(answer) < 160, f"{answer[:200]!r}")
            if "JSON" in order:
                json.loads(answer)
        return " / ".join(said)


def terminal_chat() -> str:
    with a_home() as home:
        puls(home, "ingest", "sample")
        said = puls(home, "chat", "concert à Lyon samedi")
        check(said.code == 0 and said.out.strip(), said.last)
        check("turn.finished" not in said.out + said.err, f"log lines: {said.err[-200:]}")
        check("](http" not in said.out, "raw links")
        piped = puls(home, "chat", stdin="concert à Lyon\net dimanche ?\n")
        check(piped.code == 0 and "turn.finished" not in piped.err, piped.err[-200:])
        failed = puls(
            home, "chat", "--conversation", "11111111-1111-4111-8111-111111111111", "jazz"
        )
        check(
            failed.code != 0 and "Traceback" not in failed.err, f"exit {failed.code}: {failed.last}"
        )
        return "the answer alone; exit codes right"


TRIALS: dict[str, Callable[[], str]] = {
    "F23": stop_elsewhere,
    "K7": thinking(("paired",)),
    "K7-others": thinking(("lone", "bracket", "harmony", "reasoning", "unclosed", "aside")),
    "K9": null_is_absence,
    "K18-K22": small_things,
    "K19": half_characters,
    "K20": long_text,
    "K23": housekeeping,
    "U13": terminal_chat,
    "U14": placeholder_keys,
}
