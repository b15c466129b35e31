"""Who is let in: F6, F7, F17, F18, F27–F29 and others of their kinds."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx

from faults.serving import a_home, check, puls, serving


def weak_secret(content: bytes) -> Callable[[], str]:
    def trial() -> str:
        with a_home() as home:
            puls(home, "status")
            (home / "secret").write_bytes(content)
            ended = puls(home, "status")
            check(ended.code != 0, f"started with a secret of {content[:10]!r}…")
            check("secret" in ended.err and "Traceback" not in ended.err, ended.last)
            return f"exit {ended.code}: {ended.last[:140]}"

    return trial


def _key(home: object, *scopes: str) -> str:
    arguments = [part for scope in scopes for part in ("--scope", scope)]
    created = puls(home, "keys", "create", "x", *arguments, "--json")  # type: ignore[arg-type] # a path
    return str(json.loads(created.out)["key"])


def scope_is_not_traded() -> str:
    with a_home() as home:
        key = _key(home, "search")
        with serving(home) as served:
            bearer = {"Authorization": f"Bearer {key}"}
            direct = httpx.post(f"{served.base}/v1/chat", json={"text": "jazz"}, headers=bearer)
            asked = httpx.post(f"{served.base}/v1/me", headers=bearer)
            if asked.is_success:
                token = {"Authorization": f"Bearer {asked.json()['token']}"}
                traded = httpx.post(
                    f"{served.base}/v1/chat", json={"text": "jazz"}, headers=token, timeout=30
                )
                check(
                    False,
                    f"chat with the key {direct.status_code}, with the token made of it {traded.status_code}",
                )
            return f"chat {direct.status_code}, POST /v1/me {asked.status_code}"


def calendar_ends_with_its_key() -> str:
    with a_home() as home:
        key = _key(home, "search", "chat")
        with serving(home) as served:
            bearer = {"Authorization": f"Bearer {key}"}
            uid = served.an_event()
            httpx.put(f"{served.base}/v1/me/followed/{uid}", headers=bearer)
            address = httpx.get(f"{served.base}/v1/me/followed", headers=bearer).json()[
                "calendar_url"
            ]
            before = httpx.get(address).status_code
            puls(home, "keys", "revoke", key[:13])
            after = httpx.get(address).status_code
        check(
            before == 200 and after == 404, f"the calendar of a revoked key: {before}, then {after}"
        )
        return f"{before}, after revoking {after}"


def made_up_forwarding() -> str:
    with a_home() as home, serving(
        home, PULS_CHAT_PER_MINUTE_PER_ADDRESS="20", PULS_CHAT_PER_MINUTE="20"
    ) as served:  # fmt: skip
        plain = [
            httpx.post(f"{served.base}/v1/chat", json={"text": "x"}, timeout=30).status_code
            for _ in range(24)
        ]
        check(429 in plain, "never limited")
        forged = [
            httpx.post(
                f"{served.base}/v1/chat", json={"text": "x"}, timeout=30, headers={"X-Forwarded-For": said}
            ).status_code
            for said in [*(f"10.0.{n}.7" for n in range(8)), "x1<script>", "::1", "127.0.0.1, 9.9.9.9"]
        ]  # fmt: skip
        check(set(forged) == {429}, f"with a made-up X-Forwarded-For: {forged}")
        return f"{plain.count(200)} passed, then 429; with made-up X-Forwarded-For still 429"


def foreign_host() -> str:
    said = []
    with a_home() as home, serving(home) as served:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        for host in (
            "evil.example",
            f"evil.example:{served.port}",
            f"localhost.evil.example:{served.port}",
            "127.0.0.1.nip.io",
            "[::ffff:1.2.3.4]",
        ):
            answer = httpx.post(
                f"{served.base}/mcp", json=message,
                headers={"Host": host, "Origin": f"http://{host}", "Accept": "application/json, text/event-stream"},
            )  # fmt: skip
            page = httpx.get(f"{served.base}/?q=jazz", headers={"Host": host}, timeout=30)
            said.append(f"{host} {answer.status_code}/{page.status_code}")
            check(answer.status_code == 421 and page.status_code == 421, said[-1])
        for host in ("localhost", f"LOCALHOST:{served.port}", "127.0.0.1", f"[::1]:{served.port}"):
            check(
                httpx.get(f"{served.base}/", headers={"Host": host}).status_code == 200,
                f"{host} is refused",
            )
    return ", ".join(said)


def renewal_ends() -> str:
    """A token can be signed here as Puls signs it: the secret lies in the home."""
    with a_home() as home:
        puls(home, "status")
        secret = (home / "secret").read_bytes()

        def token(visitor: UUID, *days: int) -> str:
            key = hmac.digest(secret, b"puls visitor token", "sha256")
            moments = ".".join(str(int(time.time()) - one * 86_400) for one in days)
            signed = f"v{len(days)}.{visitor.hex}.{moments}"
            mark = (
                base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256"))
                .rstrip(b"=")
                .decode()
            )
            return f"{signed}.{mark}"

        with serving(home) as served:

            def asked(token: str, path: str = "/v1/conversations") -> httpx.Response:
                return httpx.get(
                    f"{served.base}{path}", headers={"Authorization": f"Bearer {token}"}
                )

            old = httpx.post(
                f"{served.base}/v1/me", headers={"Authorization": f"Bearer {token(uuid4(), 179)}"}
            )
            check(old.status_code == 201, f"{old.status_code}")
            check(
                old.json()["token"].startswith("v2."),
                "the new token does not say when the visitor was first met: it can be renewed for ever",
            )
            late = asked(token(uuid4(), 400, 10))
            check(
                late.status_code == 401,
                f"first met 400 days ago, renewed 10 days ago: {late.status_code}",
            )
            future = asked(token(uuid4(), -2, -2))
            check(
                future.status_code == 200, f"issued by a clock two days ahead: {future.status_code}"
            )
            mine = httpx.post(f"{served.base}/v1/me").json()["token"]
            httpx.delete(f"{served.base}/v1/me", headers={"Authorization": f"Bearer {mine}"})
            erased = asked(mine)
            check(erased.status_code == 401, f"after erasing: {erased.status_code}")
        return "ends after 13 months; a token of a clock ahead is good; an erased one is not"


def doors() -> str:
    with a_home() as home:
        key = _key(home, "operator")
        with serving(home) as served:
            bearer = {"Authorization": f"Bearer {key}"}
            paths = ("/metrics", "/openapi.json")
            open_ = {path: httpx.get(served.base + path).status_code for path in paths}
            ready = httpx.get(f"{served.base}/health/ready").json()
            check(set(open_.values()) == {401}, f"without a key: {open_}")
            check("index" not in ready, f"/health/ready tells {sorted(ready)}")
            with_key = {
                path: httpx.get(served.base + path, headers=bearer).status_code for path in paths
            }
            check(set(with_key.values()) == {200}, f"with an operator's key: {with_key}")
            wrong = [
                httpx.get(
                    f"{served.base}/v1/search", headers={"Authorization": "Bearer puls_x"}
                ).status_code
                for _ in range(20)
            ]
            check(429 in wrong, "wrong keys are not limited")
            return f"without a key {open_}, with an operator's {with_key}; wrong keys: {wrong.count(401)} × 401, then 429"


def terminal_is_not_ordered() -> str:
    with a_home() as home:
        named = puls(home, "keys", "create", "\x1b[31mx", "--scope", "search")
        check(named.code == 2, f"a name with an escape sequence: exit {named.code}")
        puls(
            home,
            "keys",
            "create",
            "an agent with a very long name that takes all the place there is in a terminal",
        )
        listed = puls(home, "keys", "list", COLUMNS="80", TERM="xterm")
        check(
            "\x1b" not in listed.out.replace("\x1b[0m", "").replace("\x1b[1m", ""),
            "an escape is printed",
        )
        prefix = json.loads(puls(home, "keys", "list", "--json").out)[0]["prefix"]
        check(
            prefix in listed.out, f"the prefix {prefix} is cut: {listed.out.splitlines()[3][:60]}"
        )
        event = {
            "uid": "90000001", "title_fr": "Concert \x1b[2J\x1b]0;owned\x07 \u202egnp", "description_fr": "\x9b31m", "location_city": "Lyon",
            "location_postalcode": "69001", "location_coordinates": {"lat": 45.76, "lon": 4.83},
            "timings": json.dumps([{"begin": "2030-01-05T20:00:00+01:00", "end": "2030-01-05T22:00:00+01:00"}]),
        }  # fmt: skip
        file = home.parent / "e.jsonl"
        file.write_text(json.dumps(event))
        puls(home, "ingest", "file", str(file))
        for command in (
            ("show", "90000001"),
            ("search", "concert"),
            ("search", "concert", "--json"),
        ):
            shown = puls(home, *command, NO_COLOR="1")
            bad = [
                one for one in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e") if one in shown.out
            ]
            check(not bad, f"puls {command[0]}: {bad!r}")
        return f"refused (exit 2); {prefix} whole at 80 columns; titles cleaned"


TRIALS: dict[str, Callable[[], str]] = {
    "F6": weak_secret(b""),
    "F6-short": weak_secret(b"short"),
    "F6-zeros": weak_secret(bytes(64)),
    "F6-blank": weak_secret(b" " * 64),
    "F7": scope_is_not_traded,
    "F7-calendar": calendar_ends_with_its_key,
    "F17": made_up_forwarding,
    "F18": foreign_host,
    "F27": renewal_ends,
    "F28": doors,
    "F29": terminal_is_not_ordered,
}
