"""A look keeps what was seen within its limit, tells each step, and leaves nothing running."""

import asyncio

import pytest
from tests.serving import NOW, an_event
from tests.web_search.sights import GAZETTEER, Saying, check, looking, seen

from puls.outside.page import FetchFailure
from puls.understanding.question import understand
from puls.web_search.looking import Look, Step
from puls.web_search.policy import LookPlan, bounds_of
from puls.web_search.providers.provider import ProviderFault
from puls.web_search.values import Looked, Outcome, Proof, Why

pytestmark = pytest.mark.alone

PAGE, OTHER = "https://periscope.example/jazz", "https://rock.example/soir"
WISH = understand("jazz samedi à Lyon", now=NOW, gazetteer=GAZETTEER).wish
JAZZ = an_event("jazz")


def a_look(*events: str, why: Why = Why.ASKED, searches: bool = True) -> Look:
    plan = LookPlan(why=(why,), events=tuple(map(an_event, events)), searches=searches)
    return Look(plan=plan, wish=WISH, shown=[JAZZ], about="jazz samedi à Lyon")


async def looked(saying: Saying, look: Look, *, seconds: float = 3.0) -> tuple[Looked, list[Step]]:
    steps: list[Step] = []
    result = await looking(saying).look(
        look, bounds=bounds_of("quick", seconds=seconds), tell=steps.append
    )
    return result, steps


async def test_what_fits_and_is_new_is_shown() -> None:
    saying = Saying(
        hits=[PAGE, OTHER],
        events={PAGE: [seen(), seen(JAZZ.title)], OTHER: [seen("Rock", city="Nantes", postcode=None)]},
    )  # fmt: skip
    result, steps = await looked(saying, a_look())
    assert [each.title for each in result.events] == ["Jazz au Périscope"]
    assert {step.doing for step in steps} == {"searching", "reading"}
    assert not result.is_cut


async def test_checks_and_search_run_at_once() -> None:
    """A healthy look adds its slowest request, not their sum."""
    saying = Saying(checks=[check()], hits=[PAGE], events={PAGE: [seen()]}, seconds=0.2)
    result, _ = await looked(saying, a_look("jazz"))
    assert result.seconds < 0.55  # two in a row, search and page; the check beside them
    assert result.checks[0].outcome is Outcome.CONFIRMED


async def test_the_limit_keeps_what_was_seen_and_stops_the_rest() -> None:
    saying = Saying(checks=[check()], hits=[PAGE], seconds=30)
    began = asyncio.get_running_loop().time()
    result, _ = await looked(saying, a_look("jazz"), seconds=0.2)
    assert asyncio.get_running_loop().time() - began < 0.5
    assert result.is_cut
    assert result.checks[0].outcome is Outcome.NOT_CHECKED
    assert saying.stopped == 2


async def test_a_stopped_turn_stops_its_requests() -> None:
    saying = Saying(checks=[check()], hits=[PAGE], seconds=30)
    task = asyncio.create_task(looked(saying, a_look("jazz")))
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert saying.stopped == 2


async def test_a_page_that_is_not_read_is_named_with_its_reason() -> None:
    saying = Saying(
        hits=[PAGE, OTHER], failures={"periscope.example": FetchFailure.CHALLENGE},
        provider_failures=(("brave", ProviderFault.QUOTA),),
    )  # fmt: skip
    result, _ = await looked(saying, a_look())
    assert dict(result.failures) == {"periscope.example": "challenge", "brave": "quota"}


async def test_a_page_found_by_search_does_not_take_back_a_surer_proof() -> None:
    """A reseller still lists what the agenda itself cancelled."""
    saying = Saying(
        checks=[
            check(outcome=Outcome.CANCELLED),
            check(proof=Proof.SEARCH, url=PAGE, is_strong=False),
        ],
        hits=[PAGE],
    )
    result, _ = await looked(saying, a_look("jazz", why=Why.ONLY_THE_WEB_KNOWS))
    assert [each.outcome for each in result.checks] == [Outcome.CANCELLED]


async def test_one_page_of_each_host_is_read() -> None:
    """Three pages of one reseller are one witness."""
    saying = Saying(hits=[PAGE, PAGE + "?2", OTHER], snippets={PAGE: "Du jazz.", OTHER: "Du rock."})
    result, steps = await looked(saying, a_look())
    assert sorted(step.host for step in steps if step.doing == "reading") == [
        "periscope.example",
        "rock.example",
    ]
    assert len(result.snippets) == 2


async def test_without_a_provider_checks_still_work_and_the_lack_is_known() -> None:
    saying = Saying(checks=[check()], names=())
    result, _ = await looked(saying, a_look("jazz"))
    assert result.lacks_provider
    assert result.checks[0].outcome is Outcome.CONFIRMED
    assert saying.asked == []
