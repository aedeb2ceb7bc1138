"""Which pictures a custom model takes, in training and later.

Source: "Guidelines and quotas in Amazon Rekognition Custom Labels".
"""

from __future__ import annotations

from honmono.engines.errors import UnsupportedInput
from honmono.engines.vision.pictures import Picture, decode

LEAST_SIDE, MOST_SIDE = 64, 4096
"""Pixels."""
MOST_RATIO = 20
SEEN_SIDE = 1280
"""Pixels of the longer side that is kept."""


def take(image: bytes) -> Picture:
    """Decode a picture of a size that is taken.

    Raises:
        UnsupportedInput, DamagedInput, InputTooLarge, InputTooSmall: it is not, see `decode`.
    """
    picture = decode(image, longest=SEEN_SIDE, shortest=LEAST_SIDE, largest=MOST_SIDE)
    short, long = sorted((picture.width, picture.height))
    if long > MOST_RATIO * short:
        raise UnsupportedInput(
            f"the image has {picture.width} × {picture.height} pixels; a custom model takes {MOST_RATIO}:1 at most"
        )
    return picture
