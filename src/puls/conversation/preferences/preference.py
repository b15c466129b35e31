"""What a visitor prefers, as typed values; how a later statement changes an earlier one. Pure.

`preference_reading` finds these values in words, `preference_use` applies them to a wish, `preference_store` keeps them
if the visitor agreed. Enter at `Preference`; `changes_of` decides what a statement adds and takes away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import Field, TypeAdapter

from puls.catalogue.event import Accessibility, Category
from puls.geo.distance import Coordinates
from puls.understanding.wish import Where

LIFETIME = timedelta(days=180)
LEARNT_LIFETIME = timedelta(days=60)

Purpose = Literal["preferences", "accessibility"]
Origin = Literal["stated", "learnt"]
Moment = Literal["morning", "afternoon", "evening", "weekend"]
_Value = TypeVar("_Value")


class Kind(StrEnum):
    """What a preference is about. Of likes and dislikes there may be many, of the others one each."""

    HOME = "home"
    CHILDREN = "children"
    LIKE = "like"
    DISLIKE = "dislike"
    NEEDS = "needs"
    BUDGET = "budget"
    MOMENT = "moment"
    NO_CAR = "no_car"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where the visitor lives: a commune, an arrondissement or wider, never an address. `center` is the commune's."""

    where: Where
    center: Coordinates | None = None
    kind: Literal[Kind.HOME] = Kind.HOME


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the visitor; `who` is "daughter", "son" or None. `age` in years on the day it was said."""

    age: int
    who: Literal["daughter", "son"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """The visitor's children. `is_complete`: all of them were named, so that earlier ones are replaced."""

    children: tuple[Child, ...]
    is_complete: bool = True
    kind: Literal[Kind.CHILDREN] = Kind.CHILDREN


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A theme, folded (« jazz manouche »), and the kind of event it is, if it is one."""

    about: str
    category: Category | None = None
    kind: Literal[Kind.LIKE] = Kind.LIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dislike:
    """A theme to leave out, folded, and the kind of event it is, if it is one."""

    about: str
    category: Category | None = None
    kind: Literal[Kind.DISLIKE] = Kind.DISLIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What accessibility the visitor needs: health data, kept with a consent of its own."""

    accessibility: frozenset[Accessibility]
    kind: Literal[Kind.NEEDS] = Kind.NEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Euros per person and outing at most."""

    max_price: float
    kind: Literal[Kind.BUDGET] = Kind.BUDGET


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """When the visitor goes out rather."""

    moments: tuple[Moment, ...]
    kind: Literal[Kind.MOMENT] = Kind.MOMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCar:
    """The visitor has no car: what is near counts more."""

    kind: Literal[Kind.NO_CAR] = Kind.NO_CAR


Value = Home | Children | Like | Dislike | Needs | Budget | Moments | NoCar


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What the visitor takes back: all of a kind, or one theme of it; everything when `kind` is None."""

    kind: Kind | None = None
    about: str | None = None


Statement = Value | Forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A value with where it comes from and until when it is kept."""

    value: Value
    origin: Origin
    created_at: datetime
    expires_at: datetime
    id: int | None = None
    source_turn: UUID | None = None


_VALUE: TypeAdapter[Value] = TypeAdapter(Annotated[Value, Field(discriminator="kind")])


def json_of(value: Value) -> dict[str, Any]:
    """The value as JSON knows it."""
    stored: dict[str, Any] = _VALUE.dump_python(value, mode="json")
    return stored


def value_from(stored: str) -> Value:
    """The value that `json_of` wrote; pydantic's ValidationError when it is none."""
    return _VALUE.validate_json(stored, strict=True)


def about_of(value: Value) -> str:
    """What tells two preferences of one kind apart."""
    return value.about if isinstance(value, Like | Dislike) else ""


def purpose_of(value: Value) -> Purpose:
    """The consent that a value needs."""
    return "accessibility" if isinstance(value, Needs) else "preferences"


def values_of(preferences: Sequence[Preference], kind: type[_Value]) -> list[_Value]:
    """The values of one kind, oldest first."""
    return [each.value for each in preferences if isinstance(each.value, kind)]


def changes_of(
    statement: Statement, known: Sequence[Preference], *, origin: Origin = "stated"
) -> Iterator[Statement]:
    """What a statement does to what is known, in order: things to forget, then the value to keep.

    The last statement wins: a like takes back the dislike of the same theme, a new home the old one. What was learnt
    never overrides what was stated.
    """
    if isinstance(statement, Forgotten):
        yield from _forgotten(statement, known)
        return
    if origin == "learnt" and _is_stated_already(statement, known):
        return
    match statement:
        case Like(about=about, category=category):
            yield from _taken_back(Kind.DISLIKE, values_of(known, Dislike), about, category)
        case Dislike(about=about, category=category):
            yield from _taken_back(Kind.LIKE, values_of(known, Like), about, category)
        case Children(is_complete=False):
            yield _with_siblings(statement, known)
            return
        case Needs():
            earlier = (each.accessibility for each in values_of(known, Needs))
            yield Needs(accessibility=statement.accessibility.union(*earlier))
            return
        case _:
            pass
    yield statement


def _forgotten(statement: Forgotten, known: Sequence[Preference]) -> Iterator[Forgotten]:
    """« oublie le théâtre » takes back the like and the dislike; a home only when it is the one named."""
    if statement.kind is Kind.HOME and statement.about is not None:
        if any(statement.about == home.where.label for home in values_of(known, Home)):
            yield Forgotten(kind=Kind.HOME)
        return
    yield statement


def _taken_back(
    kind: Kind, values: Sequence[Like | Dislike], about: str, category: Category | None
) -> Iterator[Forgotten]:
    for value in values:
        if value.about == about or (category is not None and value.category is category):
            yield Forgotten(kind=kind, about=value.about)


def _with_siblings(said: Children, known: Sequence[Preference]) -> Children:
    """« ma fille a 8 ans » is news of the daughter that is known, or of a child that was not."""
    children = [child for each in values_of(known, Children) for child in each.children]
    for child in said.children:
        same = [each for each in children if each.who is not None and each.who == child.who]
        grown = [each for each in children if each.who is None and child.age - each.age in (0, 1)]
        for replaced in (same or grown)[:1]:
            children.remove(replaced)
        children.append(child)
    ordered = sorted(children, key=lambda child: (child.age, child.who or ""))
    return Children(children=tuple(dict.fromkeys(ordered)))


def _is_stated_already(value: Value, known: Sequence[Preference]) -> bool:
    if not isinstance(value, Like | Dislike):
        return any(each.origin == "stated" and each.value.kind is value.kind for each in known)
    return any(
        each.origin == "stated"
        and isinstance(each.value, Like | Dislike)
        and (
            each.value.about == value.about
            or (value.category is not None and each.value.category is value.category)
        )
        for each in known
    )


def ages_today(children: Children, *, said_at: datetime, now: datetime) -> tuple[int, ...]:
    """The children's ages now: they grow up between two statements."""
    years = max(0, (now - said_at).days) // 365
    return tuple(sorted({child.age + years for child in children.children}))
