"""Technical cues: stretches of a film that are no content: black, colour bars, credits.

Black and bars are told frame by frame. Credits are text on a plain ground near an end of the film: whether a frame may
be one is told here (`plain`), and what is written on it a text recogniser must say. Studio logos and slates have no
features that hold in general, and are not looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Cue = Literal["BlackFrames", "ColorBars", "OpeningCredits", "EndCredits", "Content"]

OPENING_SHARE, ENDING_SHARE = 0.25, 0.35
"""The parts of a film in which credits are looked for."""
_LEAST_FRAMES: dict[str, int] = {"BlackFrames": 2, "ColorBars": 5}
_LEAST_CREDITS = 3.0
"""Seconds that credits take."""
_LEAST_CONTENT = 0.5
_CREDIT_GAP = 2.5
"""Seconds without text, a change of pages, that credits go on through."""
_BARS = ((1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 1, 0), (1, 0, 1), (1, 0, 0), (0, 0, 1), (0, 0, 0))
"""White, yellow, cyan, green, magenta, red, blue, black: SMPTE RP 219 and EBU bars have these, the former no black."""


@dataclass(frozen=True, slots=True)
class CueSegment:
    """A stretch of frames, from `begin` up to and without `end`, with a confidence of 0.5 to 1."""

    cue: Cue
    begin: int
    end: int
    confidence: float


def black_coverage(pixels: NDArray[np.uint8], darkest: float) -> float:
    """The share of a frame's pixels whose luminance (BT.709) is at most `darkest`, 0 to 1 of the range.

    Args:
        pixels: (height, width, 3) of uint8.
        darkest: `MaxPixelThreshold` of AWS's black frame filter.
    """
    import numpy as np

    luminance = pixels @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return float((luminance <= darkest * 255 + 0.5).mean())


def bars(pixels: NDArray[np.uint8]) -> float:
    """How much a frame looks like colour bars: 0, not at all, or 0.5 to 1.

    The upper part must be seven or eight upright bars of even colour, in the order of falling brightness that the
    standards have.
    """
    import numpy as np

    height, width = pixels.shape[:2]
    upper = pixels[round(height * 0.08) : round(height * 0.55)].astype(np.float32) / 255
    if upper.shape[0] < 8 or width < 64:
        return 0.0
    for count in (7, 8):
        edges = np.linspace(0, width, count + 1)
        means, spread = [], 0.0
        for left, right in pairwise(edges):
            margin = (right - left) * 0.2
            bar = upper[:, round(left + margin) : round(right - margin)]
            means.append(bar.mean(axis=(0, 1)))
            spread = max(spread, float(bar.std(axis=(0, 1)).max()))
        colours = np.array(means)
        high = colours[:, :][np.array(_BARS[:count], bool)]
        low = colours[:, :][~np.array(_BARS[:count], bool)]
        gap = float(high.min() - low.max())
        if spread < 0.06 and gap > 0.25:
            return 0.5 + 0.5 * min(1.0, gap / 0.6)
    return 0.0


def plain(pixels: NDArray[np.uint8]) -> bool:
    """Whether most of a frame is one colour with something on it, as the ground of credits is."""
    import numpy as np

    grey = pixels.mean(axis=2)
    ground = float(np.median(grey))
    near = np.abs(grey - ground) < 16
    return bool(0.72 < near.mean() < 0.995 and (ground < 64 or ground > 200))


def runs(numbers: Iterable[tuple[int, float]], cue: Cue) -> list[CueSegment]:
    """Segments of frames that follow each other.

    Args:
        numbers: of the frames that have the cue, in order, each with its confidence.
        cue: which.
    """
    found: list[CueSegment] = []
    begin = last = -2
    sures: list[float] = []

    def close() -> None:
        if sures and last + 1 - begin >= _LEAST_FRAMES.get(cue, 1):
            found.append(CueSegment(cue, begin, last + 1, max(0.5, sum(sures) / len(sures))))

    for number, sure in numbers:
        if number != last + 1:
            close()
            begin, sures = number, []
        sures.append(sure)
        last = number
    close()
    return found


def credits(texts: Sequence[tuple[float, int, bool]], seconds: float, rate: float) -> list[CueSegment]:
    """Opening and end credits, from what is written on the frames that may be some.

    Args:
        texts: in order, of each frame that was looked at: its seconds, the lines of text on it, whether it is `plain`.
        seconds: the film's length.
        rate: frames a second.

    A stretch of written frames counts as credits where at least half of them have two lines or more: a single line, the
    film's title or a subtitle, is none.
    """
    found: list[CueSegment] = []
    stretch: list[tuple[float, int]] = []

    def close() -> None:
        if not stretch or stretch[-1][0] - stretch[0][0] < _LEAST_CREDITS:
            return
        many = sum(lines >= 2 for _, lines in stretch) / len(stretch)
        if many < 0.5:
            return
        begin, end = stretch[0][0], stretch[-1][0]
        cue: Cue | None = None
        if end > seconds * (1 - ENDING_SHARE) and begin > seconds * OPENING_SHARE:
            cue = "EndCredits"
        elif begin < seconds * OPENING_SHARE and end < seconds * (1 - ENDING_SHARE):
            cue = "OpeningCredits"
        if cue is not None:
            found.append(CueSegment(cue, round(begin * rate), round(end * rate) + 1, 0.5 + 0.5 * many))

    for at, lines, ground in texts:
        if lines and ground:
            if stretch and at - stretch[-1][0] > _CREDIT_GAP:
                close()
                stretch = []
            stretch.append((at, lines))
    close()
    return found


def content(others: Sequence[CueSegment], frames: int, rate: float) -> list[CueSegment]:
    """What is left between the other cues of a film: the programme itself, in stretches of half a second or more."""
    found: list[CueSegment] = []
    at, sure = 0, 1.0
    for cue in [*sorted(others, key=lambda each: each.begin), CueSegment("Content", frames, frames, 1.0)]:
        if cue.begin - at >= _LEAST_CONTENT * rate:
            found.append(CueSegment("Content", at, cue.begin, min(sure, cue.confidence)))
        at, sure = max(at, cue.end), cue.confidence
    return found
