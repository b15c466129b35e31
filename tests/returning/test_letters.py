"""Letters over a real SMTP server: nobody gets one who did not confirm, each can be stopped by one click, none comes twice."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from tests.embedders import WordHashEmbedder
from tests.returning.mailbox import Mailbox, a_mailbox, link_in, text_of
from tests.serving import (
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.bootstrap import Puls
from puls.catalogue.event import Event
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.returning.due import is_due
from puls.returning.letters import checked_address
from puls.returning.sending import LetterNotSentError
from puls.settings import Settings
from puls.worker import handlers_of

ADDRESS = "ada@example.org"
JAZZ = "concert de jazz à Lyon"
DAY = timedelta(days=1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer, mailbox: Mailbox) -> Puls:
    settings = Settings(
        public_url="https://puls.test", alerts_smtp=mailbox.url, letters_from="puls@puls.test"
    )
    return puls_over(database, gazetteer, embedder=WordHashEmbedder(), settings=settings)


@pytest.fixture
async def client(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    await save(puls.database, [concert(1)])
    async with visiting(app_over(puls)) as client:
        yield client


def concert(number: int, *, later: timedelta = timedelta(weeks=2)) -> Event:
    return an_event(
        str(number),
        title=f"Concert de jazz {number}",
        occurrences=(occurrence(SATURDAY_EVENING + later),),
        duplicate_key=str(number),
        series_key=str(number),
    )


async def ask(client: httpx.AsyncClient, address: str = ADDRESS) -> httpx.Response:
    return await client.post("/v1/me/letters", json={"address": address, "agrees": True})


async def confirm(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    """As its owner does: open the link, press the button. Another browser than the one that asked."""
    link = link_in(mailbox.letters[-1], "/courrier/confirmer")
    async with httpx.AsyncClient(
        transport=client._transport,
        base_url=client.base_url,
    ) as mail_reader:
        opened = await mail_reader.get(link)
        assert ADDRESS in opened.text
        assert (await mail_reader.post(link)).status_code == 200


async def keep(client: httpx.AsyncClient, letters: str = "daily") -> str:
    saved = (await client.post("/v1/me/searches", json={"q": JAZZ})).json()["id"]
    changed = await client.patch(f"/v1/me/searches/{saved}", json={"letters": letters})
    assert changed.status_code == 204, changed.text
    return str(saved)


async def digest(puls: Puls, *, now: datetime) -> str:
    return await handlers_of(puls)["digest"]("", now)


async def rows(puls: Puls, table: str) -> int:
    async with puls.database.transaction(is_keeping=True) as connection:
        cursor = await connection.execute(f"SELECT visitor_id FROM {table}".encode())
        return len(await cursor.fetchall())


async def test_nothing_is_kept_or_sent_before_the_mailbox_says_yes(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    """Double opt-in: opening the link is not enough either, since scanners open links."""
    assert (await ask(client)).status_code == 202
    assert await rows(puls, "mail_address") == 0
    (question,) = mailbox.letters
    assert question["To"] == ADDRESS
    assert question["List-Unsubscribe"] is None  # nothing to stop yet
    await client.get(link_in(question, "/courrier/confirmer"))
    assert await rows(puls, "mail_address") == 0
    refused = await client.patch(
        f"/v1/me/searches/{(await client.post('/v1/me/searches', json={'q': JAZZ})).json()['id']}",
        json={"letters": "daily"},
    )
    assert refused.status_code == 422
    await confirm(client, mailbox)
    assert (await client.get("/v1/me/letters")).json()["address"] == ADDRESS
    held = (await client.get("/v1/me/export")).json()["letters"]
    assert held["address"] == ADDRESS
    assert held["wording"].startswith("J'accepte que Puls garde cette adresse")


async def test_a_letter_tells_what_is_new_once(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    """No mail twice: not by a second run, not the next day, not for what was seen."""
    await ask(client)
    await confirm(client, mailbox)
    await keep(client)
    mailbox.letters.clear()
    assert "0 letters" in await digest(puls, now=NOW + DAY)
    await save(puls.database, [concert(2), concert(3)])
    assert "1 letters told 2 events" in await digest(puls, now=NOW + 2 * DAY)
    for later in (2 * DAY, 3 * DAY, 10 * DAY):
        assert "0 letters" in await digest(puls, now=NOW + later)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Puls : 2 nouvelles sorties"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    words = text_of(letter)
    assert "Concert de jazz 2" in words
    assert "Concert de jazz 1" not in words  # was there when the search was kept
    assert "demain" not in words  # it may be read a week later
    assert "https://puls.test/evenement/2" in words


async def test_one_click_stops_and_erases(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    """RFC 8058: a POST by the mail program, without a cookie; opening the address alone stops nothing."""
    await ask(client)
    await confirm(client, mailbox)
    await keep(client)
    await save(puls.database, [concert(2)])
    await digest(puls, now=NOW + DAY)
    header = mailbox.letters[-1]["List-Unsubscribe"].strip("<>")
    address = urlsplit(header)._replace(scheme="", netloc="").geturl()
    async with httpx.AsyncClient(transport=client._transport, base_url=client.base_url) as program:
        assert (await program.get(address)).status_code == 200
        assert await rows(puls, "mail_address") == 1
        for _ in range(2):  # mail programs repeat
            stopped = await program.post(address, data={"List-Unsubscribe": "One-Click"})
            assert stopped.status_code == 200
            assert "set-cookie" not in stopped.headers
        assert (await program.post(address[:-3] + "AAA")).status_code == 404
    assert await rows(puls, "mail_address") == 0
    mailbox.letters.clear()
    await save(puls.database, [concert(3)])
    await digest(puls, now=NOW + 2 * DAY)
    assert mailbox.letters == []


async def test_a_server_that_is_away_loses_nothing_and_doubles_nothing(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    await ask(client)
    await confirm(client, mailbox)
    await keep(client)
    await save(puls.database, [concert(2)])
    mailbox.letters.clear()
    mailbox.is_away = True
    with pytest.raises(LetterNotSentError):
        await digest(puls, now=NOW + DAY)
    mailbox.is_away = False
    assert "1 letters told 1 events" in await digest(puls, now=NOW + DAY + timedelta(minutes=1))
    assert len(mailbox.letters) == 1


async def test_a_mailbox_that_is_gone_stops_nobody_elses_letters(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    await ask(client)
    await confirm(client, mailbox)
    await keep(client)
    await save(puls.database, [concert(2)])
    mailbox.refuses.add(ADDRESS)
    assert "1 mailboxes refused theirs" in await digest(puls, now=NOW + DAY)


async def test_what_changed_about_a_followed_event_is_written_once(
    client: httpx.AsyncClient, puls: Puls, mailbox: Mailbox
) -> None:
    """A concert that is cancelled is what one wants to hear before leaving."""
    await ask(client)
    await confirm(client, mailbox)
    await client.put("/v1/me/followed/1")
    async with puls.database.transaction() as connection:
        await puls.catalogue.remove(connection, "test", ["1"], now=NOW + DAY)
    mailbox.letters.clear()
    for later in (DAY, 2 * DAY):
        await digest(puls, now=NOW + later)
    (letter,) = mailbox.letters
    assert "Concert de jazz 1 : Retiré par son organisateur" in text_of(letter)


async def test_nobody_is_flooded_through_puls(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    """Three questions a day to one mailbox, whoever asks; and who was erased is asked for nothing."""
    for expected in (202, 202, 202, 429):
        assert (await ask(client, "Victim@example.org")).status_code == expected
    assert len(mailbox.letters) == 3
    link = link_in(mailbox.letters[0], "/courrier/confirmer")
    assert (await client.delete("/v1/me")).status_code == 204
    assert (await client.post(link)).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["ada", "ada@", "@example.org", "ada@localhost", "a\r\nBcc: b@c.de@example.org", "a b@example.org",
     "ada@example.org, eve@example.org", "a" * 65 + "@example.org", "ada@" + "a" * 260 + ".org", "<ada@example.org>"],
)  # fmt: skip
async def test_what_is_no_address_is_refused(
    client: httpx.AsyncClient, mailbox: Mailbox, address: str
) -> None:
    """No second recipient, no header, nothing that only looks like one."""
    assert (await ask(client, address)).status_code == 422
    assert mailbox.letters == []


def test_a_domain_with_accents_is_written_as_servers_know_it() -> None:
    assert checked_address(" ada@théâtre.example.fr ") == "ada@xn--thtre-4qa2c.example.fr"


@pytest.mark.parametrize(
    ("letters", "considered", "now", "due"),
    [
        ("none", "2026-11-01T07:30", "2026-11-30T07:30", False),
        ("daily", "2026-11-29T07:30", "2026-11-30T07:30", True),
        ("daily", "2026-11-30T00:01", "2026-11-30T23:59", False),
        ("weekly", "2026-11-26T07:30", "2026-12-02T23:59", False),  # Thursday → Wednesday
        ("weekly", "2026-11-26T07:30", "2026-12-03T00:01", True),  # the next Thursday
        ("weekly", "2026-11-25T12:00", "2026-11-27T07:30", True),  # nobody worked on Thursday
    ],
)
def test_a_letter_is_due_on_its_day(letters: str, considered: str, now: str, due: bool) -> None:
    """Days are the visitors', not UTC's."""
    at, then = (datetime.fromisoformat(f"{one}+01:00") for one in (now, considered))
    said = is_due(letters, considered_at=then, now=at, timezone="Europe/Paris")  # type: ignore[arg-type]
    assert said is due
