"""The page of all figures that texts use: value, meaning, source, command. Pure."""

from collections.abc import Iterable

from study.figures.figure import Figure, Figures

_HEAD = """# Chiffres et sources

Chaque nombre de l'étude mène ici. Une mesure dit sa commande, son jour et sa machine ; une valeur dit le fichier et l'endroit où elle est lue. Page fabriquée par `make study`.

"""


def figures_page(figures: Figures, used: Iterable[str]) -> str:
    """One table, in the order of the names."""
    lines = ["| chiffre | ce que c'est | source |", "|---|---|---|"]
    lines += [_line(figures[name]) for name in sorted(used)]
    return _HEAD + "\n".join(lines) + "\n"


def _line(figure: Figure) -> str:
    return (
        f'| <a id="{figure.name}"></a>**{figure.written}** | {_what(figure)} | {_source(figure)} |'
    )


def _what(figure: Figure) -> str:
    return figure.what[0].upper() + figure.what[1:]


def _source(figure: Figure) -> str:
    source = figure.source
    to = (
        f"../{source.file.removeprefix('docs/')}"
        if source.file.startswith("docs/")
        else f"../../{source.file}"
    )
    parts = [f"[{source.file}]({to})"]
    if source.place:
        place = source.place.replace("|", "\\|")
        parts.append(place if place.startswith("«") else f"`{place}`")
    if source.command:
        parts.append(f"`{source.command}`")
    if source.date or source.machine:
        parts.append(", ".join(part for part in (source.date, source.machine) if part))
    return " ; ".join(parts)
