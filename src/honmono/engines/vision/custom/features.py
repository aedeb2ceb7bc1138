"""What a pretrained network sees in a picture: one vector of the whole, or a grid of vectors of its places.

The network is EfficientNet-Lite2, trained on ImageNet, and stays as it is: what is trained here stands on its features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from honmono.weights import Cache

Pixels = NDArray[np.uint8]
"""(height, width, 3), red, green, blue."""
Floats = NDArray[np.float32]

WEIGHTS, FILE = "efficientnet-lite2", "efficientnet-lite2-9656183e.pth"
WHOLE_SIDE = 260
"""Pixels of the square that the whole picture is scaled to: the network's own size."""
STRIDE = 16
"""Pixels of the scaled picture between two neighbours in the grid."""
_STEP = 32
"""The network halves five times."""
_MEAN, _SCALE = 127.0, 128.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The vectors of a picture's places.

    Attributes:
        cells: (rows, columns, `Features.place_width`); cell (r, c) is around pixel ((c + .5) · 16, (r + .5) · 16).
        width, height: pixels that the picture has in the scaled square; what lies beyond is padding.
    """

    cells: Floats
    width: int
    height: int


class Features(Protocol):
    """What training and answering ask of a network; tests have one of their own."""

    whole_width: int
    place_width: int

    def whole(self, pictures: list[Pixels]) -> Floats:
        """Vectors of whole pictures, (pictures, `whole_width`)."""

    def places(self, picture: Pixels, longest: int) -> Grid:
        """Vectors of a picture's places, with its longer side scaled to so many pixels."""


class Backbone(Features):
    """EfficientNet-Lite2's features by ONNX Runtime.

    A place's vector joins what three depths of the network say of it: fine (stride 8), middle (16) and coarse (32).
    """

    whole_width = 1280
    place_width = 48 + 120 + 352

    def __init__(self, session: Any) -> None:
        """`session` runs the graph of `place_graph.build`."""
        self._session = session

    @classmethod
    def from_cache(cls, cache: Cache, device: str = "cpu", threads: int = 1) -> Backbone:
        """From pulled weights; the first call on a machine writes the graph, which takes a second.

        Raises:
            WeightsMissing: the weights are not in the cache.
            EngineUnavailable: there is no such device.
        """
        from honmono.engines.vision.custom import place_graph
        from honmono.engines.vision.sessions import open_session

        graph = cache.derived(
            WEIGHTS, place_graph.FILE, lambda target: place_graph.build(cache.path(WEIGHTS, FILE), target)
        )
        return cls(open_session(graph, device, threads))

    def whole(self, pictures: list[Pixels]) -> Floats:
        """See `Features`. One at a time: on a processor a batch gains nothing, and takes its memory."""
        vectors = [
            self._session.run(["features"], {"image": _normalised(resized(each, WHOLE_SIDE, WHOLE_SIDE))})[0]
            for each in pictures
        ]
        return np.concatenate(vectors) if vectors else np.zeros((0, self.whole_width), np.float32)

    def places(self, picture: Pixels, longest: int) -> Grid:
        """See `Features`. The sides are padded to multiples of 32 with the mean colour."""
        height, width = picture.shape[:2]
        scale = longest / max(height, width)
        width, height = max(8, round(width * scale)), max(8, round(height * scale))
        padded = np.full((-(-height // _STEP) * _STEP, -(-width // _STEP) * _STEP, 3), int(_MEAN), np.uint8)
        padded[:height, :width] = resized(picture, width, height)
        fine, middle, coarse = self._session.run(["stride8", "stride16", "stride32"], {"image": _normalised(padded)})
        _, depth, rows, columns = fine.shape
        pooled = fine.reshape(depth, rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
        spread = coarse[0].repeat(2, axis=1).repeat(2, axis=2)
        cells = np.concatenate([pooled, middle[0], spread]).transpose(1, 2, 0)
        return Grid(np.ascontiguousarray(cells, np.float32), width, height)


def resized(picture: Pixels, width: int, height: int) -> Pixels:
    """The picture in so many pixels, by bicubic interpolation."""
    from PIL import Image

    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC))


def _normalised(picture: Pixels) -> Floats:
    return ((picture.astype(np.float32) - _MEAN) / _SCALE).transpose(2, 0, 1)[None]
