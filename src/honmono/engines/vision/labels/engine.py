"""The engine `image-labels`: what a picture shows, by a classifier and a detector that check each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from honmono.engines.base import Cost, Engine
from honmono.engines.vision.labels.answers import Label, Part, Properties, Scene, Seen, Thing
from honmono.engines.vision.labels.vocabulary import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from honmono.engines.vision.labels.classifier import Classifier
    from honmono.engines.vision.labels.detections import Detections
    from honmono.engines.vision.labels.nanodet import Detector

LONGEST = 768
"""Pixels of the longer side that are looked at: neither network sees more than 416."""


class LabelEngine(Engine):
    """Labels, things with boxes, relations and colours.

    A third party's engine for this field has these public methods.
    """

    name: ClassVar[str] = "lite2-nanodet"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = "Apache-2.0 (code and weights)"
    weights: ClassVar[tuple[str, ...]] = ("efficientnet-lite2", "nanodet")
    quality: ClassVar[str] = "not measured yet"
    cost: ClassVar[Cost] = Cost(memory_bytes=300 << 20)

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.vision.labels.classifier import Classifier
        from honmono.engines.vision.labels.nanodet import Detector

        device = str(self.options.get("device", "cpu"))
        self._classifier: Classifier = Classifier.from_cache(self.cache, device)
        self._detector: Detector = Detector.from_cache(self.cache, device)

    def look(self, image: bytes, labels: bool = True, properties: bool = False, most_colours: int = 10) -> Seen:
        """What there is to say about a picture.

        Args:
            image: a JPEG or PNG file.
            labels: whether they are asked for; without them `Seen.labels` is empty.
            properties: whether colours and quality are asked for.
            most_colours: in each part of the picture, at most 20.

        Raises:
            UnsupportedInput, InputTooLarge, DamagedInput: see `pictures.decode`.
        """
        from honmono.engines.vision.pictures import decode

        pixels = decode(image, LONGEST).pixels
        shares = self._classify(pixels)
        things = self._things(pixels, shares)
        return Seen(
            self._labels(things, shares) if labels else (),
            self._properties(pixels, things, most_colours) if properties else None,
        )

    def look_at(self, pixels: np.ndarray) -> tuple[Label, ...]:
        """The labels of a frame (height, width, 3) of uint8, red, green and blue, surest first."""
        shares = self._classify(pixels)
        return self._labels(self._things(pixels, shares), shares)

    def scene(self, image: bytes, least: float = 0.5) -> Scene:
        """The things in a picture that are at least so sure, how many there are of each, and how they stand to each
        other; see `relations`.

        Raises:
            UnsupportedInput, InputTooLarge, DamagedInput: see `pictures.decode`.
        """
        from honmono.engines.vision.labels.relations import scene
        from honmono.engines.vision.pictures import decode

        pixels = decode(image, LONGEST).pixels
        things = self._things(pixels, self._classify(pixels))
        return scene([thing for thing in things if thing.confidence >= least])

    def _classify(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """The classifier's probabilities; None where there is none."""
        return self._classifier.probabilities(pixels)

    def _found(self, pixels: NDArray[np.uint8]) -> tuple[Detections, tuple[str, ...]]:
        """Detections in pixels, and the labels of their classes."""
        return self._detector.detect(pixels), vocabulary().coco

    def _reconciled(
        self, found: Detections, names: tuple[str, ...], shares: NDArray[np.float32] | None, pixels: NDArray[np.uint8]
    ) -> list[Thing]:
        """What was found, with confidences, surest first."""
        from honmono.engines.vision.labels import reconciling

        height, width = pixels.shape[:2]
        if shares is None:
            return reconciling.things(found, names, None, width, height)
        alone = {
            row: self._classifier.probabilities(_cut(pixels, found.boxes[row]))
            for row in reconciling.doubted(found, names, shares)
        }
        return reconciling.things(found, names, shares, width, height, alone=alone)

    def _things(self, pixels: NDArray[np.uint8], shares: NDArray[np.float32] | None) -> list[Thing]:
        return self._reconciled(*self._found(pixels), shares, pixels)

    def _labels(self, things: list[Thing], shares: NDArray[np.float32] | None) -> tuple[Label, ...]:
        from honmono.engines.vision.labels import reconciling

        return reconciling.labels(things, shares)

    def _properties(self, pixels: NDArray[np.uint8], things: list[Thing], most: int) -> Properties:
        from honmono.engines.vision.labels import colours
        from honmono.engines.vision.labels.foreground import foreground

        height, width = pixels.shape[:2]
        corners = [
            (box.left * width, box.top * height, (box.left + box.width) * width, (box.top + box.height) * height)
            for box in (thing.box for thing in things if thing.confidence >= 0.5)
        ]
        front = foreground(pixels, np.array(corners, np.float32).reshape(-1, 4))
        parts: list[Part] = [colours.part(pixels, mask, most) for mask in (None, front, ~front)]
        return Properties(*parts)


def _cut(pixels: NDArray[np.uint8], box: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The box with a tenth more on each side, as far as the picture goes."""
    height, width = pixels.shape[:2]
    margin = 0.1 * np.array([box[2] - box[0], box[3] - box[1]])
    left, top = np.floor(np.maximum(box[:2] - margin, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(box[2:] + margin, [width, height])).astype(int)
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
