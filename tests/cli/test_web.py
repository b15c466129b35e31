"""`puls web` and `puls verify`: what was looked at, what was not and why, clean of what a terminal would obey."""

import json
from dataclasses import replace

import pytest
from tests.cli.conftest import Program
from tests.on_the_web import AGENDA, JAZZ_PAGE, Seen, a_check, a_web_event, the_web_of
from tests.serving import NOW, an_event, puls_over, save

from puls.cli.web import Steps, checked_now, looked_for, print_checked, print_looked
from puls.database import Database
from puls.errors import NotFoundError
from puls.geo.gazetteer import Gazetteer
from puls.outside.page import FetchFailure
from puls.web_search.asked import WebOffError
from puls.web_search.values import Outcome, Snippet

pytestmark = pytest.mark.database
ZONE = "Europe/Paris"
ESCAPE = "\x1b[2J"
UNREAD = "https://robots.example/"


async def test_a_look_tells_what_was_searched_read_and_seen(
    database: Database, gazetteer: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever runs Puls sees why a page gave nothing."""
    event = a_web_event(f"Swing {ESCAPE}[bold]du samedi[/bold]")
    seen = Seen(pages={JAZZ_PAGE: [event], UNREAD: FetchFailure.ROBOTS})
    puls = puls_over(database, gazetteer, web=the_web_of(seen, database, gazetteer))
    steps = Steps()
    looked = await looked_for(puls, "concert de swing", depth="quick", steps=steps)
    print_looked(looked, steps.hosts, timezone=ZONE, as_json=False)
    said = capsys.readouterr()
    shown = " ".join(said.out.split())
    for fact in (
        "Cherché : concert de swing",
        "jazz.example",
        "non lue : robots",
        "[bold]du samedi[/bold]",
        JAZZ_PAGE,
    ):
        assert fact in shown
    assert "\x1b" not in said.out
    assert "Je lis jazz.example…" in said.err

    print_looked(looked, steps.hosts, timezone=ZONE, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["searched"] == ["concert de swing"]
    assert told["pages"] == [
        {"host": "jazz.example", "read": JAZZ_PAGE, "why_not": None},
        {"host": "robots.example", "read": None, "why_not": "robots"},
    ]
    assert told["events"][0]["page_url"] == JAZZ_PAGE


async def test_a_quotation_has_its_source_and_nothing_is_said_to_be_nothing(
    database: Database, gazetteer: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    quote = Snippet(text="Le swing revient.", title="Mag", url="https://mag.example/", seen_at=NOW)
    seen = Seen(pages={quote.url: quote})
    puls = puls_over(database, gazetteer, web=the_web_of(seen, database, gazetteer))
    looked = await looked_for(puls, "concert de swing", depth="thorough", steps=Steps())
    print_looked(looked, (), timezone=ZONE, as_json=False)
    assert "« Le swing revient. »" in capsys.readouterr().out
    print_looked(
        replace(looked, snippets=(), lacks_provider=True), (), timezone=ZONE, as_json=False
    )
    said = capsys.readouterr().out
    assert "Rien de plus sur le web." in said
    assert "Aucun moteur" in said


async def test_events_are_verified_as_a_table_and_as_json(
    database: Database, gazetteer: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    """A venue checks its week before the doors open."""
    await save(database, [an_event("jazz"), an_event("swing", title="Concert de swing")])
    check = replace(a_check("jazz", Outcome.CANCELLED), says=f"ANNULÉ{ESCAPE}")
    web = the_web_of(Seen(checks={"jazz": check}), database, gazetteer)
    puls = puls_over(database, gazetteer, web=web)
    checked = await checked_now(puls, ["swing", "jazz"], within=1.0, steps=Steps())
    assert [event.uid for event, _ in checked] == ["swing", "jazz"]
    assert [check.outcome for _, check in checked] == [Outcome.NOT_CHECKED, Outcome.CANCELLED]
    print_checked(checked, timezone=ZONE, as_json=False)
    said = capsys.readouterr()
    assert "ANNULÉ" in said.out
    assert "\x1b" not in said.out
    assert "1 sur 2 vérifiées sur openagenda.com…" in said.err
    print_checked(checked, timezone=ZONE, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert [one["uid"] for one in told] == ["swing", "jazz"]
    assert told[1]["url"] == AGENDA


async def test_an_unknown_uid_and_a_web_that_is_off_are_told(
    database: Database, gazetteer: Gazetteer
) -> None:
    await save(database, [an_event("jazz")])
    off = puls_over(database, gazetteer)
    with pytest.raises(NotFoundError, match="'nope', 'nor this'"):
        await checked_now(off, ["jazz", "nope", "nor this"], within=1.0, steps=Steps())
    with pytest.raises(WebOffError, match="switched off"):
        await checked_now(off, ["jazz"], within=1.0, steps=Steps())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("web", "swing", "--depth", "deep"), "deep"),
        (("web", "   "), "Ask something"),
        (("verify",), "UID"),
        (("verify", "1", "--within", "60"), "--within"),
        (("verify", "nothing-has-this-uid"), "nothing-has-this-uid"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    puls: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    ran = puls(*arguments)
    assert ran.exit_code == 2
    assert not ran.out
    assert ran.err.count("\n") == 1
    assert sentence in ran.err
