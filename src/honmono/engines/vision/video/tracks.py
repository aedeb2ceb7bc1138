"""Who is who from frame to frame: boxes of one kind of thing joined to tracks that keep their index.

Boxes are foretold by a Kalman filter of constant velocity and matched to what was detected by the Hungarian method, the
sure detections first and then the doubtful ones, which only continue tracks. What a box looks like decides between
neighbours, and who comes back after having been hidden.

Sources: Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016; Zhang et al., "ByteTrack: Multi-Object Tracking
by Associating Every Detection Box", ECCV 2022; Wojke et al., "Simple Online and Realtime Tracking with a Deep
Association Metric", ICIP 2017, for the noises of the filter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from honmono.engines.vision.pictures import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FRESH = 0.75
"""Seconds for which a track that was not seen counts as being there still."""
_GROWN = 2.2
"""Times that one may be taller than it was a moment ago."""
_OVERLAP_DOUBTFUL = 0.35


@dataclass(frozen=True, slots=True)
class TrackRules:
    """How boxes are joined.

    Attributes:
        sure: the confidence of a detection that may begin a track.
        doubtful: the least confidence of one that may continue a track.
        hits: detections that make a track; what is seen less often was a mistake of the detector's.
        hidden: seconds after which a track that nothing continues is at its end.
        looks: how much appearance counts against overlap, 0 to 1.
        unlike: appearances that differ by more are of two.
        unlike_after: the same for a track that has been hidden.
        anywhere: whether what looks alike may be far from where it was foretold: where looks tell who somebody is, as
            the vectors of faces do.
    """

    sure: float = 0.4
    doubtful: float = 0.15
    hits: int = 3
    hidden: float = 3.0
    looks: float = 0.5
    unlike: float = 0.4
    unlike_after: float = 0.3
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """A detection in a frame.

    Attributes:
        box: in shares of the frame.
        confidence: 0 to 1.
        look: (n,), what is in the box, see `look`; None where appearance plays no part.
    """

    box: Box
    confidence: float
    look: NDArray[np.float32] | None = None


def look(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.float32]:
    """What is in a box: the colours of its upper and lower half, (108,) of unit length.

    Colours are counted in 54 bins of hue, saturation and brightness, in the middle of the box, where there is least
    ground; square roots, so that the product of two is their Bhattacharyya coefficient.
    """
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    left, right = box.left + 0.2 * box.width, box.left + 0.8 * box.width
    halves = []
    for upper, lower in ((0.08, 0.5), (0.5, 0.92)):
        rows = _span(box.top + upper * box.height, box.top + lower * box.height, height)
        columns = _span(left, right, width)
        part = np.asarray(cv2.cvtColor(pixels[rows, columns], cv2.COLOR_RGB2HSV), np.int64).reshape(-1, 3)
        bins = (part[:, 0] * 6 // 180) * 9 + (part[:, 1] // 86) * 3 + part[:, 2] // 86
        counts = np.bincount(bins, minlength=54).astype(np.float32)
        halves.append(np.sqrt(counts / counts.sum() / 2))
    return np.concatenate(halves)


def _span(begin: float, end: float, size: int) -> slice:
    first = min(max(0, int(begin * size)), size - 1)
    return slice(first, max(first + 1, min(size, math.ceil(end * size))))


def tracks(
    frames: Iterable[tuple[float, Sequence[Sighting]]], aspect: float, rules: TrackRules | None = None
) -> list[list[int | None]]:
    """The track of every sighting.

    Args:
        frames: in the order of time: seconds, and what was seen.
        aspect: width by height of the frames, in pixels.
        rules: how boxes are joined.

    Returns:
        For each frame, for each of its sightings, the index of its track; tracks are counted from 0 in the order in
        which they begin. None: it belongs to no track.
    """
    tracker = Tracker(aspect, rules)
    given = [tracker.look(seconds, sightings) for seconds, sightings in frames]
    index = tracker.indices()
    return [[None if track is None else index.get(track) for track in frame] for frame in given]


class Tracker:
    """Joins the sightings of one frame after the other to tracks."""

    def __init__(self, aspect: float, rules: TrackRules | None = None) -> None:
        """`aspect`: width by height of the frames."""
        self._aspect = aspect
        self._rules = rules or TrackRules()
        self._tracks: list[_Track] = []
        self._hits: list[int] = []
        self._seconds = 0.0

    def look(self, seconds: float, sightings: Sequence[Sighting]) -> list[int | None]:
        """Take the next frame; of each sighting the number of its track, which `indices` may still dismiss."""
        rules = self._rules
        for track in self._tracks:
            track.foretell(seconds - self._seconds)
        self._seconds = seconds
        self._tracks = [
            track
            for track in self._tracks
            if seconds - track.seen <= (rules.hidden if track.hits >= rules.hits else rules.hidden / 4)
        ]
        given: list[int | None] = [None] * len(sightings)
        boxes = [_state(each.box, self._aspect) for each in sightings]
        sure = [index for index, each in enumerate(sightings) if each.confidence >= rules.sure]
        doubtful = [index for index, each in enumerate(sightings) if rules.doubtful <= each.confidence < rules.sure]
        left = list(self._tracks)
        # Those that were seen a moment ago come first: one that is hidden must not take what is another's.
        for fresh in (True, False):
            waiting = [track for track in left if (seconds - track.seen < _FRESH) is fresh]
            free = [index for index in sure if given[index] is None]
            for track, index in self._matched(waiting, free, sightings, boxes, doubt=False):
                self._join(track, index, sightings[index], boxes[index], given)
                left.remove(track)
        waiting = [track for track in left if seconds - track.seen < 1.0]
        for track, index in self._matched(waiting, doubtful, sightings, boxes, doubt=True):
            self._join(track, index, sightings[index], boxes[index], given)
        for index in sure:
            if given[index] is None and not self._doubled(index, given, boxes):
                track = _Track(len(self._hits), boxes[index], seconds)
                self._hits.append(0)
                self._tracks.append(track)
                self._join(track, index, sightings[index], boxes[index], given)
        return given

    def indices(self) -> dict[int, int]:
        """The index of each track that was seen often enough, counted from 0."""
        kept = [track for track, hits in enumerate(self._hits) if hits >= self._rules.hits]
        return {track: index for index, track in enumerate(kept)}

    def _join(
        self, track: _Track, index: int, sighting: Sighting, box: tuple[float, ...], given: list[int | None]
    ) -> None:
        track.see(box, sighting, self._seconds)
        self._hits[track.number] = track.hits
        given[index] = track.number

    def _doubled(self, index: int, given: list[int | None], boxes: Sequence[tuple[float, ...]]) -> bool:
        """Whether this is a part, or a second box, of something that has a track."""
        return any(
            other is not None and _inside(boxes[index], boxes[each]) > 0.8
            for each, other in enumerate(given)
            if each != index
        )

    def _matched(
        self,
        waiting: Sequence[_Track],
        free: Sequence[int],
        sightings: Sequence[Sighting],
        boxes: Sequence[tuple[float, ...]],
        *,
        doubt: bool,
    ) -> list[tuple[_Track, int]]:
        """Tracks and sightings that belong together, at the least cost in all."""
        import numpy as np
        from scipy.optimize import linear_sum_assignment

        if not waiting or not free:
            return []
        costs = np.array([[self._cost(track, sightings[i], boxes[i], doubt) for i in free] for track in waiting])
        rows, columns = linear_sum_assignment(np.where(np.isfinite(costs), costs, 1e3))
        return [
            (waiting[row], free[column])
            for row, column in zip(rows, columns, strict=True)
            if math.isfinite(costs[row, column])
        ]

    def _cost(self, track: _Track, sighting: Sighting, box: tuple[float, ...], doubt: bool) -> float:
        """What it costs to say that this sighting is of that track; infinite where it cannot be."""
        rules = self._rules
        gap = self._seconds - track.seen
        foretold = track.box
        overlap = _overlap(foretold, box)
        unlike = 0.0
        if sighting.look is not None and track.appearance is not None:
            unlike = 1.0 - float(sighting.look @ track.appearance)
        hidden = gap >= _FRESH
        if unlike > (rules.unlike_after if hidden and not doubt else rules.unlike):
            return math.inf
        distance = math.hypot(foretold[0] - box[0], foretold[1] - box[1]) / max(foretold[3], box[3])
        if not rules.anywhere:
            if max(foretold[3], box[3]) > _GROWN * min(foretold[3], box[3]):
                return math.inf
            if doubt:
                return 1.0 - overlap if overlap >= _OVERLAP_DOUBTFUL else math.inf
            if overlap < 0.1 and distance > (min(1.2, 0.4 + 0.3 * gap) if hidden else 0.35):
                return math.inf
        return (1 - rules.looks) * (1.0 - overlap + 0.3 * min(distance, 2.0)) + rules.looks * unlike


@dataclass(slots=True)
class _Track:
    """A track: centre, size and their speeds, with the uncertainty of each.

    The four numbers of a box do not depend on each other in this filter, so that each has a matrix of its own of two by
    two: value and speed.
    """

    number: int
    first: tuple[float, ...]
    seen: float
    hits: int = 0
    appearance: NDArray[np.float32] | None = None
    _values: list[float] = field(default_factory=list)
    _speeds: list[float] = field(default_factory=list)
    _spread: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        height = self.first[3]
        self._values, self._speeds = list(self.first), [0.0] * 4
        self._spread = [[(height / 10) ** 2, 0.0, (height / 2) ** 2] for _ in range(4)]

    @property
    def box(self) -> tuple[float, ...]:
        """Where it is taken to be."""
        return tuple(self._values)

    def foretell(self, seconds: float) -> None:
        """Move on by so many seconds."""
        height = self._values[3]
        for each in range(4):
            settled = 0.2 if each >= 2 else 1.0
            self._values[each] += seconds * self._speeds[each] * settled
            a, b, c = self._spread[each]
            a += 2 * seconds * b + seconds * seconds * c + (height / 20) ** 2 * seconds * 5
            b += seconds * c
            c += (height / 8) ** 2 * seconds * 5
            self._spread[each] = [a, b, c]
        self._values[2:] = [max(1e-3, value) for value in self._values[2:]]

    def see(self, box: tuple[float, ...], sighting: Sighting, seconds: float) -> None:
        """Take a detection as its place now."""
        import numpy as np

        height = box[3]
        noise = (height / 20) ** 2 * (1.0 if sighting.confidence >= 0.4 else 4.0)
        for each in range(4):
            a, b, c = self._spread[each]
            gain, speed_gain = a / (a + noise), b / (a + noise)
            off = box[each] - self._values[each]
            self._values[each] += gain * off
            self._speeds[each] += speed_gain * off
            self._spread[each] = [(1 - gain) * a, (1 - gain) * b, c - speed_gain * b]
        self.seen, self.hits = seconds, self.hits + 1
        if sighting.look is None:
            return
        if self.appearance is None:
            self.appearance = sighting.look
        elif sighting.confidence >= 0.4:
            mixed = 0.85 * self.appearance + 0.15 * sighting.look
            self.appearance = mixed / np.linalg.norm(mixed)


def _state(box: Box, aspect: float) -> tuple[float, ...]:
    """Centre across and down, width and height, all in heights of the frame."""
    return (
        (box.left + box.width / 2) * aspect,
        box.top + box.height / 2,
        max(1e-3, box.width * aspect),
        max(1e-3, box.height),
    )


def _common(one: Sequence[float], other: Sequence[float]) -> float:
    across = min(one[0] + one[2] / 2, other[0] + other[2] / 2) - max(one[0] - one[2] / 2, other[0] - other[2] / 2)
    down = min(one[1] + one[3] / 2, other[1] + other[3] / 2) - max(one[1] - one[3] / 2, other[1] - other[3] / 2)
    return max(0.0, across) * max(0.0, down)


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    common = _common(one, other)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def _inside(one: Sequence[float], other: Sequence[float]) -> float:
    """The share of one box that lies in the other."""
    return _common(one, other) / (one[2] * one[3])
