"""Kokoro-82M: from phonemes to sound (hexgrad, 2025; after StyleTTS 2, Y. A. Li and others, 2023).

The network predicts how long each phoneme lasts before it makes the sound; these durations are read off the graph, so
that every phoneme's end is known to the sample.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.weights import Cache

RATE = 24_000
MOST_PHONEMES = 509
"""Of one call: a voice has a style for each length up to here."""
_SAMPLES_A_FRAME = 600
_EARLY_FRAMES = 3
"""The network speaks so much before its durations say; its authors' own timestamps allow for the same (kokoro's
`KPipeline.join_timestamps`), and the first sounds of fifteen utterances set in 49 to 113 ms before."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a network said.

    Attributes:
        samples: (n,) float32 in -1 … 1.
        rate: samples a second.
        ends: of each phoneme the sample behind its last one; the first begins at `begin`.
        begin: samples of silence before the first phoneme.
        natural: samples that each phoneme would last at the voice's own speed. Whole frames can be no shorter than
            one, so that twice the speed takes more than half the time.
    """

    samples: NDArray[np.float32]
    rate: int
    begin: int
    ends: list[int]
    natural: list[int]


class Kokoro:
    """The network and its voices; a part of engines, not an engine itself."""

    def __init__(self, cache: Cache, threads: int = 1) -> None:
        """Raises WeightsMissing."""
        path = cache.derived("kokoro", "kokoro-durations-v3.onnx", lambda made: _with_durations(cache, made))
        vocabulary = json.loads(cache.path("kokoro", "vocab.json").read_text("utf-8"))["vocab"]
        self._open(str(path), vocabulary, cache.path("kokoro", "kokoro.onnx").parent, threads)

    @classmethod
    def from_folder(cls, graph: bytes, vocabulary: dict[str, int], folder: Path, threads: int = 1) -> Kokoro:
        """Another export of the network, as `expose_durations` left it, with the styles `*.bin` of a folder.

        Raises:
            Exception: onnxruntime's own, of a graph that it cannot run.
        """
        made = cls.__new__(cls)
        made._open(graph, vocabulary, folder, threads)
        return made

    def _open(self, graph: str | bytes, vocabulary: dict[str, int], folder: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.x64quantprecision", "1")  # see text.encoder.open_graph
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokens = self._session.get_inputs()[0].name
        self._folder = folder
        self._numbers = vocabulary
        self._styles: dict[str, NDArray[np.float32]] = {}

    def voices(self) -> list[str]:
        """The names of the voices that are there."""
        return sorted(path.stem for path in self._folder.glob("*.bin"))

    def knows(self, phoneme: str) -> bool:
        """Whether a character is one of its phonemes."""
        return phoneme in self._numbers

    def say(self, phonemes: str, voice: str, speed: float | Sequence[float] = 1.0) -> Sound:
        """Speak.

        Args:
            phonemes: one character each, blanks and punctuation among them; at most `MOST_PHONEMES`.
            voice: `af_heart`.
            speed: 1 is the voice's own, 2 twice as fast; of all phonemes, or one for each.

        Raises:
            UnsupportedInput: a phoneme is unknown, or there are none or too many.
        """
        import numpy as np

        unknown = {phoneme for phoneme in phonemes if phoneme not in self._numbers}
        if unknown:
            raise UnsupportedInput(f"no phonemes of Kokoro's: {' '.join(sorted(unknown))}")
        if not 1 <= len(phonemes) <= MOST_PHONEMES:
            raise UnsupportedInput(f"Kokoro speaks 1 to {MOST_PHONEMES} phonemes at once; these are {len(phonemes)}")
        style = self._style(voice)[len(phonemes)]
        tokens = np.array([[0, *(self._numbers[phoneme] for phoneme in phonemes), 0]], np.int64)
        speeds = [speed] if isinstance(speed, int | float) else [speed[0], *speed, speed[-1]]
        if len(speeds) not in (1, tokens.shape[1]):
            raise ValueError(f"{len(speeds) - 2} speeds for {len(phonemes)} phonemes")
        feeds: dict[str, Any] = {self._tokens: tokens, "style": style, "speed": np.array(speeds, np.float32)}
        audio, durations, unrounded = self._session.run(None, feeds)
        samples = audio.ravel()
        edges = np.maximum(np.cumsum(durations.ravel()).astype(np.int64) - _EARLY_FRAMES, 0) * _SAMPLES_A_FRAME
        natural = np.maximum(np.round(unrounded.ravel() * speeds), 1).astype(np.int64) * _SAMPLES_A_FRAME
        return Sound(samples, RATE, int(edges[0]), [int(end) for end in edges[1:-1]], natural[1:-1].tolist())

    def _style(self, voice: str) -> NDArray[np.float32]:
        import numpy as np

        if voice not in self._styles:
            path = self._folder / f"{voice}.bin"
            if Path(path.name).name != path.name or not path.is_file():
                raise UnsupportedInput(f"Kokoro has no voice {voice}")
            self._styles[voice] = np.fromfile(path, np.float32).reshape(-1, 1, 256)
        return self._styles[voice]


def expose_durations(model: Any) -> None:
    """Add to a graph of Kokoro's (an onnx.ModelProto) the durations, rounded and not, as second and third output, and
    let the speed be one for each phoneme: the durations are divided by it.

    Raises:
        ValueError: it has no such nodes.
    """
    import onnx

    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        rounded = makers.get(node.input[0]) if node.op_type == "Clip" else None
        if rounded is not None and rounded.op_type == "Round":
            break
    else:
        raise ValueError("no durations are in it: they are rounded, then clipped")
    speed = next((each for each in graph.input if each.name == "speed"), None)
    if speed is None or len(graph.output) != 1:
        raise ValueError("it has no input `speed`, or not one output")
    speed.type.tensor_type.shape.dim[0].dim_param = "speeds"
    for name in (node.output[0], rounded.input[0]):
        graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))


def _with_durations(cache: Cache, made: Path) -> None:
    import onnx

    model = onnx.load(cache.path("kokoro", "kokoro.onnx"))
    expose_durations(model)
    onnx.save(model, made)
