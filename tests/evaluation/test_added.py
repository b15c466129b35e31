"""A case made of a bad thumb: what tells who asked is gone, what a judge needs is there."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.evaluation.stored import NOW, StoredTurn, store

from puls.database import Database
from puls.errors import InvalidInputError, NotFoundError
from puls.evaluation.added import Prepared, kept, prepared
from puls.evaluation.masking import Masking
from puls.evaluation.running import Running, read_sets
from puls.geo.gazetteer import Gazetteer

SECRETS = (
    "Lefèvre",
    "lefèvre",
    "marie",
    "orange.fr",
    "0612345678",
    "06 12",
    "Lilas",
    "45.75",
    "Zoé",
)


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("je m'appelle paul durand, concert à Lyon", "je m'appelle [nom], concert à Lyon"),
        ("avec ma fille lea de 6 ans à Saint-Rémy-de-Provence", "avec ma fille [nom] de 6 ans à Saint-Rémy-de-Provence"),
        ("écris à jean.dupont@orange.fr ou au 06 12 34 56 78", "écris à [mail] ou au [téléphone]"),
        ("appelle le +33 6 12 34 56 78", "appelle le [téléphone]"),
        ("12 bis rue de la République à Valence", "[adresse] à Valence"),
        ("je suis à 45.7578, 4.832", "je suis à [position]"),
        ("Je viens avec Albert et Mme Lefèvre", "Je viens avec [nom] et [nom]"),
        ("Samedi, jazz à Albert", "Samedi, jazz à Albert"),
        ("concert Lyon avec mon mari Karim", "concert Lyon avec mon mari [nom]"),
        ("https://x.fr/u?id=3 c'est moi", "[lien] c'est moi"),
        ("mon compte 3000 6000 0112 3456", "mon compte [numéro]"),
    ],
)  # fmt: skip
def test_what_tells_who_asked_is_masked(gazetteer: Gazetteer, written: str, masked: str) -> None:
    """A file of cases is copied, mailed and committed."""
    assert Masking(gazetteer).masked(written) == masked


@pytest.mark.parametrize(
    "written",
    [
        "concert de Noël à Strasbourg le 24 décembre 2026 à 20h",
        "budget 15 € pour 4 personnes le 12/03/2027 de 14h à 18h",
        "Que faire ce week-end dans le Finistère avec mes amis ?",
        "Rock in Clermont-Ferrand on Friday",
        "expo à Paris 75011",
    ],
)
def test_what_is_asked_for_stays(gazetteer: Gazetteer, written: str) -> None:
    """A case without its date and place judges nothing."""
    assert Masking(gazetteer).masked(written) == written


def bad(**changes: object) -> StoredTurn:
    usual: dict[str, object] = {
        "text": "Marie Lefèvre, 4 impasse des Lilas : un concert à Lyon pour ma fille Zoé ? 0612345678",
        "thumb": "down",
        "reason_code": "wrong_place",
        "shown": ("11", "12"),
        "wish": {
            "topic": "concert Lefèvre",
            "where": {"label": "Lyon", "commune_codes": ["69123"]},
            "when": [{"start": "2026-11-21T17:00:00Z", "end": "2026-11-21T23:00:00Z"}],
        },
    }
    return StoredTurn(**usual | changes)  # type: ignore[arg-type] # as the row of a test says


@pytest.mark.database
async def test_a_bad_thumb_becomes_a_case_without_personal_data(
    database: Database, gazetteer: Gazetteer
) -> None:
    """One click on /ops."""
    rated = bad(at=NOW + timedelta(minutes=1))
    before = StoredTurn(visitor=rated.visitor, text="écris à marie@orange.fr, jazz à Lyon")
    await store(database, [before, rated])
    case = await prepared(database, rated.id, gazetteer)
    assert not [secret for secret in SECRETS if secret in case.line]
    assert str(rated.visitor) not in case.line
    row = case.row
    assert row["history"] == ["écris à [mail], jazz à Lyon"]
    assert (row["expect"], row["shown"], row["user"]) == ("unjudged", ["11", "12"], None)
    assert row["wish"]["where"] == {"city": "Lyon"}
    assert row["tags"] == ["thumb", "wrong_place", "search"]


@pytest.mark.database
async def test_where_the_visitor_stood_is_not_taken_over(
    database: Database, gazetteer: Gazetteer
) -> None:
    """« À 5 km de moi » and an address are circles, and a circle has a middle."""
    near = {"center": {"lat": 45.7578, "lon": 4.832}, "radius_km": 5.0}
    rated = bad(wish={"topic": "concert", "where": {"label": "4 impasse des Lilas", "near": near}})
    await store(database, [rated])
    case = await prepared(database, rated.id, gazetteer)
    assert case.row["wish"]["where"] == {"masked": "[position]"}
    assert not [secret for secret in SECRETS if secret in case.line]


@pytest.mark.database
async def test_an_answer_that_nobody_complained_of_is_not_read(
    database: Database, gazetteer: Gazetteer
) -> None:
    """The operator's right to read ends at complaints."""
    good, unrated = bad(thumb="up"), bad(thumb=None)
    await store(database, [good, unrated])
    for id_ in (good.id, unrated.id, uuid4()):
        with pytest.raises(NotFoundError, match="thumb down"):
            await prepared(database, id_, gazetteer)


async def test_a_case_is_kept_once_and_waits_for_a_judgement(
    tmp_path: Path, gazetteer: Gazetteer
) -> None:
    """Two clicks are one case; an unjudged one is counted and judges nothing."""
    path = tmp_path / "deep" / "cases.jsonl"
    case = Prepared(
        {"id": "thumb-1", "now": NOW.isoformat(), "text": "concert", "expect": "unjudged"}
    )
    assert await kept(path, case)
    assert not await kept(path, case)
    path.write_text(path.read_text(encoding="utf-8").rstrip(), encoding="utf-8")  # edited by hand
    assert await kept(path, Prepared({**case.row, "id": "thumb-2"}))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [
        "thumb-1",
        "thumb-2",
    ]
    running = Running(search=None, gazetteer=gazetteer)  # type: ignore[arg-type] # nothing is searched
    report = await running.report(read_sets([path]), ["cases.jsonl"], now=NOW)
    assert not report.cases
    assert report.left_out == ("2 × questions of bad thumbs that wait for a judgement",)


async def test_a_file_that_is_no_set_is_left_as_it_is(tmp_path: Path) -> None:
    """An operator's notes must not be written over."""
    path = tmp_path / "notes.txt"
    path.write_text("hello\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="cannot be kept"):
        await kept(path, Prepared({"id": "x"}))
    assert path.read_text(encoding="utf-8") == "hello\n"
