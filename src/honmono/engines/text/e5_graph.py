"""Turn the packed 4-bit e5 file into what onnxruntime and `tokenizers` read.

The word vectors stay at four bits, the matrices become int8 (see transformer_graph). Needs the `onnx`
package, which serving does not.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from honmono.engines.text.packed_e5 import BLOCK, PackedE5
from honmono.engines.text.transformer_graph import CONTRIB, Floats, TransformerGraph

TRUNK_LAYERS = 8
"""The model is cut above these lowest layers: trained networks of ours continue from there."""

_FULLWIDTH_TILDE = "～"
_STAND_IN = "\ue000"


def build_tokenizer(packed: Path, target: Path) -> None:
    """Write the tokenizer as a `tokenizers` file: XLM-RoBERTa's 250,002 unigram pieces behind NMT-NFKC."""
    source = PackedE5(packed)
    tokenizer = Tokenizer(models.Unigram(source.pieces, unk_id=source.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            # SentencePiece's table is NFKC but for the wave dash that Japanese is full of.
            normalizers.Replace(_FULLWIDTH_TILDE, _STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.save(str(target), pretty=False)


def build_trunk(packed: Path, target: Path) -> None:
    """Write the words, positions and lowest TRUNK_LAYERS layers as ONNX.

    Input: `input_ids` int64 (1, length), at most 512 with both marks.
    Output: `states` float32 (1, length, width), one for each token.
    """
    source = PackedE5(packed)
    graph = TransformerGraph(source.sizes.heads, source.sizes.epsilon)
    state = _embeddings(graph, source)
    for number in range(TRUNK_LAYERS):
        state = graph.layer(state, layer_weights(source, number), f"l{number}")
    graph.node("Identity", [state], "states")
    graph.save(
        target,
        inputs={"input_ids": (TensorProto.INT64, (1, "length"))},
        outputs={"states": (1, "length", source.sizes.width)},
    )


def build_top(packed: Path, target: Path) -> None:
    """Write the layers above the trunk: `states` in, `hidden` out, both float32 (1, length, width)."""
    source = PackedE5(packed)
    sizes = source.sizes
    graph = TransformerGraph(sizes.heads, sizes.epsilon)
    state = "states"
    for number in range(TRUNK_LAYERS, sizes.layers):
        state = graph.layer(state, layer_weights(source, number), f"l{number}")
    graph.node("Identity", [state], "hidden")
    shape = (1, "length", sizes.width)
    graph.save(target, inputs={"states": (TensorProto.FLOAT, shape)}, outputs={"hidden": shape})


def layer_weights(source: PackedE5, number: int) -> dict[str, Floats]:
    """The weights of a layer as TransformerGraph names them."""
    sizes = source.sizes
    name = f"l{number}"
    weights = {
        "qkv.w": np.concatenate([source.matrix(f"{name}.{part}.w", sizes.width).dequantised() for part in "qkv"]),
        "qkv.b": np.concatenate([source.floats(f"{name}.{part}.b") for part in "qkv"]),
        "ao.w": source.matrix(f"{name}.ao.w", sizes.width).dequantised(),
        "fi.w": source.matrix(f"{name}.fi.w", sizes.width).dequantised(),
        "fo.w": source.matrix(f"{name}.fo.w", sizes.inner).dequantised(),
    }
    same = ("ao.b", "aln.w", "aln.b", "fi.b", "fo.b", "oln.w", "oln.b")
    return weights | {part: source.floats(f"{name}.{part}") for part in same}


def _embeddings(graph: TransformerGraph, source: PackedE5) -> str:
    """Word, position and type vectors, summed and normed."""
    sizes = source.sizes
    words = source.matrix("emb.word", sizes.width)
    # Stored as nibble - 8: flipping each nibble's top bit makes it two's complement.
    raw = (words.packed() ^ 0x88).tobytes()
    graph.tensor(helper.make_tensor("words", TensorProto.INT4, words.shape, raw, raw=True))
    scales = graph.constant("words.scales", words.scales)
    word = graph.node(
        "GatherBlockQuantized", ["words", "input_ids", scales], "word", domain=CONTRIB,
        block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    # The token type is always the first: it is part of the position's vector.
    positions = source.floats("emb.pos").reshape(sizes.positions, sizes.width)
    table = graph.constant("positions", positions + source.floats("emb.type")[: sizes.width])
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    start = graph.constant("start", np.array([0], np.int64))
    position = graph.node("Slice", [table, start, length], "position")
    total = graph.node("Add", [word, position], "embedded")
    return graph.norm(total, source.floats("emb.ln.w"), source.floats("emb.ln.b"), "embeddings")
