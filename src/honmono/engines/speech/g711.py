"""µ-law and A-law: eight bits a sample, as telephones have them. Source: ITU-T G.711 (1988)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BIAS, _MU_CLIP = 33, 8158
_A_CLIP = 4095


def mu_law(samples: NDArray[np.float32]) -> bytes:
    """Samples in -1 … 1 as µ-law, one byte each.

    >>> import numpy as np
    >>> mu_law(np.array([0.0, 1.0, -1.0], np.float32)).hex()
    'ff8000'
    """
    import numpy as np

    linear = np.round(np.asarray(samples, np.float64) * 8191).astype(np.int32)
    size = np.minimum(np.abs(linear), _MU_CLIP) + _BIAS
    segment = np.floor(np.log2(size)).astype(np.int32) - 5
    step = (size >> (segment + 1)) & 0x0F
    code = ~((segment << 4) | step) & 0x7F
    return bytes((code | np.where(linear < 0, 0x00, 0x80)).astype(np.uint8))


def a_law(samples: NDArray[np.float32]) -> bytes:
    """Samples in -1 … 1 as A-law, one byte each.

    >>> import numpy as np
    >>> a_law(np.array([0.0, 1.0, -1.0], np.float32)).hex()
    'd5aa2a'
    """
    import numpy as np

    linear = np.round(np.asarray(samples, np.float64) * 4096).astype(np.int32)
    negative = linear < 0
    size = np.minimum(np.where(negative, -linear - 1, linear), _A_CLIP).clip(0)
    segment = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 4, 0)
    step = np.where(segment < 2, size >> 1, size >> np.maximum(segment, 1)) & 0x0F
    code = (segment << 4) | step
    return bytes(((code ^ 0x55) | np.where(negative, 0x00, 0x80)).astype(np.uint8))
