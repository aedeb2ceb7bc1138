"""A detector that the user brings, opened and asked: a YOLO or RT-DETR as their own export writes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.base import Cost, EngineInfo
from honmono.engines.errors import EngineUnavailable
from honmono.engines.external_data import external_files
from honmono.engines.vision.brought import layouts
from honmono.engines.vision.brought.options import LAYOUTS, DetectorOptions, class_names, misconfigured
from honmono.engines.vision.labels.detections import Detections, suppressed

_GREY = 114  # what YOLO fills the rest of its square with


def described(info: EngineInfo, field: str, given: DetectorOptions) -> EngineInfo:
    """What there is to say about an engine with this network, which is not opened.

    Raises EngineUnavailable: its file is missing, or reads others.
    """
    size = _bytes(info.name, field, given)
    cost = Cost(memory_bytes=(200 << 20) + 4 * size, cores=given.threads)
    return replace(info, name=f"{info.name}-{Path(given.model).stem}", cost=cost)


def _bytes(engine: str, field: str, given: DetectorOptions) -> int:
    """The size of the file, if it is one that may be opened: a graph that names other files could name any."""
    path = Path(given.model).expanduser()
    try:
        others = external_files(path)
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise misconfigured(engine, field, f"model = {given.model!r}: {error}") from None
    if others:
        reason = f"model = {given.model!r} reads other files ({', '.join(sorted(others))[:200]}); export it as one"
        raise misconfigured(engine, field, reason)
    return size


class BroughtNetwork:
    """The network.

    Attributes:
        classes: what it tells apart, as its list calls them.
    """

    def __init__(self, engine: str, field: str, given: DetectorOptions) -> None:
        """Open it.

        Raises:
            EngineUnavailable: it cannot be opened, or its inputs and outputs are of no layout that is known.
        """
        from honmono.engines.vision.sessions import open_session

        self._engine, self._given = engine, given
        self.classes = class_names(engine, field, given)
        _bytes(engine, field, given)
        try:
            self._session = open_session(Path(given.model).expanduser(), given.device, given.threads)
        except EngineUnavailable:
            raise
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
            raise misconfigured(engine, field, f"onnxruntime cannot open {given.model}: {reason}") from error
        shapes = [output.shape for output in self._session.get_outputs()]
        self._layout = given.layout or layouts.told(shapes, len(self.classes))
        if not self._layout:
            named = " | ".join(f'"{layout}"' for layout in LAYOUTS)
            reason = f"outputs of the shapes {shapes} with {len(self.classes)} classes are of no layout that is known; "
            raise misconfigured(engine, field, f"{reason}name one: layout = {named}")
        image, *more = self._session.get_inputs()
        if len(image.shape) != 4 or image.type not in ("tensor(float)", "tensor(float16)"):
            raise misconfigured(engine, field, f"the network takes {image.shape} of {image.type}, not a picture")
        self._input, self._sizes = image.name, [each.name for each in more]
        self._half = image.type == "tensor(float16)"
        high, wide = (each if isinstance(each, int) else given.side for each in image.shape[2:])
        self._side = (int(wide), int(high))

    def found(self, pixels: NDArray[np.uint8]) -> Detections:
        """Things in pixels (height, width, 3), of `classes`.

        Raises EngineUnavailable: the network cannot look at a picture.
        """
        height, width = pixels.shape[:2]
        square, scale, left, top = self._squared(pixels)
        feed: dict[str, Any] = {self._input: square}
        for name in self._sizes:  # RT-DETR asks for the size that its boxes are to be in
            feed[name] = np.array([self._side], np.int64)
        try:
            values = self._session.run(None, feed)
            seen = layouts.found(self._layout, values, self._side, self._given.least)
        except Exception as error:
            raise EngineUnavailable(self._engine, f"the network could not look at a picture: {error}"[:400]) from error
        shift = np.array([left, top, left, top], np.float32)
        kinds = np.clip(seen.classes, 0, len(self.classes) - 1)
        moved = Detections((seen.boxes - shift) / scale, seen.scores, kinds)
        return suppressed(moved, self._given.overlap).within(width, height)

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
