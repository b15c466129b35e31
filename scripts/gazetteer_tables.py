"""The last step of `build_gazetteer.py`: typed lines become the tables that `puls.geo.packed` reads.

A line starts with its kind: `R` code, name · `D` code, name, région · `C` code, name, département,
population, latitude, longitude, basis, postcodes; the most populated first · `A` arrondissement: code,
city, number, latitude, longitude, postcodes · `N` other name: code, name, kind (`d` merged commune, `l`
postal locality, `a` foreign name), old code · `O` old code, current code.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from puls.geo.names import fold_place


def tables_of(lines: Iterable[str]) -> list[list[str]]:
    """The eight tables, in the order that `puls.geo.packed` documents."""
    rows: dict[str, list[list[str]]] = defaultdict(list)
    for line in lines:
        kind, *fields = line.split("\t")
        rows[kind].append(fields)
    names: dict[str, list[str]] = defaultdict(list)
    other_names: dict[str, list[str]] = defaultdict(list)
    postcodes: dict[str, list[str]] = defaultdict(list)
    new_codes: dict[str, str] = {}
    for code, name, *_, own_postcodes in rows["C"]:
        names[fold_place(name)].append(code)
        for postcode in own_postcodes.split():
            postcodes[postcode].append(code)
    for code, name, _, old_code in rows["N"]:
        other_names[fold_place(name)].append(code)
        if old_code:
            new_codes.setdefault(old_code, code)
    for old_code, code in rows["O"]:
        new_codes.setdefault(old_code, code)
    new_codes |= {code: city for code, city, *_ in rows["A"]}
    return [
        *(["\t".join(fields) for fields in rows[kind]] for kind in "RDCA"),
        list(_indexed(names)),
        list(_indexed(other_names)),
        list(_indexed(postcodes)),
        [f"{old}\t{new}" for old, new in new_codes.items()],
    ]


def _indexed(codes: Mapping[str, list[str]]) -> Iterator[str]:
    return (f"{name}\t{' '.join(dict.fromkeys(own))}" for name, own in codes.items())
