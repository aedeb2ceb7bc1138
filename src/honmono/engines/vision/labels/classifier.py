"""How likely each of ImageNet's thousand classes is what a picture shows: EfficientNet-lite2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from honmono.engines.vision.sessions import open_session

if TYPE_CHECKING:
    import onnxruntime

    from honmono.weights import Cache

WEIGHTS, FILE = "efficientnet-lite2", "efficientnet-lite2-9656183e.pth"
SIDE = 260
TEMPERATURE = 0.7
"""What the logits are divided by, so that the classifier is as often right as it says. On the 103 development pictures that
it has a class for, at 1.0: mean confidence .53, right .78, log loss 1.52; at 0.7: .78, .78, 1.21. See
training/labels/calibrate.py."""


class Classifier:
    """The network. Safe to call from many threads; each call computes on one.

    Args:
        graph: what `efficientnet_graph.build` wrote.
    """

    def __init__(self, graph: Path, device: str = "cpu") -> None:
        self._session: onnxruntime.InferenceSession = open_session(graph, device)

    @classmethod
    def from_cache(cls, cache: Cache, device: str = "cpu") -> Classifier:
        """From pulled weights; the first call on a machine converts them, which takes half a second.

        Raises:
            WeightsMissing: they were not pulled.
        """

        def build(target: Path) -> None:
            from honmono.engines.vision.labels import efficientnet_graph

            efficientnet_graph.build(cache.path(WEIGHTS, FILE), target)

        return cls(cache.derived(WEIGHTS, "efficientnet-lite2.onnx", build), device)

    def probabilities(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Of a picture (height, width, 3): (1000,) that sum to one."""
        (logits,) = self._session.run(["logits"], {"image": prepared(pixels)})
        powers = np.exp((logits[0] - logits[0].max()) / TEMPERATURE)
        shares: NDArray[np.float32] = powers / powers.sum()
        return shares

    def features(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the network sees in a picture before it decides on a class: (1280,)."""
        (features,) = self._session.run(["features"], {"image": prepared(pixels)})
        seen: NDArray[np.float32] = features[0]
        return seen


def prepared(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The whole picture as the network takes it, (1, 3, 260, 260): made square without regard to its shape, so that
    nothing at its edges is lost."""
    image = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=1.2)
    scaled = (np.asarray(image, np.float32) - 127) / 128
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
