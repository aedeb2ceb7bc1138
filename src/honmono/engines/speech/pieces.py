"""Cutting a long recording where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from honmono.engines.speech.audio import RATE

_LONGEST = 300 * RATE
_SEARCHED = 60 * RATE
_WINDOW = RATE // 2


def pieces(blocks: Iterable[NDArray[np.float32]], longest: int = _LONGEST) -> Iterator[NDArray[np.float32]]:
    """Join blocks into pieces of at most so many samples, each cut at the quietest half second of its last minute.

    Args:
        blocks: (channels, n) each.
        longest: samples.

    >>> import numpy as np
    >>> [piece.shape for piece in pieces([np.zeros((1, 70)), np.zeros((1, 50))], longest=100)]
    [(1, 50), (1, 70)]
    """
    import numpy as np

    waiting: list[NDArray[np.float32]] = []
    held = 0
    for block in blocks:
        waiting.append(block)
        held += block.shape[1]
        while held > longest:
            joined = np.concatenate(waiting, axis=1)
            cut = _quietest(joined[:, :longest])
            yield joined[:, :cut]
            waiting, held = [joined[:, cut:]], joined.shape[1] - cut
    if held:
        yield np.concatenate(waiting, axis=1)


def _quietest(samples: NDArray[np.float32]) -> int:
    """The middle of the quietest window in the last part."""
    import numpy as np

    length = samples.shape[1]
    searched = min(_SEARCHED, length // 2)
    window = max(1, min(_WINDOW, searched // 4))
    power = (samples[:, length - searched :] ** 2).mean(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    means = sums[window:] - sums[:-window]
    return int(length - searched + means.argmin() + window // 2) or length
