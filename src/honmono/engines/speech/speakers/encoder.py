"""What a voice sounds like, in 256 numbers.

The network is Resemblyzer's: three LSTM layers over 40 mel bands, a linear layer, ReLU, and a length of one, trained by
the generalised end-to-end loss (L. Wan and others, "Generalized end-to-end loss for speaker verification", 2018) so that
pieces of one speaker point in one direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.torch_file import read_tensors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.weights import Cache

HOP = 160
"""Samples from one frame to the next: 10 ms."""
FRAMES = 160
"""Of a window that the network was trained on: 1.6 s."""
SIZE = 256
_WINDOW = 400
_BANDS = 40
_LOUDNESS = 10 ** (-30 / 20)
"""Root of the mean square that quiet recordings are raised to."""
_BATCH = 64


@dataclass(frozen=True, slots=True)
class _Layer:
    """An LSTM layer: weights of the input and of the state, transposed, and both biases added up."""

    of_input: NDArray[np.float32]
    of_state: NDArray[np.float32]
    bias: NDArray[np.float32]


class SpeakerEncoder:
    """The network; a part of engines, not an engine itself."""

    def __init__(self, cache: Cache) -> None:
        """Raises WeightsMissing."""
        import numpy as np

        path = cache.derived("resemblyzer", "encoder-v1.npz", lambda made: _convert(cache, made))
        with np.load(path, allow_pickle=False) as weights:
            self._layers = [
                _Layer(
                    np.ascontiguousarray(weights[f"lstm.weight_ih_l{number}"].T),
                    np.ascontiguousarray(weights[f"lstm.weight_hh_l{number}"].T),
                    weights[f"lstm.bias_ih_l{number}"] + weights[f"lstm.bias_hh_l{number}"],
                )
                for number in range(3)
            ]
            self._last = np.ascontiguousarray(weights["linear.weight"].T)
            self._last_bias = weights["linear.bias"]
        self._filters = mel_filters()

    def frames(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The power in each mel band, (n, 40), every 10 ms; frame i is centred on sample 160 i.

        Args:
            samples: (m,) at 16 kHz, as loud as `loudness` makes them.
        """
        import numpy as np

        padded = np.pad(samples, _WINDOW // 2)
        window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
        count = len(samples) // HOP + 1
        mels = np.empty((count, _BANDS), np.float32)
        for begin in range(0, count, 3000):
            some = range(begin, min(begin + 3000, count))
            cut = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[some.start * HOP : some.stop * HOP : HOP]
            spectrum = np.fft.rfft(cut[: len(some)] * window, axis=1)
            mels[begin : some.stop] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ self._filters
        return mels

    def embed(self, frames: NDArray[np.float32], windows: list[tuple[int, int]]) -> NDArray[np.float32]:
        """The voice in each window of frames, (n, 256), of length one.

        Args:
            windows: the first frame and the one behind the last.
        """
        import numpy as np

        found = np.zeros((len(windows), SIZE), np.float32)
        # Windows of like length go together, so that little is computed behind a window's end.
        order = sorted(range(len(windows)), key=lambda at: windows[at][1] - windows[at][0])
        for begin in range(0, len(order), _BATCH):
            some = order[begin : begin + _BATCH]
            lengths = np.array([windows[at][1] - windows[at][0] for at in some])
            batch = np.zeros((len(some), int(lengths.max()), _BANDS), np.float32)
            for row, at in enumerate(some):
                batch[row, : lengths[row]] = frames[windows[at][0] : windows[at][1]]
            found[some] = self._embedded(batch, lengths)
        return found

    def _embedded(self, batch: NDArray[np.float32], lengths: NDArray[Any]) -> NDArray[np.float32]:
        import numpy as np

        values = batch.transpose(1, 0, 2)
        for layer in self._layers:
            states = np.empty((*values.shape[:2], SIZE), np.float32)
            state = np.zeros((values.shape[1], SIZE), np.float32)
            cell = np.zeros_like(state)
            # The input's share of all steps at once: one large product is several times as fast as many small ones.
            shares = values @ layer.of_input + layer.bias
            for step, share in enumerate(shares):
                gates = share + state @ layer.of_state
                enter, forget, leave = (_sigmoid(gates[:, at * SIZE : (at + 1) * SIZE]) for at in (0, 1, 3))
                cell = forget * cell + enter * np.tanh(gates[:, 2 * SIZE : 3 * SIZE])
                state = states[step] = leave * np.tanh(cell)
            values = states
        last = values[lengths - 1, np.arange(len(lengths))]
        raw = np.maximum(last @ self._last + self._last_bias, 0)
        return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9), np.float32)


def loudness(samples: NDArray[np.float32], speech: NDArray[Any]) -> float:
    """The factor that brings speech to the loudness that the network was trained at; loud speech is left as it is.

    Args:
        samples: (n,).
        speech: (n,) where somebody speaks.
    """
    import numpy as np

    power = float(np.mean(samples[speech].astype(np.float64) ** 2)) if speech.any() else 0.0
    return max(1.0, _LOUDNESS / power**0.5) if power > 0 else 1.0


def mel_filters() -> NDArray[np.float32]:
    """Triangles over the bins of a 400 point transform at 16 kHz, (201, 40), each of the area one.

    They stand evenly on Slaney's scale: linear up to 1 kHz, logarithmic above (M. Slaney, "Auditory toolbox", 1998).
    """
    import numpy as np

    linear = 200.0 / 3
    step = np.log(6.4) / 27
    top = 15.0 + np.log(8000 / 1000.0) / step
    marks = np.linspace(0.0, top, _BANDS + 2)
    hertz = np.where(marks < 15, marks * linear, 1000.0 * np.exp(step * (np.maximum(marks, 15) - 15)))
    bins = np.arange(_WINDOW // 2 + 1) * (16_000 / _WINDOW)
    rising = (bins[:, None] - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    falling = (hertz[2:] - bins[:, None]) / (hertz[2:] - hertz[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling)) * (2.0 / (hertz[2:] - hertz[:-2]))
    return np.asarray(triangles, np.float32)


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    return np.asarray(0.5 * np.tanh(0.5 * values) + 0.5, np.float32)


def _convert(cache: Cache, made: Path) -> None:
    import numpy as np

    tensors = read_tensors(cache.path("resemblyzer", "pretrained.pt"), "model_state")
    with made.open("wb") as file:
        np.savez(file, **{name: each for name, each in tensors.items() if not name.startswith("similarity")})  # type: ignore[arg-type]
