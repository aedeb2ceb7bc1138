"""Turn the packed 4-bit e5 file into what onnxruntime and `tokenizers` read: one graph, one tokenizer.

The word vectors stay at four bits. The matrices become int8 by column and are multiplied in int8 with the activations
quantised as they come. Measured here on 122 short English and Japanese texts, one thread: 3.6 ms a text against 8.4
with the four-bit `MatMulNBits` and 10.4 in float32; cosine with the float32 result .997 on average, .993 at worst.
An activation's range is that of its whole tensor, so a text's numbers would depend on its neighbours in a batch: the graph takes one
text at a time, and the same text always gives the same numbers. Needs the `onnx` package, which serving does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from honmono.engines.text.packed_e5 import BLOCK, FourBitMatrix, PackedE5

_CONTRIB = "com.microsoft"
_FULLWIDTH_TILDE = "～"
_STAND_IN = "\ue000"


def build_tokenizer(packed: Path, target: Path) -> None:
    """Write the model's tokenizer as a `tokenizers` file: XLM-RoBERTa's 250,002 unigram pieces behind NMT-NFKC."""
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


def build_graph(packed: Path, target: Path) -> None:
    """Write the encoder as ONNX.

    Input: `input_ids` int64 (1, length), at most 512 with the begin and end marks.
    Outputs: `hidden` float32 (length, width), the last layer's token states; `means` float32 (layers + 1, width),
    the mean over the tokens of each layer's states, the embedding layer first.
    """
    onnx.save(_Graph(PackedE5(packed)).model(), str(target))


class _Graph:
    """Collects nodes and weights while it walks through the network from the words up."""

    def __init__(self, source: PackedE5) -> None:
        self._source = source
        self._sizes = source.sizes
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        sizes = self._sizes
        self._constant("token_axis", np.array([1], np.int64))
        self._constant("batch_axis", np.array([0], np.int64))
        state = self._embeddings()
        means = [self._mean(state, "embeddings")]
        for layer in range(sizes.layers):
            state = self._layer(state, f"l{layer}")
            means.append(self._mean(state, f"l{layer}"))
        self._node("Squeeze", [state, "batch_axis"], "hidden")
        self._node("Concat", means, "means", axis=0)
        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            inputs=[
                helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "length"]),
            ],
            outputs=[
                helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["length", sizes.width]),
                helper.make_tensor_value_info("means", TensorProto.FLOAT, [sizes.layers + 1, sizes.width]),
            ],
            initializer=self._weights,
        )
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="honmono")

    def _mean(self, state: str, name: str) -> str:
        return self._node("ReduceMean", [state, "token_axis"], f"{name}.mean", keepdims=0)

    def _embeddings(self) -> str:
        sizes, source = self._sizes, self._source
        words = source.matrix("emb.word", sizes.width)
        signed = helper.make_tensor(
            "words", TensorProto.INT4, words.shape, (words.packed() ^ 0x88).tobytes(), raw=True
        )
        self._weights.append(signed)
        scales = self._constant("words.scales", words.scales)
        self._node(
            "GatherBlockQuantized", ["words", "input_ids", scales], "word", domain=_CONTRIB,
            block_size=BLOCK, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
        # The token type is always the first: it is part of the position's vector.
        positions = source.floats("emb.pos").reshape(sizes.positions, sizes.width)
        table = self._constant("positions", positions + source.floats("emb.type")[: sizes.width])
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        zero = self._constant("zero", np.array([0], np.int64))
        self._node("Slice", [table, zero, "length"], "position")
        self._node("Add", ["word", "position"], "embedded")
        return self._norm("embedded", "emb.ln", "embeddings")

    def _layer(self, state: str, name: str) -> str:
        sizes, source = self._sizes, self._source
        joint = FourBitMatrix.stacked(*(source.matrix(f"{name}.{part}.w", sizes.width) for part in "qkv"))
        biases = np.concatenate([source.floats(f"{name}.{part}.b") for part in "qkv"])
        projected = self._linear(state, joint, biases, f"{name}.qkv")
        thirds = [f"{name}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [projected], thirds, axis=-1, num_outputs=3))
        attended = self._node(
            "MultiHeadAttention", thirds, f"{name}.attended", domain=_CONTRIB, num_heads=sizes.heads
        )
        mixed = self._stored_linear(attended, f"{name}.ao", sizes.width)
        state = self._add_and_norm(mixed, state, f"{name}.aln")
        inner = self._stored_linear(state, f"{name}.fi", sizes.width)
        active = self._node("Gelu", [inner], f"{name}.gelu", approximate="none")
        outer = self._stored_linear(active, f"{name}.fo", sizes.inner)
        return self._add_and_norm(outer, state, f"{name}.oln")

    def _stored_linear(self, source: str, name: str, columns: int) -> str:
        matrix = self._source.matrix(f"{name}.w", columns)
        return self._linear(source, matrix, self._source.floats(f"{name}.b"), name)

    def _linear(self, source: str, matrix: FourBitMatrix, bias: NDArray[np.float32], name: str) -> str:
        weights = matrix.dequantised().T
        steps = np.abs(weights).max(axis=0) / 127.0
        inputs = [
            source,
            self._constant(f"{name}.w", np.rint(weights / steps).astype(np.int8)),
            self._constant(f"{name}.steps", steps),
            self._constant(f"{name}.zeros", np.zeros(len(steps), np.int8)),
            self._constant(f"{name}.b", bias),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, name, domain=_CONTRIB)

    def _add_and_norm(self, source: str, residual: str, name: str) -> str:
        total = self._node("Add", [source, residual], f"{name}.sum")
        return self._norm(total, name, name)

    def _norm(self, source: str, weights: str, output: str) -> str:
        scale, shift = (
            self._constant(f"{weights}.{part}", self._source.floats(f"{weights}.{part}")) for part in "wb"
        )
        return self._node(
            "LayerNormalization", [source, scale, shift], output, axis=-1, epsilon=self._sizes.epsilon
        )

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: object) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output
