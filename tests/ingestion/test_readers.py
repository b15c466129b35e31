"""Sources as they come: every encoding, label, envelope and spelling that exports and people give them."""

import contextlib
import gzip
import json
import os
import random
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ingestion.examples import mirror_record
from tests.ingestion.workbooks import workbook

from puls.errors import InvalidInputError, PulsError
from puls.ingestion.files import CutFileError, FileSource, UnreadableFileError
from puls.ingestion.sources import Record, Unreadable

TIMINGS = '[{"begin":"2026-12-12T20:00:00+01:00","end":"2026-12-12T22:00:00+01:00"}]'
FEAST = "Fête d’hiver à la médiathèque"


async def taken(path: Path) -> tuple[list[Any], tuple[str, ...]]:
    """What a file gives, and what is said of it."""
    found: list[Any] = []
    remarks: tuple[str, ...] = ()
    async for batch in FileSource(path).batches(cursor=None):
        found += batch.records
        remarks = batch.remarks
    return found, remarks


async def records(path: Path) -> list[Record]:
    found, _ = await taken(path)
    assert all(isinstance(one, dict) for one in found), found
    return found


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Encodings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
        ("cp850", "DOS 850"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
@pytest.mark.parametrize("kind", [".csv", ".jsonl", ".json", ".ics"])
async def test_no_letter_is_lost_whatever_the_encoding(
    tmp_path: Path, kind: str, encoding: str, said: str | None
) -> None:
    """K4: « Fte dhiver la mdiathque » was what Excel's CSV became, and nothing said so."""
    title = FEAST.replace("’", "'") if encoding == "cp850" else FEAST
    record = json.dumps({"uid": "1", "title_fr": title, "timings": TIMINGS}, ensure_ascii=False)
    text = {
        ".csv": f"uid;title_fr;conditions_fr\r\n1;{title};Entrée libre\r\n",
        ".jsonl": f"{record}\n",
        ".json": f'{{"results": [{record}]}}',
        ".ics": f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{title}\r\n"
        "DTSTART:20261212T190000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    }[kind]
    found, remarks = await taken(written(tmp_path / f"a{kind}", text.encode(encoding)))
    assert [one["title_fr"] for one in found] == [title]
    assert (said is None) == (remarks == ())
    assert said is None or said in remarks[0]


async def test_latin_nine_is_told_by_its_euro(tmp_path: Path) -> None:
    text = "uid;title_fr;conditions_fr\n1;Soirée d'été;Entrée : 5 €\n"
    (row,) = await records(written(tmp_path / "a.csv", text.encode("iso8859-15")))
    assert row["conditions_fr"] == "Entrée : 5 €"


async def test_a_few_old_bytes_in_a_modern_file_cost_nothing_else(tmp_path: Path) -> None:
    """Two exports pasted together."""
    lines = [
        '{"uid": "1", "title_fr": "Été 😀"}'.encode(),
        '{"uid": "2", "title_fr": "Été"}'.encode("cp1252"),
        b'{"uid": "3", "title_fr": "' + "Noël ".encode() + "Noël".encode("cp1252") + b'"}',
    ]
    found, remarks = await taken(written(tmp_path / "a.jsonl", b"\n".join(lines)))
    assert [one["title_fr"] for one in found] == ["Été 😀", "Été", "Noël Noël"]
    assert "not UTF-8 throughout" in remarks[0]


async def test_lines_of_an_old_macintosh_end_with_a_carriage_return(tmp_path: Path) -> None:
    text = "uid;title_fr\r1;Été\r2;Noël\r"
    found = await records(written(tmp_path / "a.csv", text.encode("mac_roman")))
    assert [row["title_fr"] for row in found] == ["Été", "Noël"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40))
async def test_utf8_comes_back_letter_by_letter(tmp_path: Path, text: str) -> None:
    """Nothing that is UTF-8 may ever be taken for something older."""
    line = json.dumps({"uid": "1", "title_fr": text}, ensure_ascii=False)
    found, remarks = await taken(written(tmp_path / "a.json", f"[{line}]"))
    assert found[0]["title_fr"] == text
    assert remarks == ()


# Labels ---------------------------------------------------------------------------------------------------------------

PORTAL = {
    "Identifiant": "90000001",
    "Titre": FEAST,
    "Description": "Un bal",
    "Description longue": "<p>Un grand bal</p>",
    "Détail des conditions": "Entrée libre",
    "Mots clés": "bal,hiver",
    "Horaires détaillés": TIMINGS,
    "Première date - Début": "2026-12-12T19:00:00+00:00",
    "Nom du lieu": "Médiathèque",
    "Code postal": "69001",
    "Ville": "Lyon",
    "Coordonnées géographiques": "45.764, 4.8357",
    "État de l'événement": '{"id": 1}',
    "Email du contributeur": "a@b.fr",
}
FIELDS = [
    "uid", "title_fr", "description_fr", "longdescription_fr", "conditions_fr", "keywords_fr", "timings",
    "firstdate_begin", "location_name", "location_postalcode", "location_city", "location_coordinates", "status",
    "contributor_email",
]  # fmt: skip


@pytest.mark.parametrize("kind", [".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".parquet"])
async def test_labels_are_read_as_the_fields_they_mean(tmp_path: Path, kind: str) -> None:
    """K5: the portal's own download names its columns for people; every record of it was `no_uid`, exit 0."""
    path = tmp_path / f"portal{kind}"
    delimiter = "\t" if kind == ".tsv" else ";"
    match kind:
        case ".xlsx":
            workbook(path, [list(PORTAL), list(PORTAL.values())])
        case ".parquet":
            pq.write_table(pa.Table.from_pylist([PORTAL]), path)
        case ".json" | ".jsonl":
            written(path, json.dumps(PORTAL if kind == ".jsonl" else [PORTAL]))
        case _:
            quoted = [f'"{value.replace(chr(34), chr(34) * 2)}"' for value in PORTAL.values()]
            written(path, f"\ufeff{delimiter.join(PORTAL)}\r\n{delimiter.join(quoted)}\r\n")
    (record,) = await records(path)
    assert list(record) == FIELDS
    assert list(record.values()) == list(PORTAL.values())


async def test_openagendas_own_spreadsheet_is_read(tmp_path: Path) -> None:
    """Its columns name a language, its state and its dates are words; a comma stands in a label."""
    header = (
        'Identifiant,Titre - FR,Titre - EN,"Conditions de participation, tarifs - FR",Horaires ISO,'
        "Horaires détaillés - FR,Lieu: Code postal,Lieu: Ville,État,Statut,Inscription"
    )
    row = (
        "77,Bal,Ball,5 €,2026-12-12T20:00:00+01:00->2026-12-12T22:00:00+01:00,samedi 12 - 20h,69001,Lyon,"
        'Annulé,Publié,"https://a.fr, 0478000000, a@b.fr"'
    )
    (record,) = await records(written(tmp_path / "a.csv", f"{header}\n{row}\n"))
    assert record["title_fr"] == "Bal"
    assert record["timings"].startswith("2026-12-12T20")
    assert record["Horaires détaillés - FR"] == "samedi 12 - 20h"
    assert (record["location_postalcode"], record["location_city"]) == ("69001", "Lyon")
    assert (record["status"], record["state"]) == ("Annulé", "Publié")
    assert record["conditions_fr"] == "5 €"


@pytest.mark.parametrize("content", ["nom;prix\nBal;5\n", "Bal;5\nConcert;8\n", "\n\n", ""])
async def test_a_table_without_a_column_that_is_known_is_refused(
    tmp_path: Path, content: str
) -> None:
    """Not a run that looks well with every record in quarantine."""
    with pytest.raises(UnreadableFileError):
        await taken(written(tmp_path / "a.csv", content))


async def test_a_line_of_excel_and_empty_ends_are_no_rows(tmp_path: Path) -> None:
    text = "sep=;\nuid;title_fr\n1;Bal;;;\n;\n2;Fest\n"
    assert [row["uid"] for row in await records(written(tmp_path / "a.csv", text))] == ["1", "2"]


# Envelopes ------------------------------------------------------------------------------------------------------------

EVENT = {
    "uid": 90000004,
    "title": {"fr": "Récital"},
    "timings": json.loads(TIMINGS),
    "location": {"city": "Lyon"},
}
FIELDS_OF_ONE = {"uid": "90000002", "title_fr": "Récital", "timings": TIMINGS}
ENVELOPES = {
    "API v1": {"nhits": 1, "records": [{"datasetid": "x", "recordid": "y", "fields": FIELDS_OF_ONE}]},
    "API v1's download": [{"datasetid": "x", "fields": FIELDS_OF_ONE}],
    "API v2.0": {"records": [{"links": [], "record": {"id": "a", "fields": FIELDS_OF_ONE}}]},
    "API v2.1": {"total_count": 1, "results": [FIELDS_OF_ONE]},
    "REST v2 after a namesake": {"total": 1, "agenda": {"uid": 5, "summary": {"events": 12}}, "events": [EVENT]},
    "an agenda that looks like an event": {"agenda": {"uid": 5, "title": "A"}, "events": [EVENT]},
    "one event": {"success": True, "event": EVENT},
    "a bare event": EVENT,
    "deep": {"a": {"b": [{"c": {"data": {"payload": {"events": [EVENT]}}}}]}},
    "GeoJSON": {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.8, 45.7]}, "properties": FIELDS_OF_ONE}],
    },
    "JSON:API": {"data": [{"type": "event", "id": "1", "attributes": EVENT}]},
    "GraphQL": {"data": {"events": {"edges": [{"node": EVENT}]}}},
    "a search engine": {"hits": {"total": 1, "hits": [{"_id": "1", "_source": EVENT}]}},
    "pages": [{"events": [EVENT]}, {"events": []}],
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPES)
@pytest.mark.parametrize("kind", [".json", ".jsonl"])
async def test_records_are_found_in_any_envelope(tmp_path: Path, name: str, kind: str) -> None:
    """K5, K6: saved answers of the usual APIs were refused or `no_uid`."""
    (record,) = await records(written(tmp_path / f"a{kind}", json.dumps(ENVELOPES[name])))
    assert str(record["uid"]) in {"90000004", "90000002"}
    assert ("location_coordinates" in record) == (name == "GeoJSON")


@pytest.mark.parametrize(
    "empty", [[], {"total_count": 0, "results": []}, {"agenda": {"uid": 1}, "events": []}]
)
async def test_an_answer_that_found_nothing_is_no_failure(tmp_path: Path, empty: object) -> None:
    assert await records(written(tmp_path / "a.json", json.dumps(empty))) == []


@pytest.mark.parametrize(
    "content",
    [
        '{"error": "no"}',
        '{"agendas": [{"uid": 1, "title": "A"}]}',
        "<html>",
        "",
        '"events"',
        '{"events": 12}',
    ],
)
async def test_a_document_without_records_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        await taken(written(tmp_path / "a.json", content))


async def test_documents_that_follow_each_other_are_all_read(tmp_path: Path) -> None:
    """JSON lines under the name of JSON, pages saved one behind the other."""
    text = "\n".join(json.dumps({"uid": str(n), "title_fr": "a"}) for n in range(3))
    assert len(await records(written(tmp_path / "a.json", text))) == 3


async def test_a_document_larger_than_the_window_is_entered(tmp_path: Path) -> None:
    """Lists of any length, in envelopes, behind members of any size."""
    padding = "x" * 17_000_000
    many = [{**FIELDS_OF_ONE, "uid": str(n)} for n in range(2_000)]
    text = json.dumps(
        {
            "note": padding,
            "agenda": {"uid": 1, "title": "A"},
            "data": {"events": many},
            "total": 2_000,
        }
    )
    assert len(await records(written(tmp_path / "a.json", text))) == 2_000


async def test_one_monstrous_element_is_passed_over(tmp_path: Path) -> None:
    text = json.dumps(
        [
            {"uid": "1", "title_fr": "a"},
            {"uid": "2", "x": "y" * 18_000_000},
            {"uid": "3", "title_fr": "b"},
        ]
    )
    found, _ = await taken(written(tmp_path / "a.json", text))
    assert [one["uid"] if isinstance(one, dict) else one.detail[:6] for one in found] == [
        "1",
        "Longer",
        "3",
    ]


async def test_depth_and_broken_elements_cost_themselves_alone(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    text = f'[{{"uid":"1","title_fr":"a"}},{{"uid":"2","x":{deep}}},{{"uid":"3","title_fr":tru}},{{"uid":"4","title_fr":"b"}}]'
    text += " " * 64
    found, _ = await taken(written(tmp_path / "a.json", text))
    assert [one["uid"] for one in found if isinstance(one, dict)] == ["1", "4"]
    assert len([one for one in found if isinstance(one, Unreadable)]) == 2


# Spreadsheets and calendars -------------------------------------------------------------------------------------------


async def test_a_workbook_gives_dates_numbers_and_texts(tmp_path: Path) -> None:
    """A title above the header, dates as the numbers that Excel keeps."""
    rows: list[list[Any]] = [
        ["Agenda de l'hiver"],
        [],
        ["Identifiant", "Titre", "Première date - Début", "Code postal", "Age minimum"],
        [90000001, "Bal", ("date", 46368.833333333), 6000, None],
        [None, None, None, None, None],
        [90000002.0, "Fest", ("date", 46369.5), "2A004", 6],
    ]
    first, second = await records(workbook(tmp_path / "a.xlsx", rows))
    assert first["firstdate_begin"] == "2026-12-12T20:00:00"
    assert (first["uid"], first["location_postalcode"]) == (90000001, 6000)
    assert (second["uid"], second["age_min"]) == (90000002, 6)


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'},
        {"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c r='ZZZ1'/></row></sheetData></worksheet>"},
        {"xl/worksheets/sheet1.xml": "<worksheet><row>"},
        {"xl/worksheets/sheet1.xml": '<worksheet><row><c t="s"><v>99999</v></c></row></worksheet>'},
        {"xl/sharedStrings.xml": "<sst>" + " " * 70_000_000 + "</sst>"},
        {"xl/worksheets/sheet1.xml": "<worksheet><row><c t='inlineStr'><is><t>" + "a" * 17_000_000 + "</t></is></c></row></worksheet>"},
    ],
)  # fmt: skip
async def test_a_hostile_workbook_is_one_sentence(tmp_path: Path, parts: dict[str, str]) -> None:
    path = workbook(tmp_path / "a.xlsx", [["uid"], ["1"]], **parts)
    with pytest.raises(UnreadableFileError):
        await taken(path)


async def test_an_old_workbook_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"save it as \.xlsx"):
        await taken(written(tmp_path / "a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600))


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:90000001@openagenda.com
SUMMARY:Bal d’hiver
DESCRIPTION:Un bal\\, puis
  un autre
LOCATION:Le Temple\\, 1 place de l'Église\\, 26400 Crest
GEO:44.7286;5.0222
URL:https://openagenda.com/a/events/bal
DTSTART:20261212T190000Z
DTEND:20261212T210000Z
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:90000001@openagenda.com
SUMMARY:Bal d’hiver
DTSTART:20261213T190000Z
DTEND:20261213T210000Z
END:VEVENT
BEGIN:VEVENT
UID:abc
SUMMARY:Marché
DTSTART;VALUE=DATE:20261201
DTEND;VALUE=DATE:20261204
END:VEVENT
BEGIN:VEVENT
UID:prive
SUMMARY:Réunion
CLASS:PRIVATE
DTSTART:20261212T190000Z
END:VEVENT
BEGIN:VEVENT
UID:rep
SUMMARY:Atelier
DTSTART;TZID=Europe/Paris:20261203T180000
DTEND;TZID=Europe/Paris:20261203T200000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Paris:20261210T180000
END:VEVENT
END:VCALENDAR
"""


async def test_a_calendar_gives_one_record_per_event_with_all_its_dates(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ics", CALENDAR.replace("\n", "\r\n"))
    bal, market, private, workshop = await records(path)
    assert bal["uid"] == "90000001"
    assert [timing["begin"][:10] for timing in bal["timings"]] == ["2026-12-12", "2026-12-13"]
    assert (bal["longdescription_fr"], bal["status"]) == ("Un bal, puis un autre", 6)
    assert bal["location_coordinates"] == {"lat": 44.7286, "lon": 5.0222}
    assert market["timings"] == [{"begin": "2026-12-01T00:00:00", "end": "2026-12-03T23:59:00"}]
    assert private["state"] == 0
    assert [timing["begin"][:10] for timing in workshop["timings"]] == [
        "2026-12-03",
        "2026-12-17",
        "2026-12-24",
    ]
    assert workshop["timezone"] == "Europe/Paris"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;COUNT=999999999",
        "FREQ=DAILY;INTERVAL=0",
        "X",
    ],
)
async def test_no_rule_of_repetition_runs_for_ever(tmp_path: Path, rule: str) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:a\nDTSTART:20261203T180000\nRRULE:{rule}\nEND:VEVENT\nEND:VCALENDAR\n"
    found, _ = await taken(written(tmp_path / "a.ics", text))
    assert len(found) == 1


# Limits and damage ----------------------------------------------------------------------------------------------------


def damaged(data: bytes, at: float) -> bytes:
    middle = int(len(data) * at)
    return (
        data[:middle]
        + bytes(byte ^ 0x5A for byte in data[middle : middle + 20])
        + data[middle + 20 :]
    )


def many_lines(count: int = 3_000) -> bytes:
    chance = random.Random(3)
    lines = (
        json.dumps({**mirror_record(uid=str(n)), "description_fr": chance.randbytes(40).hex()})
        for n in range(count)
    )
    return "\n".join(lines).encode() + b"\n"


@pytest.mark.parametrize("at", [0.05, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", [".jsonl.gz", ".csv.gz", ".json.gz"])
async def test_damaged_gzip_keeps_what_came_before_and_says_so(
    tmp_path: Path, kind: str, at: float
) -> None:
    """F19: `zlib.error` was a stack trace, and the run looked well."""
    data = many_lines()
    if kind == ".json.gz":
        data = b"[" + b",".join(data.splitlines()) + b"]"
    if kind == ".csv.gz":
        data = b"uid;title_fr\n" + b"".join(b"%d;%d\n" % (n, n * n * n) for n in range(90_000))
    path = written(tmp_path / f"a{kind}", damaged(gzip.compress(data), at))
    found: list[Any] = []

    async def read() -> None:
        async for batch in FileSource(path).batches(cursor=None):
            found.extend(batch.records)

    with pytest.raises(InvalidInputError, match="cannot be read"):
        await read()
    assert all(isinstance(one, dict | Unreadable) for one in found)


async def test_gzip_is_told_by_its_bytes_not_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", gzip.compress(many_lines(3)))
    assert len(await records(path)) == 3
    with pytest.raises(UnreadableFileError, match="not gzip"):
        await taken(written(tmp_path / "b.jsonl.gz", many_lines(3)))
    with pytest.raises(UnreadableFileError, match="twice"):
        await taken(written(tmp_path / "c.jsonl.gz", gzip.compress(gzip.compress(many_lines(3)))))


@pytest.mark.parametrize(
    "kind", [".csv.gz", ".jsonl.gz", ".json.gz", ".ics.gz", ".xlsx.gz", ".parquet.gz"]
)
async def test_what_unpacks_out_of_proportion_is_refused(tmp_path: Path, kind: str) -> None:
    """F20: one line of 1 GB out of 1 MB took 2.2 GB of memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    begin = {
        ".csv.gz": b"uid;t\n1;",
        ".json.gz": b'[{"uid":"',
        ".ics.gz": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:",
    }
    path = tmp_path / f"a{kind}"
    with path.open("wb") as file:
        file.write(packer.compress(begin.get(kind, b'{"uid": "')))
        for _ in range(200):
            file.write(packer.compress(b"a" * 2**20))
        file.write(packer.flush())
    with pytest.raises(UnreadableFileError, match="times its size"):
        await taken(path)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".csv", "uid;title_fr\n1;a\n2;" + "b" * 17_000_000 + "\n3;c\n"),
        (
            ".jsonl",
            '{"uid":"1","title_fr":"a"}\n{"uid":"'
            + "b" * 17_000_000
            + '"}\n{"uid":"3","title_fr":"c"}\n',
        ),
    ],
)
async def test_a_line_that_is_too_long_costs_itself_alone(
    tmp_path: Path, kind: str, text: str
) -> None:
    found, _ = await taken(written(tmp_path / f"a{kind}", text))
    assert [one["uid"] for one in found if isinstance(one, dict)] == ["1", "3"]
    assert [one.line for one in found if isinstance(one, Unreadable)] == [
        3 if kind == ".csv" else 2
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (".jsonl", '{"uid": "1", "title_fr": "a"}\n{"uid": "2", "ti'),
        (".json", '[{"uid": "1", "title_fr": "a"}, {"uid": "2", "ti'),
        (".json", '{"results": [{"uid": "1", "title_fr": "a"}'),
        (".csv", "uid;title_fr;timings\n1;a;b\n2;c"),
        (".ics", CALENDAR[: CALENDAR.index("END:VEVENT")]),
        (".ics", CALENDAR[: CALENDAR.index("END:VCALENDAR")]),
    ],
)
async def test_a_file_that_ends_in_the_middle_is_cut(tmp_path: Path, kind: str, text: str) -> None:
    """So that a full run of it removes nothing."""
    with pytest.raises(CutFileError):
        await taken(written(tmp_path / f"a{kind}", text))


async def test_parquet_that_declares_absurd_sizes_or_is_none_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"uid": ["a" * 2_000_000_00]}), bomb, compression="zstd", use_dictionary=False
    )
    with pytest.raises(UnreadableFileError, match="larger than it is packed"):
        await taken(bomb)
    whole = tmp_path / "b.parquet"
    pq.write_table(pa.table({"uid": [str(n) for n in range(9_999)]}), whole)
    for at in (0.1, 0.5, 0.99):
        path = written(tmp_path / "c.parquet", damaged(whole.read_bytes(), at))
        with contextlib.suppress(PulsError):  # damage may hit what nobody reads
            await taken(path)


async def test_a_file_of_something_else_does_not_fill_the_quarantine(tmp_path: Path) -> None:
    """A log of a gigabyte, called .jsonl by mistake, is not ten million rows of quarantine."""
    path = written(tmp_path / "a.jsonl", "2026-11-30 GET / 200\n" * 150_000)
    with pytest.raises(UnreadableFileError, match="no record in 100,000 lines"):
        await taken(path)


async def test_what_is_shown_of_a_broken_event_can_be_stored(tmp_path: Path) -> None:
    """Found by the fuzzer: a lone surrogate in the library's complaint made the whole batch unstorable."""
    text = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:\xed\xa0\xbd2026\nEND:VEVENT\nEND:VCALENDAR\n"
    ((one,), _) = await taken(written(tmp_path / "a.ics", text))
    assert isinstance(one, Unreadable)
    (one.detail + one.text).encode()


async def test_a_reader_that_is_ended_by_its_file_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by the fuzzer: Arrow's C++ ends the process on some damaged files, and no `except` catches that."""
    monkeypatch.setattr("puls.ingestion.files.parquet_rows._send_rows", _abort)
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"uid": ["1"]}), path)
    with pytest.raises(UnreadableFileError, match="ended its reader"):
        await taken(path)


def _abort(*_: object) -> None:
    os.abort()
