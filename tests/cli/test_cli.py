"""`puls …` from end to end: what people read, what programs parse, what a mistake costs (one line)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Program, Ran
from tests.ingestion.examples import mirror_record

from puls.cli.app import main

pytestmark = pytest.mark.database

AT = ("--now", "2026-11-27T18:00:00+01:00")  # a Friday evening


def record(uid: str, title: str, description: str, day: str, **changes: Any) -> dict[str, Any]:
    begin, end = f"2026-{day}T20:00:00+01:00", f"2026-{day}T22:00:00+01:00"
    return mirror_record(
        uid=uid,
        title_fr=title,
        description_fr=description,
        longdescription_fr=None,
        timings=json.dumps([{"begin": begin, "end": end}]),
        firstdate_begin=begin,
        firstdate_end=end,
        lastdate_begin=begin,
        lastdate_end=end,
        **changes,
    )


RECORDS = [
    record("11", "Récital de piano", "Chopin et Satie au Temple.", "11-28", conditions_fr="12 €"),
    record("12", "Bal folk", "Gavottes et mazurkas.", "11-28", conditions_fr="Entrée libre"),
    record("13", "Atelier de poterie", "Tourner son premier bol.", "12-15"),
]


@pytest.fixture(scope="module")
def ingested(puls: Program) -> Ran:
    """Three events in Crest, ingested from a file."""
    file = puls.folder / "records.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in RECORDS), encoding="utf-8")
    return puls("ingest", "file", file, "--json")


def is_one_line(ran: Ran) -> bool:
    return not ran.out and ran.err.startswith("puls: ") and ran.err.count("\n") == 1


def test_a_file_is_ingested_with_a_report(ingested: Ran) -> None:
    """A script checks figures, not prose."""
    assert ingested.exit_code == 0, ingested.err
    (report,) = ingested.json
    assert (report["seen"], report["new"], report["quarantined"]) == (3, 3, {})


@pytest.mark.usefixtures("ingested")
def test_the_shape_of_a_search_is_what_programs_rely_on(puls: Program) -> None:
    """The wish as understood, events with their next fitting occurrence, notices."""
    ran = puls("search", "piano ce week-end à Crest", "--json", *AT, "--near", "44.73,5.02")
    assert ran.exit_code == 0, ran.err
    assert {"wish", "events", "notices"} <= ran.json.keys()
    (event,) = ran.json["events"]
    assert event["uid"] == "11"
    assert event["occurrence"]["start"] == "2026-11-28T20:00:00+01:00"
    assert event["occurrence"]["end"] == "2026-11-28T22:00:00+01:00"
    assert event["venue"]["name"] == "Le Temple"
    assert (event["venue"]["city"], event["venue"]["lat"]) == ("Crest", 44.7286)
    assert event["price"]["kind"] == "paid"
    assert event["distance_km"] < 1
    assert event["reasons"]
    assert ran.json["wish"]["where"]["communes"] == ["26108"]
    assert [notice["code"] for notice in ran.json["notices"]] == ["words_only"]


@pytest.mark.usefixtures("ingested")
def test_typed_filters_and_the_table_for_people(puls: Program) -> None:
    """Filters win over words; the log holds none of them."""
    flags = ("--place", "Crest", "--from", "2026-11-28", "--to", "2026-11-28", "--free")
    ran = puls("search", "gavottes", *flags, *AT, PULS_LOG_LEVEL="DEBUG")
    assert ran.exit_code == 0, ran.err
    assert "Bal folk" in ran.out
    assert "Récital" not in ran.out
    assert "gavottes" not in ran.err


@pytest.mark.usefixtures("ingested")
def test_an_event_is_shown_whole(puls: Program) -> None:
    """With its dates, its place and where it comes from."""
    ran = puls("show", "11")
    assert ran.exit_code == 0, ran.err
    for fact in ("Récital de piano", "Le Temple", "2026-11-28 20:00", "Une salle"):
        assert fact in ran.out


@pytest.mark.usefixtures("ingested")
def test_an_index_is_built_and_then_meaning_answers(puls: Program) -> None:
    """From words to vectors in one command, with the real model."""
    built = puls("index", "build", "--json")
    assert built.exit_code == 0, built.err
    (version,) = built.json
    assert (version["state"], version["events"], version["embedded"]) == ("live", 3, 3)
    found = puls("search", "apprendre la céramique", "--json", *AT).json
    assert found["events"][0]["uid"] == "13"
    assert found["notices"] == []


@pytest.mark.usefixtures("ingested")
@pytest.mark.parametrize("mode", [(), ("--given-wish",)])
def test_any_file_of_judged_questions_is_evaluated(puls: Program, mode: tuple[str, ...]) -> None:
    """By the words, or by the judges' own wish."""
    question = {
        "id": "q1", "now": "2026-11-27T18:00+01:00", "user": None, "history": [],
        "text": "piano ce week-end à Crest", "language": "fr", "expect": "results",
        "wish": {"when": ["2026-11-28T00:00", "2026-11-29T23:59"], "where": {"city": "Crest"}, "topic": "piano"},
        "relevant": {"11": 3}, "judged_zero": ["12"], "tags": [],
    }  # fmt: skip
    weather = {**question, "id": "q2", "text": "quel temps fera-t-il ?", "expect": "out_of_scope"}
    file = puls.folder / "questions.jsonl"
    file.write_text(json.dumps(question) + "\n" + json.dumps(weather) + "\n")
    ran = puls("evaluate", file, "--json", *mode)
    assert ran.exit_code == 0, ran.err
    means = ran.json["means"]["retrieval"]
    assert {"ndcg@10", "recall@10"} <= means.keys()
    assert means["ndcg@10"] == 1
    assert means["ceiling_of_filters"] == 1
    judged = [one["id"] for one in ran.json["cases"] if one["part"] == "retrieval"]
    assert judged == ["q1", "q2"]


def test_the_sample_is_ingested_without_any_network(puls: Program) -> None:
    """What a newcomer types first."""
    ran = puls("ingest", "sample", "--json")
    assert ran.exit_code == 0, ran.err
    (report,) = ran.json
    assert report["new"] >= 600
    assert report["new"] == report["seen"] - sum(report["quarantined"].values())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "nothing-has-this-uid"), "nothing-has-this-uid"),
        (("search", "jazz", "--bad"), "--bad"),
        (("ingest", "file", "missing.jsonl"), "missing.jsonl"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    puls: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    """Never a stack trace for what is known."""
    ran = puls(*arguments)
    assert ran.exit_code == 2, ran.err
    assert is_one_line(ran), ran.err
    assert sentence in ran.err


def test_a_database_that_does_not_answer_is_one_line(puls: Program) -> None:
    """The input was right, so the code is another."""
    ran = puls("status", PULS_DATABASE_URL="host=127.0.0.1 port=1")
    assert ran.exit_code == 1
    assert is_one_line(ran)
    assert "PULS_DATABASE_URL" in ran.err


# -- Mistakes that are seen before anything is opened: no other process is needed -------------------------------------


@pytest.fixture
def mistaken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """`puls` in this process, where no database must be started."""

    def run(*arguments: str) -> Ran:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PULS_HOME", str(tmp_path / "home"))
        monkeypatch.setattr("sys.argv", ["puls", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not (tmp_path / "home").exists()
        assert isinstance(stop.value.code, int)
        said = capsys.readouterr()
        return Ran(stop.value.code, said.out, said.err)

    return run


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("search", "--limit", "0"), "--limit"),
        (("search", "--now", "hier"), "ISO 8601"),
        (("search", "--from", "hier"), "ISO 8601"),
        (("search", "--near", "Lyon"), "LAT,LON"),
        (("search", "--near", "145,4"), "LAT,LON"),
        (("search", "--order", "best"), "relevance, soonest, nearest, cheapest"),
        (("search", "--category", "zut"), "concert"),
        (("show",), "uid"),
        (("index", "switch", "last"), "integer"),
        (("evaluate", "missing.jsonl"), "missing.jsonl"),
        (("fly",), "fly"),
    ],
)
def test_a_wrong_flag_or_value_is_one_line(
    mistaken: Callable[..., Ran], arguments: tuple[str, ...], sentence: str
) -> None:
    ran = mistaken(*arguments)
    assert ran.exit_code == 2
    assert is_one_line(ran), ran.err
    assert sentence in ran.err


def test_settings_that_cannot_be_read_are_named_without_their_value(
    mistaken: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value may be a secret, in the wrong variable."""
    monkeypatch.setenv("PULS_DATABASE_POOL_SIZE", "s3cret")
    monkeypatch.setenv("PULS_LOG_LEVEL", "loud")
    ran = mistaken("status")
    assert ran.exit_code == 2
    assert is_one_line(ran)
    assert "PULS_DATABASE_POOL_SIZE" in ran.err
    assert "PULS_LOG_LEVEL" in ran.err
    assert "s3cret" not in ran.err


@pytest.mark.parametrize("group", [(), ("ingest",)])
def test_a_group_without_a_command_shows_what_there_is(
    mistaken: Callable[..., Ran], group: tuple[str, ...]
) -> None:
    ran = mistaken(*group)
    assert ran.exit_code == 2
    assert ran.out.startswith("Usage:")
    assert not ran.err
