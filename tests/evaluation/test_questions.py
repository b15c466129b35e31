"""The yardstick itself: figures worked out by hand, and sentences for files that are not questions."""

import json
import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from puls.catalogue.event import Accessibility, Interval
from puls.errors import InvalidInputError
from puls.evaluation import (
    JudgedQuestion,
    ceiling,
    evaluate,
    given_wish,
    ndcg,
    read_questions,
    recall,
    reciprocal_rank,
    summary,
    understood_wish,
)
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.wish import Near, Where

PARIS = ZoneInfo("Europe/Paris")
GRADES = {"a": 3, "b": 1, "c": 2}


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "now": "2026-11-18T10:00+01:00",
        "user": None,
        "history": [],
        "text": "concert ce week-end à Lyon",
        "language": "fr",
        "expect": "results",
        "wish": {},
        "relevant": GRADES,
        "judged_zero": ["x"],
        "tags": [],
        **changes,
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def write(file: Path, *lines: dict[str, Any]) -> list[JudgedQuestion]:
    file.write_text("\n\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    return read_questions(file)


# -- Figures ---------------------------------------------------------------------------------------------------------

IDEAL = 7 + 3 / math.log2(3) + 1 / 2  # grades 3, 2, 1 gain 7, 3, 1


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (["a", "c", "b"], 1),
        (["a", "x", "b"], (7 + 1 / 2) / IDEAL),
        (["x", "b"], 1 / math.log2(3) / IDEAL),
        (["x", "unjudged"], 0),
        ([], 0),
        (["x"] * 10 + ["a"], 0),
    ],
)
def test_ndcg_is_what_a_hand_computes(found: list[str], expected: float) -> None:
    """Gain 2^grade - 1, discount log2(rank + 1), the ideal order as the measure."""
    assert ndcg(found, GRADES) == pytest.approx(expected)


def test_the_ideal_has_ten_places_too() -> None:
    """With eleven perfect events, ten of them are a perfect page; recall stays below 1 by nature."""
    grades = {str(number): 3 for number in range(11)}
    page = [str(number) for number in range(10)]
    assert ndcg(page, grades) == pytest.approx(1)
    assert recall(page, grades) == pytest.approx(10 / 11)


@pytest.mark.parametrize(
    ("found", "share", "reciprocal"),
    [(["x", "b", "a"], 2 / 3, 1 / 2), (["x"], 0, 0), ([], 0, 0), (["x"] * 10 + ["a"], 0, 1 / 11)],
)
def test_recall_and_reciprocal_rank(found: list[str], share: float, reciprocal: float) -> None:
    assert recall(found, GRADES) == pytest.approx(share)
    assert reciprocal_rank(found, GRADES) == pytest.approx(reciprocal)


def test_nothing_relevant_scores_nothing() -> None:
    assert (ndcg(["a"], {}), recall(["a"], {}), reciprocal_rank(["a"], {})) == (0, 0, 0)


async def test_means_are_over_the_questions_that_expect_results(file: Path) -> None:
    """A question without an answer is judged by silence, and does not thin out the others."""
    questions = write(
        file,
        line(id="perfect"),
        line(id="missed"),
        line(id="silent", expect="empty", relevant={}),
        line(id="chatty", expect="empty", relevant={}),
        line(id="refused", expect="out_of_scope", relevant={}),
    )
    answers = {"perfect": ["a", "c", "b"], "missed": ["x", "new"], "chatty": ["x"]}

    async def answer(question: JudgedQuestion) -> Sequence[str]:
        return answers.get(question.id, [])

    verdicts = await evaluate(questions, answer)
    assert summary(verdicts) == {
        "ndcg@10": 0.5,
        "recall@10": 0.5,
        "mrr": 0.5,
        "unjudged@10": 0.5,
        "questions": 2,
        "abstained_when_empty": 0.5,
        "empty_questions": 2,
    }
    assert [verdict.ndcg is None for verdict in verdicts] == [False, False, True, True, True]


def test_no_question_is_no_division_by_zero() -> None:
    assert set(summary([]).values()) == {0}


# -- Files -----------------------------------------------------------------------------------------------------------


def test_a_question_is_read_as_written(file: Path) -> None:
    """Blank lines are nothing; numbers for uids are theirs to write."""
    first, second = write(
        file,
        line(user={"lat": 45.76, "lon": 4.83, "label": "Lyon"}, relevant={"12": "2"}),
        line(id=2, now="2026-11-18T10:00", wish=None),
    )
    assert first.position == Coordinates(45.76, 4.83)
    assert first.relevant == {"12": 2}
    assert second.id == "2"
    assert second.now == datetime(2026, 11, 18, 10, tzinfo=PARIS)  # no offset: the clocks of France
    assert second.wish == {}


@pytest.mark.parametrize(
    "bad",
    [
        "{not json",
        "[]",
        "3",
        '{"id": "1"}',
        json.dumps(line(now="yesterday")),
        json.dumps(line(user={"lat": 1})),
        json.dumps(line(user={"lat": 100, "lon": 0})),
        json.dumps(line(relevant=["a"])),
        json.dumps(line(relevant={"a": "good"})),
        json.dumps(line(wish=["Lyon"])),
    ],
)
def test_a_line_that_is_no_question_is_named(file: Path, bad: str) -> None:
    """Others will bring their own files; the number of the line is what they need."""
    file.write_text(json.dumps(line()) + "\n" + bad + "\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"questions\.jsonl, line 2: not a judged question"):
        read_questions(file)


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("Été".encode("latin-1"))
    for path in (tmp_path / "missing", tmp_path, tmp_path / "latin"):
        with pytest.raises(InvalidInputError, match="Cannot read"):
            read_questions(path)


# -- Wishes ----------------------------------------------------------------------------------------------------------


def given(file: Path, **wish: Any) -> JudgedQuestion:
    (question,) = write(file, line(wish=wish))
    return question


def test_the_given_wish_becomes_filters_and_topic(file: Path, gazetteer: Gazetteer) -> None:
    """Judges write the last minute, Puls the moment after; every wish of theirs is a filter of ours."""
    question = given(
        file,
        topic="jazz",
        when=["2026-11-21T00:00", "2026-11-22T23:59"],
        where={"city": "Lyon"},
        free=True,
        max_price=12,
        ages=[4, 7],
        wheelchair=True,
        hearing=True,
        online=False,
    )
    wish = given_wish(question, gazetteer)
    assert wish.topic == "jazz"
    assert wish.when == (
        Interval(datetime(2026, 11, 21, tzinfo=PARIS), datetime(2026, 11, 23, tzinfo=PARIS)),
    )
    assert wish.where == Where(label="Lyon", commune_codes=("69123",))
    assert (wish.free, wish.max_price, wish.ages, wish.online) == (True, 12, (4, 7), False)
    assert wish.accessibility == {Accessibility.MOTOR, Accessibility.HEARING}


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (None, None),
        ({"postcode": "75011"}, Where(label="75011", postcodes=("75011",))),
        ({"department": "26"}, Where(label="26", department_codes=("26",))),
        ({"department": ["26", "07"]}, Where(label="26, 07", department_codes=("26", "07"))),
        ({"region": "Bretagne"}, Where(label="Bretagne", region_codes=("53",))),
        (
            {"near": {"lat": 45.76, "lon": 4.83, "radius_km": 5}},
            Where(label="5 km", near=Near(center=Coordinates(45.76, 4.83), radius_km=5)),
        ),
    ],
)
def test_every_kind_of_place_is_read(
    file: Path, gazetteer: Gazetteer, where: dict[str, Any] | None, place: Where | None
) -> None:
    assert given_wish(given(file, where=where), gazetteer).where == place


@pytest.mark.parametrize("name", [{"city": "Nulle-Part-sur-Rien"}, {"region": "Syldavie"}])
def test_a_place_that_does_not_exist_finds_nothing_rather_than_everything(
    file: Path, gazetteer: Gazetteer, name: dict[str, str]
) -> None:
    where = given_wish(given(file, where=name), gazetteer).where
    assert where is not None
    assert where.commune_codes or where.region_codes


@pytest.mark.parametrize(
    "wish", [{"where": {"planet": "Mars"}}, {"where": "Lyon"}, {"when": ["2026-11-21"]}]
)
def test_a_wish_that_cannot_be_read_is_a_sentence(
    file: Path, gazetteer: Gazetteer, wish: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError, match=r"Not a (place|time)"):
        given_wish(given(file, **wish), gazetteer)


def test_a_message_that_asks_for_nothing_has_no_wish(file: Path, gazetteer: Gazetteer) -> None:
    (weather, concert) = write(file, line(text="quel temps fera-t-il demain ?"), line())
    assert understood_wish(weather, gazetteer) is None
    wish = understood_wish(concert, gazetteer)
    assert wish is not None
    assert wish.where is not None
    assert wish.where.commune_codes == ("69123",)


def test_the_ceiling_is_what_a_perfect_ranking_of_what_fits_reaches() -> None:
    """Beside nDCG it tells what the filters cost from what the ranking costs."""
    relevant = {"best": 3, "good": 2}
    assert ceiling({"best", "good", "other"}, relevant) == 1
    assert ceiling({"good", "other"}, relevant) == ndcg(["good"], relevant) < 1
    assert ceiling({"other"}, relevant) == 0
