"""Turn text in a hundred languages into vectors that lie close where the meaning does: multilingual-e5-small.

Method: Wang et al., Multilingual E5 Text Embeddings, 2024 (https://arxiv.org/abs/2402.05672).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from honmono.engines.text.pieces import Piece, cut

if TYPE_CHECKING:
    from honmono.weights import Cache

T = TypeVar("T")

WIDTH = 384
WEIGHTS = "e5-small"
PACKED_FILE = "e5-small-q4.bin"
_BEGIN, _END = 0, 2
_WINDOW = 512 - 2


def open_graph(path: Path) -> onnxruntime.InferenceSession:
    """An ONNX graph on one thread of the CPU that never spins while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # A processor without VNNI adds two products of eight bits in sixteen, which overflow: there, and only there, ONNX
    # Runtime then takes its slower kernels, and answers are the same as elsewhere.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Trunk:
    """The tokenizer and the lowest eight layers. Safe to call from many threads.

    Args:
        graph: what `e5_graph.build_trunk` wrote.
        tokenizer: what `e5_graph.build_tokenizer` wrote.
    """

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._session = open_graph(graph)

    @classmethod
    def from_cache(cls, cache: Cache) -> Trunk:
        """From pulled weights; the first call on a machine converts them, which takes two seconds.

        The engines of a process share one, 400 MB, as long as any of them holds it.

        Raises:
            WeightsMissing: they were not pulled.
        """
        graph, tokenizer = _derived(cache, "trunk.onnx"), _derived(cache, "tokenizer.json")
        with _opening:
            trunk = _open.get(graph)
            if trunk is None:
                trunk = _opened(cache, ("trunk.onnx", "tokenizer.json"), lambda: cls(graph, tokenizer))
                _open[graph] = trunk
            return trunk

    def states(self, text: str, prefix: str = "query: ") -> list[NDArray[np.float32]]:
        """Token states: an array (1, tokens, 384) for each window of up to 512 tokens, with both marks."""
        return [self._session.run(None, {"input_ids": window})[0] for window in self.token_ids(prefix + text)]

    def pieces(self, text: str) -> list[Piece]:
        """The tokens of `text` with the characters that each stands for; see `pieces.cut`."""
        return cut(self._tokenizer, text)

    def piece_states(self, pieces: Sequence[Piece]) -> NDArray[np.float32]:
        """The states (1, pieces + 2, 384) of up to 510 pieces between both marks, without prefix."""
        ids = np.array([[_BEGIN, *(piece.id for piece in pieces), _END]], np.int64)
        states: NDArray[np.float32] = self._session.run(None, {"input_ids": ids})[0]
        return states

    def token_spans(self, text: str, prefix: str = "query: ") -> list[tuple[int, int]]:
        """Where in `text` each token of `states` stands, in code points; the prefix's are negative, marks left out."""
        whole = (prefix + text).encode(errors="replace").decode()
        offsets = self._tokenizer.encode(whole, add_special_tokens=False).offsets
        return [(begin - len(prefix), end - len(prefix)) for begin, end in offsets]

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` has, without prefix and marks."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def token_ids(self, text: str) -> list[NDArray[np.int64]]:
        """The vocabulary's numbers of the tokens, an array (1, tokens) for each window with both marks."""
        whole = text.encode(errors="replace").decode()  # a lone surrogate is no text
        ids = self._tokenizer.encode(whole, add_special_tokens=False).ids
        return [
            np.array([[_BEGIN, *ids[start : start + _WINDOW], _END]], np.int64)
            for start in range(0, max(len(ids), 1), _WINDOW)
        ]


_open: WeakValueDictionary[Path, Trunk] = WeakValueDictionary()
_opening = threading.Lock()


class Encoder:
    """The whole model. Safe to call from many threads; each call computes on one.

    Args:
        trunk: the part that other engines may share.
        top: what `e5_graph.build_top` wrote.
    """

    def __init__(self, trunk: Trunk, top: Path) -> None:
        self._trunk = trunk
        self._top = open_graph(top)

    @classmethod
    def from_cache(cls, cache: Cache) -> Encoder:
        """From pulled weights; the first call on a machine converts them, which takes three seconds.

        Raises:
            WeightsMissing: they were not pulled.
        """
        trunk, top = Trunk.from_cache(cache), _derived(cache, "top.onnx")
        return _opened(cache, ("top.onnx",), lambda: cls(trunk, top))

    def encode(self, texts: Sequence[str], prefix: str = "query: ") -> NDArray[np.float32]:
        """Vectors of length one, float32 (texts, 384): the mean of the last layer's token states.

        `prefix` is "query: " for questions and for texts compared with their like, "passage: " for the
        documents that queries look for: the model was trained so. Texts of more than 510 tokens are cut into
        windows, whose tokens count alike.
        """
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = np.concatenate(self.token_states(text, prefix), axis=1)[0].mean(axis=0)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors

    def token_states(self, text: str, prefix: str = "query: ") -> list[NDArray[np.float32]]:
        """The last layer's token states, in windows as from `Trunk.states`."""
        return [self._top.run(None, {"states": states})[0] for states in self._trunk.states(text, prefix)]


def _opened(cache: Cache, names: Sequence[str], opener: Callable[[], T]) -> T:
    """What `opener` makes of derived files. Where it cannot, because a disk or a copy lost bytes of them, they are
    computed anew."""
    try:
        return opener()
    except Exception:
        damaged = [name for name in names if cache.discard_if_damaged(WEIGHTS, name)]
        if not damaged:
            raise
        for name in damaged:
            _derived(cache, name)
        return opener()


def _derived(cache: Cache, name: str) -> Path:
    """A file that we compute from the pulled weights."""
    packed = cache.path(WEIGHTS, PACKED_FILE)

    def build(target: Path) -> None:
        # Only the first start on a machine needs `onnx`, which takes 60 MB of memory.
        from honmono.engines.text import e5_graph

        builders: dict[str, Callable[[Path, Path], None]] = {
            "trunk.onnx": e5_graph.build_trunk,
            "top.onnx": e5_graph.build_top,
            "tokenizer.json": e5_graph.build_tokenizer,
        }
        builders[name](packed, target)

    return cache.derived(WEIGHTS, name, build)
