"""The charts of `/ops`, from the figures of a look. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from puls.catalogue.event import Category
from puls.operating.counts import Counts
from puls.operating.looking import Look
from puls.phrasing import Language, category_name
from puls.ui.ops import words as saying
from puls.ui.ops.charts import Chart, Series, Words, bars, lines, stacked

_MOST_BARS = 8


class Drawing:
    """Draws in one language and time zone (IANA)."""

    def __init__(self, look: Look, *, language: Language, timezone: str) -> None:
        self._look, self._language, self._timezone = look, language, timezone
        self._words: Mapping[str, Any] = saying.words(language)["charts"]
        self._pieces = [look.read.curves.get(start, Counts()) for start in look.span.starts]
        self._labels = [self._label(start) for start in look.span.starts]

    def all(self) -> dict[str, Chart]:
        """By name."""
        return {
            "first_card": self._latency("first_card", "found"),
            "answer": self._latency("answer", "total"),
            "satisfaction": self._satisfaction(),
            "found": self._found(),
            "cost": self._cost(),
            "visitors": self._visitors(),
            "reasons": self._bars("reasons", "thumb_reasons", self._reason),
            "themes": self._bars("themes", "themes", self._theme),
            "kinds": self._bars("kinds", "kinds", self._kind),
            "languages": self._bars("languages", "languages", str),
            "failures": self._bars("failures", "failures", str),
            "models": self._bars("models", "writers", str),
            "web_checks": self._bars("web_checks", "web_checks", str),
        }

    def _latency(self, name: str, step: str) -> Chart:
        return lines(
            self._called(name, partial(saying.milliseconds, language=self._language)),
            self._labels,
            [self._series(name, [piece.percentile(f"ms:{step}", 0.95) for piece in self._pieces])],
        )

    def _satisfaction(self) -> Chart:
        return stacked(
            self._called("satisfaction", self._number),
            self._labels,
            [
                self._series(
                    f"thumbs_{thumb}", [piece.n("thumbs", thumb) for piece in self._pieces]
                )
                for thumb in ("up", "down")
            ],
        )

    def _found(self) -> Chart:
        return stacked(
            self._called("found", self._number),
            self._labels,
            [
                self._series(label, [piece.n("found", label) for piece in self._pieces])
                for label in ("on_theme", "off_theme", "nothing")
            ],
        )

    def _cost(self) -> Chart:
        return stacked(
            self._called("cost", partial(saying.euros, language=self._language)),
            self._labels,
            [
                self._series(name, [piece.total(name) for piece in self._pieces])
                for name in ("model_cost", "web_cost")
            ],
        )

    def _visitors(self) -> Chart:
        """Visitors by day; turns where hours are looked at, since their visitors cannot be added up."""
        if self._look.span.grain == "day":
            values = [piece.n("visitors") for piece in self._pieces]
            return lines(
                self._called("visitors", self._number),
                self._labels,
                [self._series("visitors", values)],
            )
        values = [piece.n("turns") for piece in self._pieces]
        return lines(
            self._called("turns", self._number), self._labels, [self._series("turns", values)]
        )

    def _bars(self, name: str, measure: str, say: Callable[[str], str]) -> Chart:
        counted = self._look.read.counts.labels(measure)
        top = list(counted.items())[:_MOST_BARS]
        rest = sum(one.n for one in list(counted.values())[_MOST_BARS:])
        labels = [say(label) for label, _ in top]
        values = [float(one.n) for _, one in top]
        if rest:
            labels.append(self._words["others"])
            values.append(float(rest))
        return bars(self._called(name, self._number), labels, values)

    def _called(self, name: str, say: Callable[[float], str]) -> Words:
        told = self._words[name]
        return Words(
            id=f"chart-{name}",
            title=told["title"],
            description=told["description"],
            labels=self._words["label"],
            say=say,
        )

    def _series(self, name: str, values: Sequence[float | None]) -> Series:
        return Series(name=self._words["series"][name], values=values)

    def _label(self, start: datetime) -> str:
        if self._look.span.grain == "day":
            return saying.day(start, self._timezone)
        return saying.clock(start, self._timezone, self._language)

    def _number(self, value: float) -> str:
        return saying.number(value, self._language)

    def _theme(self, label: str) -> str:
        return theme_name(label, self._language)

    def _kind(self, label: str) -> str:
        name: str = saying.words(self._language)["kinds"].get(label, label)
        return name

    def _reason(self, label: str) -> str:
        name: str = saying.words(self._language)["reasons"].get(label, label)
        return name


def theme_name(theme: str, language: Language) -> str:
    """A category in words; « tous genres » for none."""
    if not theme:
        name: str = saying.words(language)["any_theme"]
        return name
    return category_name(Category(theme), language) if theme in set(Category) else theme
