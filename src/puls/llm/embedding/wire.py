"""What is sent to an embeddings API and what may come back: OpenAI's `POST /embeddings`, which Mistral's is too. Pure.

Enter at `request_of` and `vectors_of`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puls.llm.chat import Fault, ModelFaultError

_CHARACTERS_A_TOKEN = 3.0  # of French, on the safe side, where the provider does not count
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Embedded:
    """Unit vectors in the order asked, with the tokens that the provider counted; None where it did not."""

    vectors: NDArray[np.float32]
    tokens: int | None


def request_of(model: str, texts: Sequence[str], *, dimensions: int | None) -> dict[str, Any]:
    """The body of a request. An empty text, which providers refuse, goes as a full stop."""
    body: dict[str, Any] = {
        "model": model,
        "input": [text if text.strip() else "." for text in texts],
        "encoding_format": "float",
    }
    return body if dimensions is None else body | {"dimensions": dimensions}


def vectors_of(reply: object, *, count: int) -> Embedded:
    """The vectors of a reply, checked: one for each text, of one length, finite, none of them zero.

    Raises:
        ModelFaultError: it is anything else.
    """
    if not isinstance(reply, dict):
        raise ModelFaultError(Fault.GARBAGE, "no object")
    if "data" not in reply:
        kind = Fault.ERROR_BODY if "error" in reply else Fault.GARBAGE
        raise ModelFaultError(kind, "no vectors")
    data = reply["data"]
    if not isinstance(data, list) or len(data) != count:
        found = len(data) if isinstance(data, list) else "no"
        raise ModelFaultError(Fault.GARBAGE, f"{found} vectors for {count} texts")
    try:
        rows = {int(entry.get("index", at)): entry["embedding"] for at, entry in enumerate(data)}
        vectors = np.array([rows[at] for at in range(count)], dtype=np.float32)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelFaultError(Fault.GARBAGE, "vectors of no or of several lengths") from error
    return Embedded(unit(vectors), _tokens(reply))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same directions at length one.

    Raises:
        ModelFaultError: they are no vectors that have a direction.
    """
    if vectors.ndim != 2 or not vectors.shape[1]:  # noqa: PLR2004 # texts and dimensions
        raise ModelFaultError(Fault.GARBAGE, "no list of numbers for each text")
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths < _SHORTEST).any():
        raise ModelFaultError(Fault.GARBAGE, "a vector without a direction")
    units: NDArray[np.float32] = (vectors / lengths).astype(np.float32)
    return units


def estimated_tokens(texts: Sequence[str]) -> int:
    """Upwards, for providers that do not count."""
    return sum(1 + int(len(text) / _CHARACTERS_A_TOKEN) for text in texts)


def _tokens(reply: dict[str, Any]) -> int | None:
    usage = reply.get("usage")
    counted = (
        usage.get("prompt_tokens", usage.get("total_tokens")) if isinstance(usage, dict) else None
    )
    return counted if isinstance(counted, int) and counted >= 0 else None
