"""The engines of PULS_EMBEDDINGS as an operator writes them. Pure.

`mistral:mistral-embed, openai:bge-m3@http://127.0.0.1:8080/v1, e5-small`: the first builds, the live version of the index says
which of them questions are given to. e5-small is always among them.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args
from urllib.parse import urlsplit

from puls.errors import InvalidInputError
from puls.llm.chain import is_on_this_machine

E5_SMALL: Final = "e5-small"
Kind = Literal["e5-small", "mistral", "openai", "langchain"]
_NAME = re.compile(r"(?P<model>[^\[\]@\s]+)(?:\[(?P<dimensions>[1-9]\d{0,4})\])?")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*[.:][A-Za-z_]\w*")
_MOST_DIMENSIONS = 4_000  # pgvector's graph over halfvec takes no more

# What a model was trained to see before a text, by a part of its name: from the model cards of intfloat/multilingual-e5-* and
# nomic-ai/nomic-embed-text-v1.5. A server that adds it by itself is not told twice: name such a model otherwise there.
_PROMPTS: Final = (
    (re.compile(r"(?:^|[/_-])e5-(?:small|base|large)(?!-instruct)"), "query: ", "passage: "),
    (re.compile(r"nomic-embed-text"), "search_query: ", "search_document: "),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpec:
    """One engine. `model` is a folder for e5-small (or empty), a dotted name for langchain; `base_url` None: the provider's own.

    `dimensions`: asked of the provider, for models whose vectors may be cut.
    """

    kind: Kind
    model: str = ""
    base_url: str | None = None
    dimensions: int | None = None

    @property
    def name(self) -> str:
        """As index versions, the ledger and the price table name it."""
        cut = f"[{self.dimensions}]" if self.dimensions else ""
        return f"{self.kind}:{self.model}{cut}"

    @property
    def priced_as(self) -> str:
        """Its name in the price table: what is cut from a vector is paid for."""
        return f"{self.kind}:{self.model}"

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine and thus costs nothing per call."""
        return is_on_this_machine(self.base_url)

    @property
    def prompts(self) -> tuple[str, str]:
        """What goes before a question and before a passage."""
        for pattern, question, passage in _PROMPTS:
            if pattern.search(self.model.lower()):
                return question, passage
        return "", ""


def read_engines(text: str) -> tuple[EngineSpec, ...]:
    """The engines in their order; e5-small of the wheel comes last where it is not named. Empty: it alone.

    Raises:
        InvalidInputError: a part cannot be read, or a model is named twice.
    """
    specs = [read_engine(part.strip()) for part in text.split(",") if part.strip()]
    if EngineSpec(kind=E5_SMALL) not in specs:
        specs.append(EngineSpec(kind=E5_SMALL))
    names = [spec.name for spec in specs]
    if len(set(names)) < len(names):
        raise InvalidInputError("PULS_EMBEDDINGS names a model twice; its vectors would be mixed.")
    return tuple(specs)


def read_engine(part: str) -> EngineSpec:
    """One engine.

    Raises:
        InvalidInputError: it cannot be read.
    """
    if part == E5_SMALL:
        return EngineSpec(kind=E5_SMALL)
    if part.startswith(f"{E5_SMALL}@"):
        return EngineSpec(kind=E5_SMALL, model=part.removeprefix(f"{E5_SMALL}@"))
    kind, colon, rest = part.partition(":")
    if not colon or kind not in get_args(Kind) or kind == E5_SMALL:
        raise _unread(part)
    if kind == "langchain":
        if _DOTTED.fullmatch(rest) is None:
            raise _unread(part)
        return EngineSpec(kind="langchain", model=rest)
    name, at, base_url = rest.rpartition("@") if "@http" in rest else (rest, "", "")
    found = _NAME.fullmatch(name)
    if found is None or (at and not urlsplit(base_url).hostname):
        raise _unread(part)
    dimensions = int(found["dimensions"]) if found["dimensions"] else None
    if dimensions is not None and dimensions > _MOST_DIMENSIONS:
        raise InvalidInputError(
            f"PULS_EMBEDDINGS: an index holds at most {_MOST_DIMENSIONS} dimensions."
        )
    return EngineSpec(
        kind=cast("Kind", kind),
        model=found["model"],
        base_url=base_url.rstrip("/") or None,
        dimensions=dimensions,
    )


def _unread(part: str) -> InvalidInputError:
    return InvalidInputError(
        f"PULS_EMBEDDINGS: cannot read `{part}`. Write e5-small, e5-small@/folder, mistral:mistral-embed, "
        "openai:MODEL, openai:MODEL@http://127.0.0.1:8080/v1, openai:MODEL[512], or langchain:package.module:name, "
        "separated by commas."
    )
