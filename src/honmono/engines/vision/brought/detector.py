"""The engine `onnx-detector` of the field `image-labels`: a YOLO or RT-DETR that the user brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.engines.base import Cost, EngineInfo
from honmono.engines.vision.brought.network import BroughtNetwork, described
from honmono.engines.vision.brought.options import DetectorOptions, read
from honmono.engines.vision.labels.engine import LabelEngine
from honmono.engines.vision.labels.vocabulary import vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.vision.labels.answers import Thing
    from honmono.engines.vision.labels.detections import Detections

_FIELD = "image-labels"


class OnnxDetector(LabelEngine):
    """Things by the user's network; labels of the whole picture by EfficientNet-lite2, unless `classifier = false`.

    Its scores are taken for probabilities; the classifier does not correct a network that is as good as these.
    """

    name: ClassVar[str] = "onnx-detector"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = "Apache-2.0 (code); the model's own licence"
    weights: ClassVar[tuple[str, ...]] = ("efficientnet-lite2",)
    quality: ClassVar[str] = "the model's own; see its card"
    cost: ClassVar[Cost] = Cost(memory_bytes=512 << 20)

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> EngineInfo:
        """See `Engine.configured`."""
        given = read(cls.name, _FIELD, options, DetectorOptions)
        info = described(cls.info(), _FIELD, given)
        return info if given.classifier else replace(info, weights=())

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.vision.labels.classifier import Classifier

        given = read(self.name, _FIELD, self.options, DetectorOptions)
        self._given = given
        self._network = BroughtNetwork(self.name, _FIELD, given)
        self._names = tuple(vocabulary().named(word) for word in self._network.classes)
        # Without a classifier the attribute is never read: `_classify` answers None.
        if given.classifier:
            self._classifier = Classifier.from_cache(self.cache, given.device)

    def _classify(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        return super()._classify(pixels) if self._given.classifier else None

    def _glanced(self, pixels: NDArray[np.uint8]) -> tuple[Detections, tuple[str, ...]]:
        return self._found(pixels)

    def _found(self, pixels: NDArray[np.uint8]) -> tuple[Detections, tuple[str, ...]]:
        return self._network.found(pixels), self._names

    def _reconciled(
        self, found: Detections, names: tuple[str, ...], shares: NDArray[np.float32] | None, pixels: NDArray[np.uint8]
    ) -> list[Thing]:
        from honmono.engines.vision.labels import reconciling

        return reconciling.things(found, names, None, pixels.shape[1], pixels.shape[0], reconciling.AS_SCORED)
