"""The engine `onnx-detector` of the field `image-labels`: a YOLO or RT-DETR that the user brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from honmono.engines.base import Cost, EngineInfo
from honmono.engines.errors import EngineUnavailable
from honmono.engines.external_data import external_files
from honmono.engines.vision.brought import layouts
from honmono.engines.vision.brought.options import DetectorOptions, class_names, misconfigured, read
from honmono.engines.vision.labels.engine import LabelEngine
from honmono.engines.vision.labels.vocabulary import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from honmono.engines.vision.labels.answers import Thing
    from honmono.engines.vision.labels.detections import Detections

_FIELD = "image-labels"
_GREY = 114  # what YOLO fills the rest of its square with


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
        given = read(cls.name, _FIELD, options)
        path = Path(given.model).expanduser()
        try:
            size = path.stat().st_size
            if others := external_files(path):
                reason = (
                    f"model = {given.model!r} reads other files ({', '.join(sorted(others))[:200]}); export it as one"
                )
                raise misconfigured(cls.name, _FIELD, reason)
        except (OSError, ValueError) as error:
            raise misconfigured(cls.name, _FIELD, f"model = {given.model!r}: {error}") from None
        info = replace(cls.info(), name=f"{cls.name}-{path.stem}", weights=cls.weights if given.classifier else ())
        return replace(info, cost=Cost(memory_bytes=(200 << 20) + 4 * size, cores=given.threads))

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.vision.labels.classifier import Classifier
        from honmono.engines.vision.sessions import open_session

        given: DetectorOptions = read(self.name, _FIELD, self.options)
        self.configured(self.options)
        self._given = given
        self._names = tuple(vocabulary().named(word) for word in class_names(self.name, _FIELD, given))
        try:
            self._session = open_session(Path(given.model).expanduser(), given.device, given.threads)
        except EngineUnavailable:
            raise
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
            raise misconfigured(self.name, _FIELD, f"onnxruntime cannot open {given.model}: {reason}") from error
        shapes = [output.shape for output in self._session.get_outputs()]
        self._layout = given.layout or layouts.told(shapes, len(self._names))
        if not self._layout:
            raise misconfigured(
                self.name,
                _FIELD,
                f"outputs of the shapes {shapes} with {len(self._names)} classes are of no layout that is known; "
                f"name one: layout = {' | '.join(layouts_named())}",
            )
        image, *more = self._session.get_inputs()
        if len(image.shape) != 4 or image.type not in ("tensor(float)", "tensor(float16)"):
            raise misconfigured(self.name, _FIELD, f"the network takes {image.shape} of {image.type}, not a picture")
        self._input, self._sizes = image.name, [each.name for each in more]
        self._half = image.type == "tensor(float16)"
        high, wide = (each if isinstance(each, int) else given.side for each in image.shape[2:])
        self._side = (int(wide), int(high))
        # Without a classifier the attribute is never read: `_classify` answers None.
        if given.classifier:
            self._classifier = Classifier.from_cache(self.cache, given.device)

    def _classify(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        return super()._classify(pixels) if self._given.classifier else None

    def _found(self, pixels: NDArray[np.uint8]) -> tuple[Detections, tuple[str, ...]]:
        from honmono.engines.vision.labels.detections import Detections, suppressed

        height, width = pixels.shape[:2]
        square, scale, left, top = self._squared(pixels)
        feed: dict[str, Any] = {self._input: square}
        for name in self._sizes:  # RT-DETR asks for the size that its boxes are to be in
            feed[name] = np.array([self._side], np.int64)
        try:
            values = self._session.run(None, feed)
            seen = layouts.found(self._layout, values, self._side, self._given.least)
        except Exception as error:
            raise EngineUnavailable(self.name, f"the network could not look at a picture: {error}"[:400]) from error
        shift = np.array([left, top, left, top], np.float32)
        kinds = np.clip(seen.classes, 0, len(self._names) - 1)
        moved = Detections((seen.boxes - shift) / scale, seen.scores, kinds)
        return suppressed(moved, self._given.overlap).within(width, height), self._names

    def _reconciled(
        self, found: Detections, names: tuple[str, ...], shares: NDArray[np.float32] | None, pixels: NDArray[np.uint8]
    ) -> list[Thing]:
        from honmono.engines.vision.labels import reconciling

        return reconciling.things(found, names, None, pixels.shape[1], pixels.shape[0], reconciling.AS_SCORED)

    def _squared(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[Any], float, int, int]:
        """The picture in the middle of a grey square, (1, 3, side, side) from 0 to 1; its scale and corner there."""
        import cv2

        wide, high = self._side
        height, width = pixels.shape[:2]
        scale = min(wide / width, high / height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        left, top = (wide - size[0]) // 2, (high - size[1]) // 2
        square = np.full((high, wide, 3), _GREY, np.uint8)
        square[top : top + size[1], left : left + size[0]] = cv2.resize(pixels, size, interpolation=kind)
        scaled = square.transpose(2, 0, 1)[None].astype(np.float32) / 255
        return np.ascontiguousarray(scaled, np.float16 if self._half else np.float32), scale, left, top


def layouts_named() -> tuple[str, ...]:
    """The layouts as they are written in honmono.toml."""
    from honmono.engines.vision.brought.options import LAYOUTS

    return tuple(f'"{layout}"' for layout in LAYOUTS)
