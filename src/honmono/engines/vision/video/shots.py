"""Where one shot ends and the next begins: cuts, fades through black and dissolves, to the frame.

A cut is a frame that differs from the one before far more than the frames around it differ from theirs (an adaptive
threshold over block histograms and pixels, as in Yusoff, Christmas and Kittler, "Video Shot Cut Detection Using
Adaptive Thresholding", BMVC 2000). A flash is none: the picture comes back. A dissolve is told by what it is, a blend:
each of its frames is a weighted mean of one before it and one after it, which no camera's motion looks like.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 192
"""Pixels of the longer side that are enough to look at."""
_SMALL = (48, 27)
_BLOCKS, _BINS = (4, 3), 16
_AROUND = 7
"""Frames before and after that say how much a frame differs here anyway."""
_LEAST, _RATIO, _FLOOR = 0.12, 3.0, 0.03
_FLASH, _BACK = 4, 0.4
"""A picture that is back within so many frames, to this share of the jump, was hidden by a flash."""
_DARK = 0.06
_REACHES = (4, 8, 14)
"""Frames from a dissolve's middle to its ends that are tried."""
_CHANGED, _BLENDED = 0.1, 0.16


@dataclass(frozen=True, slots=True)
class Boundary:
    """The first frame of a shot.

    Attributes:
        number: of the frame.
        seconds: its time.
        kind: how the shot before it ended.
        confidence: 0.5 to 1: how far the change stands out from what moves around it. It orders boundaries; it is not
            a measured probability.
    """

    number: int
    seconds: float
    kind: Literal["cut", "fade", "dissolve"]
    confidence: float


@dataclass(slots=True)
class _Seen:
    """A frame as it is compared: a small picture, histograms of its blocks, and its difference from the one before."""

    number: int
    seconds: float
    small: NDArray[np.float32]
    histograms: NDArray[np.float32]
    step: float = 0.0

    def differs(self, other: _Seen) -> float:
        """0, the same, to 3, black and white."""
        import numpy as np

        colours = float(np.abs(self.histograms - other.histograms).sum(axis=1).mean()) / 6
        return colours + 2 * float(np.abs(self.small - other.small).mean())

    @property
    def dark(self) -> bool:
        return float(self.small.mean()) < _DARK


class ShotDetector:
    """Takes the frames of a film one by one and gives the boundaries as they become certain."""

    def __init__(self) -> None:
        self._seen: deque[_Seen] = deque(maxlen=2 * (_REACHES[-1] + _AROUND) + 1)
        self._last = -math.inf
        self._black: list[_Seen] = []
        self._count = 0
        self._pending: list[Boundary] = []

    def look(self, number: int, seconds: float, pixels: NDArray[np.uint8]) -> list[Boundary]:
        """Take the next frame; the boundaries that it made certain, in order.

        Args:
            number: of the frame.
            seconds: its time.
            pixels: (height, width, 3) of uint8; `SIDE` pixels on the longer side are enough.
        """
        seen = _seen(number, seconds, pixels)
        if self._seen:
            seen.step = seen.differs(self._seen[-1])
        self._seen.append(seen)
        self._count += 1
        return self._judge(len(self._seen) - 1 - _REACHES[-1])

    def finish(self) -> list[Boundary]:
        """The boundaries among the last frames."""
        found: list[Boundary] = []
        for index in range(max(0, len(self._seen) - _REACHES[-1]), len(self._seen)):
            found += self._judge(index)
        return found

    def _judge(self, index: int) -> list[Boundary]:
        """Whether a shot begins at this of the frames that are kept: what follows it is known by now."""
        if index < 0:
            return []
        frame = self._seen[index]
        boundary = (self._cut(index) if index else None) or self._dissolve(index)
        boundary = self._fade(frame, boundary) or boundary
        if boundary is None or (boundary.kind != "cut" and boundary.number - self._last < _REACHES[-1]):
            return []
        self._last = boundary.number
        return [boundary]

    def _cut(self, index: int) -> Boundary | None:
        seen, frame = self._seen, self._seen[index]
        if frame.step < _LEAST:
            return None
        near = range(max(1, index - _AROUND), min(len(seen), index + _AROUND + 1))
        if any(seen[other].step > frame.step for other in near if abs(other - index) == 1):
            return None
        around = sorted(seen[other].step for other in near if other != index)
        usual = around[len(around) // 2] if around else 0.0
        ratio = frame.step / (usual + _FLOOR)
        if ratio < _RATIO or self._flashes(index):
            return None
        return Boundary(frame.number, frame.seconds, "cut", _sure(ratio / _RATIO, frame.step / _LEAST))

    def _flashes(self, index: int) -> bool:
        """Whether the jump to this frame is the beginning or the end of a flash."""
        seen, frame = self._seen, self._seen[index]
        before = seen[index - 1]
        after = range(index + 1, min(len(seen), index + 1 + _FLASH))
        earlier = range(max(0, index - 1 - _FLASH), index - 1)
        limit = _BACK * frame.step
        return any(seen[each].differs(before) < limit for each in after) or any(
            seen[each].differs(frame) < limit for each in earlier
        )

    def _fade(self, frame: _Seen, other: Boundary | None) -> Boundary | None:
        """A shot begins in the middle of the dark between two pictures, where neither side of it is a cut."""
        if frame.dark:
            self._black.append(frame)
            return None
        black, self._black = self._black, []
        if not black or black[0].step == 0.0 or other is not None or black[0].number <= self._last:
            return None
        middle = black[len(black) // 2]
        return Boundary(middle.number, middle.seconds, "fade", 0.9)

    def _dissolve(self, index: int) -> Boundary | None:
        import numpy as np

        seen, frame = self._seen, self._seen[index]
        best: float | None = None
        for reach in _REACHES:
            if index - reach < 0 or index + reach >= len(seen):
                break
            before, after = seen[index - reach], seen[index + reach]
            change = after.small - before.small
            size = float(np.abs(change).mean())
            if (
                size < _CHANGED
                or _scaled(before.small, after.small, size)
                or max(seen[each].step for each in range(index - reach + 1, index + reach + 1))
                > 0.9 * (after.differs(before))
            ):
                continue
            square = float((change * change).sum())
            shares, residual = [], 0.0
            for each in (index - reach // 2, index, index + reach // 2):
                moved = seen[each].small - before.small
                share = float((moved * change).sum()) / square
                shares.append(share)
                residual = max(residual, float(np.abs(moved - share * change).mean()) / size)
            steady = 0.1 < shares[0] < shares[1] - 0.08 and shares[1] + 0.08 < shares[2] < 0.9
            if steady and 0.35 < shares[1] < 0.65 and residual < _BLENDED:
                best = min(residual, best if best is not None else 1.0)
        if best is None:
            return None
        return Boundary(frame.number, frame.seconds, "dissolve", _sure(_BLENDED / max(best, 1e-3), 1.0))


def _scaled(before: NDArray[np.float32], after: NDArray[np.float32], size: float) -> bool:
    """Whether one is the other made lighter or darker: the light changed, or a shot fades."""
    import numpy as np

    brightness = float((before * after).sum()) / max(1e-6, float((before * before).sum()))
    return float(np.abs(after - brightness * before).mean()) < 0.35 * size


def _sure(*times: float) -> float:
    """A confidence from how many times over the thresholds were met."""
    return 1 - 0.5 / max(1.0, min(10.0, math.prod(times)))


def _seen(number: int, seconds: float, pixels: NDArray[np.uint8]) -> _Seen:
    import cv2
    import numpy as np

    small = np.asarray(cv2.resize(pixels, _SMALL, interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    across, down = _BLOCKS
    middle = np.asarray(cv2.resize(pixels, (24 * across, 18 * down), interpolation=cv2.INTER_AREA), np.uint8)
    blocks = middle.reshape(down, 18, across, 24, 3).transpose(0, 2, 4, 1, 3).reshape(down * across * 3, 18 * 24)
    levels = (blocks >> 4).astype(np.int64) + _BINS * np.arange(len(blocks))[:, None]
    counts = np.bincount(levels.ravel(), minlength=_BINS * len(blocks)).astype(np.float32)
    histograms = (counts / np.float32(18 * 24)).reshape(down * across, 3 * _BINS)
    return _Seen(number, seconds, small, histograms)
