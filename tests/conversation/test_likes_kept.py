"""Migration 0071: what was liked before « Garder » came is kept, and no thumb is lost."""

from datetime import timedelta
from importlib import resources
from uuid import uuid4

from tests.conversation.conftest import outcome, said
from tests.serving import NOW, an_event, occurrence, save

from puls.catalogue.store import Catalogue
from puls.conversation.keeping.followed import FollowedEvents
from puls.conversation.keeping.memory import Conversations
from puls.database import Database
from puls.identity.visitor import Visitor

MIGRATION = resources.files("puls.migrations").joinpath("0071_likes_are_kept.sql")


async def test_what_was_liked_and_is_to_come_is_kept(database: Database) -> None:
    """The thumbs stay, what was followed stays as it was seen, and what is over is not dug out."""
    soon = (occurrence(NOW + timedelta(days=4000)),)
    await save(
        database,
        [
            an_event("liked", occurrences=soon),
            an_event("followed", occurrences=soon),
            an_event("disliked", occurrences=soon),
            an_event("over", occurrences=(occurrence(NOW - timedelta(days=4000)),)),
        ],
    )
    conversations, followed = Conversations(database), FollowedEvents(database)
    ada, grace = Visitor(id=uuid4()), Visitor(id=uuid4())
    for visitor in (ada, grace):
        shown = outcome(shown=("liked", "followed", "disliked", "over"))
        _, turn = await said(conversations, visitor, what=shown)
        for uid in ("liked", "followed", "over"):
            if visitor is ada:
                await conversations.rate(visitor.id, turn, thumb="up", uid=uid, now=NOW)
        await conversations.rate(visitor.id, turn, thumb="down", uid="disliked", now=NOW)
    before = NOW - timedelta(days=3)
    await followed.follow(ada, await Catalogue(database).event("followed"), now=before)
    for _ in range(2):  # twice changes nothing
        async with database.transaction() as connection:
            await connection.execute(MIGRATION.read_text().encode())
    kept = {one.uid: one.seen_at for one in await followed.all(ada.id)}
    assert kept == {"liked": NOW, "followed": before}
    assert await followed.all(grace.id) == ()
    rows = await database.fetch_all(b"SELECT count(*) AS n FROM feedback")
    assert rows[0]["n"] == 5
