"""Turn text in a hundred languages into vectors that lie close where the meaning does: multilingual-e5-small.

Method: Wang et al., Multilingual E5 Text Embeddings, 2024 (https://arxiv.org/abs/2402.05672).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

if TYPE_CHECKING:
    from honmono.weights import Cache

WIDTH = 384
LAYERS = 12
WEIGHTS = "e5-small"
PACKED_FILE = "e5-small-q4.bin"
_BEGIN, _END = 0, 2
_WINDOW = 512 - 2


class Encoder:
    """The model, loaded. Safe to call from many threads; each call computes on one.

    Args:
        graph: the ONNX file that `e5_graph.build_graph` wrote.
        tokenizer: the file that `e5_graph.build_tokenizer` wrote.
    """

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    @classmethod
    def from_cache(cls, cache: Cache) -> Encoder:
        """The encoder from pulled weights; the first call on a machine converts them, which takes three seconds.

        Raises:
            WeightsMissing: they were not pulled.
        """
        packed = cache.path(WEIGHTS) / PACKED_FILE

        def build_graph(target: Path) -> None:
            from honmono.engines.text import e5_graph  # `onnx` takes 20 MB that serving can do without

            e5_graph.build_graph(packed, target)

        def build_tokenizer(target: Path) -> None:
            from honmono.engines.text import e5_graph

            e5_graph.build_tokenizer(packed, target)

        return cls(
            cache.derived(WEIGHTS, "encoder.onnx", build_graph),
            cache.derived(WEIGHTS, "tokenizer.json", build_tokenizer),
        )

    def encode(self, texts: Sequence[str], prefix: str = "query: ") -> NDArray[np.float32]:
        """Vectors of length one, float32 (texts, 384): the mean of the last layer's token states.

        `prefix` is "query: " for questions and for texts compared with their like, "passage: " for the documents that
        queries look for: the model was trained so. Texts of more than 510 tokens are cut into windows, whose
        means count by their length.
        """
        last = self.layer_means(texts, prefix)[:, -1]
        return last / np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-12)

    def layer_means(self, texts: Sequence[str], prefix: str = "query: ") -> NDArray[np.float32]:
        """The mean token state of each layer, the embedding layer first: float32 (texts, 13, 384)."""
        means = np.zeros((len(texts), LAYERS + 1, WIDTH), np.float32)
        for row, text in enumerate(texts):
            tokens = 0
            for window in self._windows(prefix + text):
                window_means = self._session.run(["means"], {"input_ids": window})[0]
                means[row] += window_means * window.shape[1]
                tokens += window.shape[1]
            means[row] /= tokens
        return means

    def token_states(self, text: str, prefix: str = "query: ") -> NDArray[np.float32]:
        """The last layer's state of every token, float32 (tokens, 384), windows one after the other with their marks."""
        states = [self._session.run(["hidden"], {"input_ids": window})[0] for window in self._windows(prefix + text)]
        return np.concatenate(states)

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` has, without prefix and marks."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _windows(self, text: str) -> Iterator[NDArray[np.int64]]:
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        for start in range(0, max(len(ids), 1), _WINDOW):
            yield np.array([[_BEGIN, *ids[start : start + _WINDOW], _END]], np.int64)
