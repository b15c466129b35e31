"""The committed gazetteer as tables of text, so that a process starts in a blink. Pure.

Nothing is folded, counted or turned into numbers when it is read: names come folded and indexed, and a
commune stays its line until somebody asks for it. `scripts/build_gazetteer.py` writes with `pack`;
`puls.geo.place_index` reads with `read_packed`.

The file is gzip over eight tables separated by an empty line; in a table, a line is a row and tabs
separate its fields: régions (code, name); départements (code, name, région); communes, the most
populated first (code, name, département, population, latitude, longitude, basis, postcodes);
arrondissements (code, city, number, latitude, longitude, postcodes); folded names (name, codes), in the
order of the communes; other folded names (name, codes); postcodes (postcode, codes); old codes (old
code, code).
"""

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

_CODE_LENGTH = 5  # INSEE codes of communes, « 2A004 » included


@dataclass(frozen=True, slots=True)
class PackedGazetteer:
    """The tables. A value of `names`, `other_names` and `postcodes` is INSEE codes separated by spaces.

    The most populated commune comes first. `communes` is by code, each its line, the most populated first.
    """

    regions: Sequence[str]
    departments: Sequence[str]
    communes: Mapping[str, str]
    arrondissements: Sequence[str]
    names: Mapping[str, str]
    other_names: Mapping[str, str]
    postcodes: Mapping[str, str]
    new_codes: Mapping[str, str]


def read_packed() -> PackedGazetteer:
    """The tables of the file committed beside this module."""
    packed = resources.files("puls.geo").joinpath("data/gazetteer.tsv.gz").read_bytes()
    tables = [table.split("\n") for table in gzip.decompress(packed).decode().split("\n\n")]
    regions, departments, communes, arrondissements, names, other_names, postcodes, codes = tables
    return PackedGazetteer(
        regions=regions,
        departments=departments,
        communes={line[:_CODE_LENGTH]: line for line in communes},
        arrondissements=arrondissements,
        names=_index(names),
        other_names=_index(other_names),
        postcodes=_index(postcodes),
        new_codes=_index(codes),
    )


def pack(tables: Sequence[Iterable[str]]) -> bytes:
    """The bytes of the file: the same tables give the same bytes."""
    text = "\n\n".join("\n".join(table) for table in tables)
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _index(lines: Iterable[str]) -> dict[str, str]:
    return dict(line.split("\t") for line in lines)
