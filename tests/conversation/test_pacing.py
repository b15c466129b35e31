"""The order of turns when many talk at once."""

import asyncio

import pytest

from puls.conversation import pacing
from puls.conversation.pacing import Pacing


async def begins(turns: Pacing, name: str, told: list[str], may_end: asyncio.Event) -> None:
    async with turns.beginning() as place:
        told.append(f"{name} begins")
        await asyncio.sleep(0)
        place.give_back()
        await turns.give_way()
        await may_end.wait()
        told.append(f"{name} ends")


async def test_turns_begin_in_their_order_and_ends_wait_for_beginnings() -> None:
    """The first who asked reads first, and no text is finished while somebody stares at nothing."""
    turns, told, may_end = Pacing(at_once=2), list[str](), asyncio.Event()
    may_end.set()
    await asyncio.gather(*(begins(turns, str(number), told, may_end) for number in range(6)))
    assert told[:6] == [f"{number} begins" for number in range(6)]
    assert len(told) == 12


async def test_a_turn_that_fails_gives_its_place_back() -> None:
    turns = Pacing(at_once=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with turns.beginning():
                raise ZeroDivisionError
    async with asyncio.timeout(1), turns.beginning():
        pass


async def test_who_leaves_while_waiting_holds_up_nobody() -> None:
    turns, told, may_end = Pacing(at_once=1), list[str](), asyncio.Event()
    async with turns.beginning():
        waiting = asyncio.create_task(begins(turns, "gone", told, may_end))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1):
            await turns.give_way()
    assert told == []


async def test_nobody_waits_long_for_those_who_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the database away the places are taken by turns that wait for it; the others wait for it as well, not for them."""
    monkeypatch.setattr(pacing, "_LONGEST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(pacing, "_LONGEST_COURTESY_SECONDS", 0.02)
    turns = Pacing(at_once=1)
    async with turns.beginning(), asyncio.timeout(1):
        waiting = asyncio.create_task(turns.beginning().__aenter__())
        await asyncio.sleep(0)
        await turns.give_way()
        assert not waiting.done()
        await waiting
