"""The behaviours of the guard's table: what a server, a name server or a redirect does, and what becomes of the page."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.outside.world import Raw, Reply, Site, World, read_request, redirect

from puls.outside.page import Accept

Write = Callable[[bytes], Awaitable[None]]
READ = "read"
HOST = "salle.example"
START = f"http://{HOST}/"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@dataclass(frozen=True)
class Behaviour:
    """`outcome`: "read", or the word of a `FetchFailure`. `prepare` changes the world after its sites are served."""

    does: str
    outcome: str
    site: Site | None = None
    url: str = START
    sites: Mapping[str, Site] = field(default_factory=dict)
    prepare: Callable[[World], None] | None = None
    within: float = 5.0
    accept: Accept = "page"


def by_hand(answer: Callable[[Write], Awaitable[None]]) -> Raw:
    """A server that has no robots.txt and writes all other answers byte by byte."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        while (await read_request(reader)).path == "/robots.txt":
            await write(Reply("", 404).wire())
        await answer(write)

    return handle


def wire(*pieces: bytes) -> Raw:
    """These bytes, then the end of the connection."""

    async def answer(write: Write) -> None:
        for piece in pieces:
            await write(piece)

    return by_hand(answer)


def dripping(head: bytes, drop: bytes) -> Raw:
    """A byte in time, and another, and another."""

    async def answer(write: Write) -> None:
        await write(head)
        while True:
            await write(drop)
            await asyncio.sleep(0.02)

    return by_hand(answer)


def endless(head: bytes, piece: bytes) -> Raw:
    async def answer(write: Write) -> None:
        await write(head)
        while True:
            await write(piece)

    return by_hand(answer)


def packed(body: bytes, encoding: str) -> Raw:
    head = OK + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return wire(head + body)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer
    await reader.read()


async def at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(9)
    writer.write(Reply("", 400).wire())


def robots(reply: Reply | str) -> Site:
    return {"/robots.txt": reply, "/": "<html>"}


def leads(*answers: tuple[str, ...]) -> Callable[[World], None]:
    """What the name server says of the host, one answer after the other."""
    return lambda world: world.resolver.set(HOST, *answers)


def _hold_names_back(world: World) -> None:
    world.resolver.seconds = 60


def _black_hole(world: World) -> None:
    world.dialer.black_holes.add("93.184.215.14")


def _another_peer(world: World) -> None:
    world.dialer.peers["93.184.215.14"] = ("127.0.0.1", 80)


def _nobody(world: World) -> None:
    world.dialer.ports.clear()


HTML = {"/": "<html>"}
ZEROS = gzip.compress(b"\0" * 200_000_000, 9)  # 194 kB
TWICE = gzip.compress(ZEROS, 9)  # 484 bytes or so
HOPS = {f"/{n}": redirect(f"/{n + 1}") for n in range(9)}

NAMES = [
    Behaviour("one public address", READ, HTML),
    Behaviour("public and private addresses together", "refused_address", HTML, prepare=leads(("93.184.215.14", "10.0.0.1"))),
    Behaviour("a public IPv4 and a loopback IPv6", "refused_address", HTML, prepare=leads(("93.184.215.14", "::1"))),
    Behaviour("a dead address before a living one", READ, HTML, prepare=leads(("93.184.215.99", "93.184.215.14"))),
    Behaviour("dead addresses only", "unreachable", HTML, prepare=_nobody),
    Behaviour("no address at all", "unreachable", HTML, prepare=leads(())),
    Behaviour("no such name", "unreachable", url="http://nulle-part.example/"),
    Behaviour("a name server that hangs", "unreachable", HTML, prepare=_hold_names_back),
    Behaviour("a name server that hangs longer than there is time", "time", HTML, prepare=_hold_names_back, within=0.2),
    Behaviour("packets that nobody answers", "unreachable", HTML, prepare=_black_hole, within=8),
    Behaviour("another peer than the one dialled", "refused_address", HTML, prepare=_another_peer),
]  # fmt: skip

REDIRECTS = [
    Behaviour("to another page of the host", READ, {"/": redirect("/x"), "/x": "<html>"}),
    Behaviour("from http to https", READ, lambda asked: Reply("<html>") if asked.is_secure else redirect(f"https://{HOST}/")),
    Behaviour("three times", READ, {"/": redirect("/7"), "/9": "<html>", **HOPS}),
    Behaviour("four times", "redirects", {"/": redirect("/6"), "/9": "<html>", **HOPS}),
    Behaviour("to itself", "redirects", {"/": redirect("/")}),
    Behaviour("in a circle of two", "redirects", {"/": redirect("/x"), "/x": redirect("/")}),
    Behaviour("in a circle of two hosts", "redirects", {"/": redirect("http://b.example/")}, sites={"b.example": {"/": redirect(START)}}),
    Behaviour("without saying where", "redirects", {"/": Reply("", 302)}),
    Behaviour("with 300 and no place", "server", {"/": Reply("", 300)}),
    *(
        Behaviour(f"to `{target}`", "refused_address", {"/": redirect(target)})
        for target in (
            "http://127.0.0.1/", "//10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/",
            "file:///etc/passwd", "ftp://b.example/", "javascript:alert(1)", "data:text/html,x", "http://b.example:8080/",
            "https://me:secret@b.example/", "http://b.example\\@127.0.0.1/", "http://localhost/", "http://xn--/",
        )
    ),
    Behaviour("to a name that leads to a private address", "refused_address", {"/": redirect("http://b.example/")}, prepare=lambda world: world.resolver.set("b.example", ("10.0.0.1",))),
    Behaviour("of robots.txt to a private address", "refused_address", {"/robots.txt": redirect("http://10.0.0.1/"), "/": "<html>"}),
    Behaviour("to a waiting room", "challenge", {"/": redirect("https://shop.queue-it.net/?c=shop")}),
]  # fmt: skip

SLOW_OR_ENDLESS = [
    Behaviour("accepts and is silent", "time", by_hand(lambda _: asyncio.sleep(60)), within=0.6),
    Behaviour("is silent already for robots.txt", "robots", silent, within=8),
    Behaviour("is silent in the TLS handshake", "unreachable", silent, url=f"https://{HOST}/", prepare=lambda world: world.dialer.ports.update({("93.184.215.14", 443): world.dialer.ports["93.184.215.14", 80]})),
    Behaviour("drips the head", "time", dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), within=0.6),
    Behaviour("drips headers", "time", dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), within=0.6),
    Behaviour("drips the body", "time", dripping(OK + b"Content-Length: 9000\r\n\r\n", b"a"), within=0.6),
    Behaviour("drips chunks", "time", dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"), within=0.6),
    Behaviour("says « continue » for ever", "time", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), within=1),
    Behaviour("sends headers without end", "server", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"b" * 99 + b"\r\n")),
    Behaviour("sends one header of 200 kB", "server", wire(OK + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n")),
    Behaviour("sends 300 headers", "server", wire(OK + b"X-A: b\r\n" * 300 + b"Content-Length: 0\r\n\r\n")),
    Behaviour("sends a body without end", "too_long", endless(OK + b"\r\n", b"a" * 65_536)),
    Behaviour("sends chunks without end", "too_long", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"a" * 65_536 + b"\r\n")),
    Behaviour("sends single bytes as chunks without end", "too_long", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 10_000), within=20),
    Behaviour("announces 3 MB", "too_long", wire(OK + b"Content-Length: 3000000\r\n\r\n")),
    Behaviour("announces 10^30 bytes", "server", wire(OK + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\n")),
    Behaviour("announces more than it sends", "server", wire(OK + b"Content-Length: 100\r\n\r\n<html>")),
    Behaviour("sends more than it announces", READ, wire(OK + b"Content-Length: 6\r\n\r\n<html>" + b"a" * 1_000)),
    Behaviour("sends a page of 1.9 MB", READ, {"/": "<html>" + "a" * 1_900_000}),
    Behaviour("has a robots.txt without end", READ, lambda asked: Reply("a" * 5_000_000 if asked.path == "/robots.txt" else "<html>")),
]  # fmt: skip

PACKED = [
    Behaviour("gzip, as asked", READ, {"/": Reply("<html>", is_packed=True)}),
    Behaviour("a bomb: 194 kB become 200 MB", "too_long", packed(ZEROS, "gzip")),
    Behaviour("a bomb in a bomb, announced as both", "too_long", packed(TWICE, "gzip, gzip")),
    Behaviour("a bomb in a bomb, announced as one", "too_long", packed(TWICE, "gzip")),
    Behaviour("the same in two headers", "too_long", wire(OK + f"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: {len(TWICE)}\r\n\r\n".encode() + TWICE)),
    Behaviour("a bomb for robots.txt", READ, lambda asked: Reply(ZEROS, headers={"Content-Encoding": "gzip"}) if asked.path == "/robots.txt" else Reply("<html>")),
    Behaviour("a bomb with a 403", "forbidden", {"/": Reply(ZEROS, 403, headers={"Content-Encoding": "gzip"})}),
    *(Behaviour(f"{encoding}, not asked for", "too_long", packed(b"x" * 99, encoding)) for encoding in ("br", "zstd", "deflate", "compress", "x")),
    Behaviour("damaged gzip", "too_long", packed(b"x" * 99, "gzip")),
    Behaviour("cut gzip", "too_long", packed(gzip.compress(b"<html>" * 99)[:-9], "gzip")),
    Behaviour("a hundred thousand empty gzip members", "read", packed(gzip.compress(b"") * 90_000, "gzip"), within=20),
]  # fmt: skip

NO_ANSWER = [
    Behaviour("hangs up", "server", wire()),
    Behaviour("HTTP/0.9", "server", wire(b"<html>hello</html>")),
    Behaviour("an SSH banner", "server", wire(b"SSH-2.0-OpenSSH_9.2\r\n")),
    Behaviour("PostgreSQL, Redis or another protocol", "server", wire(b"-ERR unknown command\r\n")),
    Behaviour("an HTTP/2 preface", "server", wire(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
    Behaviour("two lengths", "server", wire(OK + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\n<html>a")),
    Behaviour("a chunk of no size", "server", wire(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n")),
    Behaviour("a chunk of 10^30 bytes", "server", wire(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\na")),
    Behaviour("a line break inside a header", "server", wire(b"HTTP/1.1 200 OK\r\nX-A: b\x00c\r\n\r\n")),
    Behaviour("another protocol from then on", "server", wire(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")),
    Behaviour("a certificate of another name", "unreachable", HTML, url="https://autre.example/", prepare=lambda world: world.resolver.set("autre.example", ("93.184.215.14",))),
    Behaviour("no TLS where https is asked", "unreachable", at_once, url=f"https://{HOST}/", prepare=lambda world: world.dialer.ports.update({("93.184.215.14", 443): world.dialer.ports["93.184.215.14", 80]})),
]  # fmt: skip

KINDS = [
    *(Behaviour(f"`{kind}`", "kind", {"/": Reply("x", kind=kind)}) for kind in ("image/png", "image/svg+xml", "application/pdf", "application/octet-stream", "text/plain", "video/mp4", "text/javascript", "multipart/x-mixed-replace", "text/html, image/png")),
    *(Behaviour(f"`{kind}`", READ, {"/": Reply("x", kind=kind)}) for kind in ("text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "application/json", "application/ld+json", "text/calendar", "application/rss+xml")),
    Behaviour("none, HTML inside", READ, {"/": Reply(" <!DOCTYPE html>", kind=None)}),
    Behaviour("none, something inside", "kind", {"/": Reply("PK\x03\x04", kind=None)}),
    Behaviour("HTML where JSON was asked for", "kind", HTML, accept="json"),
    Behaviour("JSON where JSON was asked for", READ, {"/": {"a": 1}}, accept="json"),
]  # fmt: skip

STATUSES = [
    Behaviour(f"{status}", outcome, {"/": Reply("x", status)})
    for status, outcome in (
        (401, "forbidden"), (403, "forbidden"), (404, "not_found"), (410, "gone"), (429, "too_many"), (451, "forbidden"), (400, "server"),
        (418, "server"), (500, "server"), (502, "server"), (503, "server"), (201, "server"), (206, "server"),
    )
]  # fmt: skip

ROBOTS = [
    Behaviour("nothing: 404", READ, robots(Reply("", 404))),
    Behaviour("nothing: 410", READ, robots(Reply("", 410))),
    Behaviour("403 for the file itself", READ, robots(Reply("", 403))),
    Behaviour("500", "robots", robots(Reply("", 500))),
    Behaviour("429", "robots", robots(Reply("", 429))),
    Behaviour("« Disallow: / » for all", "robots", robots("User-agent: *\nDisallow: /")),
    Behaviour("« Disallow: / » for Puls", "robots", robots("User-agent: puls\nDisallow: /\n\nUser-agent: *\nAllow: /")),
    Behaviour("« Disallow: / » for all but Puls", READ, robots("User-agent: *\nDisallow: /\n\nUser-agent: Puls\nAllow: /")),
    Behaviour("« Disallow: / » for another robot", READ, robots("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n")),
    Behaviour("a path that is not this one", READ, robots("User-agent: *\nDisallow: /admin\nDisallow: /*?print=")),
    Behaviour("the page it redirects to", "robots", {"/robots.txt": "User-agent: *\nDisallow: /x", "/": redirect("/x"), "/x": "<html>"}),
    Behaviour("an HTML page", READ, robots("<!doctype html><html>User-agent: nothing")),
    Behaviour("a redirect without end", READ, {"/robots.txt": redirect("/robots.txt"), "/": "<html>"}),
    Behaviour("ten thousand robots and as many rules", READ, robots("".join(f"User-agent: r{n}\n" for n in range(9_000)) + "".join(f"Disallow: /{n}\n" for n in range(9_000)))),
    Behaviour("Crawl-delay: 10, first page", READ, robots("User-agent: *\nCrawl-delay: 10")),
]  # fmt: skip

CHALLENGES = [
    Behaviour(f"{maker}, {reply.status}", "challenge", {"/": reply})
    for maker, reply in (
        ("Vercel", Reply("<title>Vercel Security Checkpoint</title>", 429)),
        ("Vercel by its header", Reply("", 403, headers={"X-Vercel-Mitigated": "challenge"})),
        ("Cloudflare", Reply("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", 403)),
        ("Cloudflare", Reply("<title>Just a moment...</title>", 503)),
        ("Cloudflare by its header", Reply("<html>", 403, headers={"cf-mitigated": "challenge"})),
        ("Cloudflare in French", Reply('<title>Un instant…</title><div id="challenge-error-text">', 403)),
        ("DataDome", Reply("<script src='https://ct.captcha-delivery.com/c.js'></script>", 403)),
        ("DataDome", Reply('<iframe src="https://geo.captcha-delivery.com/captcha/?x">', 200)),
        ("Imperva", Reply("Request unsuccessful. Incapsula incident ID: 1-2", 403)),
        ("Imperva", Reply("<iframe src='/_Incapsula_Resource?SWUDNSAI=31&x'>", 200)),
        ("AWS WAF", Reply("", 202, headers={"x-amzn-waf-action": "challenge"})),
        ("AWS WAF", Reply("", 405, headers={"x-amzn-waf-action": "captcha"})),
        ("HUMAN", Reply('<div id="px-captcha">', 403)),
        ("Akamai", Reply("<div id='sec-if-cpt-container'>", 200)),
        ("Anubis", Reply("<title>Making sure you&#39;re not a bot!</title>", 200)),
        ("Kasada", Reply("", 429, headers={"x-kpsdk-ct": "x"})),
        ("a captcha of no maker", Reply("<div class='g-recaptcha'>", 403)),
        ("« vous n’êtes pas un robot »", Reply("<title>Vérifiez que vous n’êtes pas un robot</title>", 200)),
    )
] + [
    Behaviour("for robots.txt already", "challenge", {"/robots.txt": Reply("<title>Just a moment...</title>", 403), "/": "<html>"}),
    Behaviour("no challenge: a captcha in a contact form", READ, {"/": "<title>Contact</title><div class='g-recaptcha'></div><script src='https://challenges.cloudflare.com/turnstile/v0/api.js'>"}),
    Behaviour("no challenge: DataDome's tag on an open page", READ, {"/": "<title>Concert</title><script src='https://js.datadome.co/tags.js'></script>"}),
    Behaviour("no challenge: a 403 without marks", "forbidden", {"/": Reply("<h1>Forbidden</h1>", 403)}),
]  # fmt: skip

BEHAVIOURS = {
    "A name leads to": NAMES,
    "It redirects": REDIRECTS,
    "It is slow, or does not end": SLOW_OR_ENDLESS,
    "It packs": PACKED,
    "It is no answer": NO_ANSWER,
    "Its type is": KINDS,
    "Its status is": STATUSES,
    "Its robots.txt is, or forbids": ROBOTS,
    "It answers with a challenge": CHALLENGES,
}
