"""What is read now and then must not cost the visitor who comes at that moment."""

import asyncio

from puls.errors import DatabaseUnavailableError
from puls.retrieval.kept import Kept


class Counted:
    """A slow read that can fail."""

    def __init__(self) -> None:
        self.reads = 0
        self.fails = False
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def read(self) -> int:
        self.reads += 1
        await self.may_end.wait()
        if self.fails:
            raise DatabaseUnavailableError("gone")
        return self.reads


async def test_an_old_value_is_given_at_once_and_read_again_behind_it() -> None:
    source, clock = Counted(), [0.0]
    kept = Kept(source.read, lives_seconds=60, clock=lambda: clock[0])
    assert [await kept.current(), await kept.current()] == [1, 1]
    clock[0] = 61
    source.may_end.clear()
    assert [await kept.current(), await kept.current()] == [1, 1]
    await asyncio.sleep(0)
    assert source.reads == 2  # one reader, however many ask
    source.may_end.set()
    await asyncio.sleep(0.01)
    assert await kept.current() == 2


async def test_a_database_that_is_away_leaves_the_last_value() -> None:
    source, clock = Counted(), [0.0]
    kept = Kept(source.read, lives_seconds=60, clock=lambda: clock[0])
    await kept.current()
    clock[0], source.fails = 61, True
    await kept.current()
    await asyncio.sleep(0.01)
    assert await kept.current() == 1
    assert source.reads == 2  # not again with every question
    clock[0], source.fails = 130, False
    await kept.current()
    await asyncio.sleep(0.01)
    assert await kept.current() == 3


async def test_those_who_come_first_share_one_read() -> None:
    source = Counted()
    kept = Kept(source.read, lives_seconds=60)
    assert await asyncio.gather(*(kept.current() for _ in range(5))) == [1] * 5
    assert source.reads == 1
