"""What operators read is what the tables hold."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.operating.conftest import UNTIL
from tests.operating.direct_sql import FIGURES, PERCENTILES, two_digits
from tests.serving import app_over, visiting

from puls.bootstrap import Puls
from puls.operating.counting import Counting
from puls.operating.figures import Figure
from puls.operating.objectives import DEFAULTS
from puls.operating.periods import Period

# What each period means, written down rather than computed by the code under test; Paris is at UTC+1 then.
SINCE = {
    Period.HOUR: UNTIL - timedelta(hours=1),
    Period.DAY: datetime(2026, 11, 26, 21, tzinfo=UTC),
    Period.WEEK: datetime(2026, 11, 20, 23, tzinfo=UTC),
    Period.MONTH: datetime(2026, 10, 28, 23, tzinfo=UTC),
}
MIDNIGHT = datetime(2026, 11, 26, 23, tzinfo=UTC)


def direct(url: str, statement: str, period: Period, until: datetime = UNTIL) -> Any:
    values = {"since": SINCE[period], "until": until, "today": MIDNIGHT}
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row[0]


def check_all(figures: dict[str, Figure], url: str, period: Period) -> None:
    assert set(figures) == {*FIGURES, *PERCENTILES}
    for name, statement in FIGURES.items():
        wanted, shown = direct(url, statement, period), figures[name].value
        if wanted is None:
            assert shown is None, name
        else:
            assert shown == pytest.approx(float(wanted), rel=1e-9), name
    for name, statement in PERCENTILES.items():
        assert figures[name].value == two_digits(direct(url, statement, period)), name


@pytest.mark.parametrize("period", Period)
async def test_every_figure_equals_direct_sql(
    puls: Puls, simulated_url: str, period: Period
) -> None:
    """A page that says something else than the tables is worse than none."""
    look = await puls.operating.look(period, now=UNTIL)
    assert look.is_whole
    check_all(dict(look.figures), simulated_url, period)
    assert look.figures["answers"].value


async def test_what_changes_later_changes_the_figures(puls: Puls, simulated_url: str) -> None:
    """A thumb that turns weeks later, a turn that ends after its hour: hours long closed are counted anew."""
    later = UNTIL + timedelta(minutes=1)
    with psycopg.connect(simulated_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE feedback SET thumb = 'down', created_at = %s WHERE turn_id IN (SELECT turn_id FROM feedback"
            " WHERE thumb = 'up' AND uid IS NULL ORDER BY created_at LIMIT 5)",
            [later],
        )
        connection.execute(
            "UPDATE turn SET state = 'finished', finished_at = %s, milliseconds = '{\"total\": 90000}',"
            " kind = 'search', language = 'fr', writer = 'composer'"
            " WHERE id IN (SELECT id FROM turn WHERE state = 'failed' ORDER BY created_at LIMIT 3)",
            [later],
        )
    look = await puls.operating.look(Period.MONTH, now=UNTIL)
    check_all(dict(look.figures), simulated_url, Period.MONTH)


async def test_erasing_takes_nothing_from_what_was_counted(puls: Puls, simulated_url: str) -> None:
    """Retention deletes turns, not the history of how many there were."""
    before = await puls.operating.look(Period.MONTH, now=UNTIL)
    with psycopg.connect(simulated_url, autocommit=True) as connection:
        connection.execute("DELETE FROM turn WHERE created_at < %s", [UNTIL - timedelta(days=20)])
    after = await puls.operating.look(Period.MONTH, now=UNTIL)
    assert after.figures["turns"].value == before.figures["turns"].value


async def test_counting_again_changes_nothing(puls: Puls) -> None:
    """The job of every minute, another replica's and a page may all count."""
    before = await puls.operating.look(Period.MONTH, now=UNTIL)
    await puls.operating.counting.catch_up(now=UNTIL)
    after = await puls.operating.look(Period.MONTH, now=UNTIL)
    assert after.figures == before.figures


async def test_a_page_does_not_wait_for_a_month_to_be_counted(
    puls: Puls, simulated_url: str
) -> None:
    """It says until when its figures hold instead."""
    with psycopg.connect(simulated_url, autocommit=True) as connection:
        connection.execute("UPDATE usage_counted SET until = until - interval '3 hours'")
    puls.operating.counting = Counting(puls.database, timezone="Europe/Paris", most_turns=1)
    look = await puls.operating.look(Period.DAY, now=UNTIL)
    assert not look.is_whole
    assert look.counted_until == UNTIL - timedelta(hours=3)


@pytest.mark.parametrize("period", Period)
async def test_unmet_demand_equals_direct_sql_and_hides_the_rare(
    puls: Puls, simulated_url: str, period: Period
) -> None:
    """A demand of one or two people could be somebody's own."""
    statement = """
        WITH d AS (SELECT place, theme, topic, visitor_id FROM turn
                   WHERE found <> 'on_theme' AND created_at >= %(since)s AND created_at < %(until)s)
        SELECT place, theme, NULL AS topic, count(*) AS demands, count(DISTINCT visitor_id) AS visitors
        FROM d GROUP BY 1, 2 HAVING count(DISTINCT visitor_id) > 2
        UNION ALL
        SELECT place, theme, topic, count(*), count(DISTINCT visitor_id)
        FROM d WHERE topic <> '' GROUP BY 1, 2, 3 HAVING count(DISTINCT visitor_id) > 2"""
    with psycopg.connect(simulated_url, row_factory=dict_row) as connection:
        values = {"since": SINCE[period], "until": UNTIL}
        wanted = connection.execute(statement.encode(), values).fetchall()
    found = await puls.operating.unmet(period, now=UNTIL)
    assert {tuple(row.values()) for row in wanted} == {
        (one.place, one.theme, one.topic, one.demands, one.visitors) for one in found
    }
    assert all(one.visitors >= 3 for one in found)
    if period is Period.MONTH:
        assert found


async def test_burn_equals_direct_sql(puls: Puls, simulated_url: str) -> None:
    """The budget of thirty days, from the turns themselves."""
    look = await puls.operating.look(Period.MONTH, now=UNTIL)
    events = {burn.objective.name: burn for burn in look.burns}
    bad, of_all = (
        direct(simulated_url, f"SELECT count(*) {rows}", Period.MONTH)
        for rows in (
            "FROM turn WHERE created_at >= %(since)s AND state = 'failed' AND failure <> 'stopped'",
            "FROM turn WHERE created_at >= %(since)s AND (state = 'finished' OR failure <> 'stopped')",
        )
    )
    assert (events["availability"].events.bad, events["availability"].events.all) == (bad, of_all)
    objective = DEFAULTS[2]
    slow = direct(
        simulated_url,
        "SELECT count(*) FROM turn WHERE created_at >= %(since)s AND state = 'finished'"
        f" AND (milliseconds ->> 'total')::int > {objective.limit_ms}",
        Period.MONTH,
    )
    assert events["answer"].events.bad == slow > 0
    left = events["answer"].budget_left
    assert left == pytest.approx(1 - slow / events["answer"].events.all / (1 - objective.target))


async def test_the_page_shows_the_figures_and_json_gives_them(puls: Puls) -> None:
    """A person and a program read the same."""
    look = await puls.operating.look(Period.WEEK, now=UNTIL)
    async with visiting(app_over(puls, clock=lambda: UNTIL)) as client:
        page = await client.get("/ops?periode=7j")
        told = (await client.get("/ops/figures.json?periode=7j")).json()["figures"]
    shown = dict(re.findall(r'data-figure="(\w+)" data-value="([^"]*)"', page.text))
    assert set(shown) == set(look.figures)
    for name, figure in look.figures.items():
        assert shown[name] == ("" if figure.value is None else repr(figure.value)), name
        assert told[name]["value"] == figure.value, name


async def test_a_database_without_anything_has_no_figures(puls: Puls, simulated_url: str) -> None:
    """The first day of an installation: dashes and zeros, no failure."""
    with psycopg.connect(simulated_url, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE visitor, model_call, web_search_call, usage_figure, usage_counted CASCADE"
        )
    await puls.operating.counting.catch_up(now=UNTIL)
    look = await puls.operating.look(Period.MONTH, now=UNTIL)
    assert look.figures["turns"].value == 0
    assert look.figures["thumbs_share"].value is None
    async with visiting(app_over(puls, clock=lambda: UNTIL)) as client:
        assert (await client.get("/ops")).status_code == 200
