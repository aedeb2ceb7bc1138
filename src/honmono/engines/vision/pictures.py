"""Pictures from files: JPEG and PNG, bounded before anything is unpacked, upright, as red, green and blue.

Every engine of this package looks at what `decode` gives, so that orientation, transparency, palettes, CMYK and
sixteen bits are dealt with in one place.

A file of a few kilobytes can hold 100 million pixels. Its sides are read from its head; one that large is unpacked once,
in its own form, and made smaller in bands, so that no second copy of it ever stands in memory; and only one such picture
is unpacked at a time.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from honmono.engines.errors import DamagedInput, InputTooLarge, InputTooSmall, UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image, Transpose

LONGEST_SIDE = 10_000
"""Pixels that a side may have. Source: "Guidelines and quotas in Amazon Rekognition"."""
SHORTEST_SIDE = 80
"""Pixels that a side must have. Source: the same."""
SEEN_SIDE = 2_048
"""Pixels of the longer side that engines look at, where they do not ask for others."""

_LARGE = 20_000_000
"""Pixels from which pictures are unpacked one at a time."""
_BAND = 500
"""Rows of a large picture that are made smaller together."""
_ORIENTATION = 0x0112
"""The tag in a JPEG's Exif."""

_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError, AttributeError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is looked at.

    Attributes:
        pixels: (height, width, 3) of uint8, red, green, blue, upright; smaller than the file where that is large.
        width, height: of the upright picture in the file, in pixels.
        form: `JPEG` or `PNG`.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    form: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in an upright picture, in shares of its width and height; it may reach over the edges."""

    left: float
    top: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return 0.0
        common = across * down
        return common / (self.width * self.height + other.width * other.height - common)


def decode(
    image: bytes, longest: int = SEEN_SIDE, shortest: int = SHORTEST_SIDE, largest: int = LONGEST_SIDE
) -> Picture:
    """Read a picture.

    Args:
        image: the bytes of a JPEG or PNG file; of an animated PNG, the first picture is read.
        longest: the longer side of the answer's pixels, at most; a larger picture is made smaller.
        shortest, largest: pixels that each side of the file must have, and may have.

    Raises:
        UnsupportedInput: it is of another kind.
        InputTooLarge: a side has more than `largest` pixels, or there is no memory for it.
        InputTooSmall: a side has fewer than `shortest`.
        DamagedInput: it cannot be read.
    """
    import numpy as np
    from PIL import Image, UnidentifiedImageError
    from PIL.Image import Transpose

    Image.MAX_IMAGE_PIXELS = None  # the limit below is known before anything is unpacked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which is not used
            opened = Image.open(BytesIO(image), formats=("JPEG", "PNG"))
            width, height = opened.size
            _check(width, height, shortest, largest)
            form = "PNG" if opened.format == "PNG" else "JPEG"
            turns = _turns(opened) if form == "JPEG" else None  # a PNG's Exif is not looked at on AWS either
            if form == "JPEG":
                opened.draft("RGB", (longest, longest))
            with _large if width * height > _LARGE else nullcontext():
                small = _smaller(opened, longest)
            if turns is not None:
                small = small.transpose(turns)
                if turns not in (Transpose.FLIP_LEFT_RIGHT, Transpose.FLIP_TOP_BOTTOM, Transpose.ROTATE_180):
                    width, height = height, width
            pixels = np.asarray(small)
    except UnidentifiedImageError as error:  # its own message shows an address in memory
        raise UnsupportedInput("the image is neither JPEG nor PNG, or its head is damaged") from error
    except MemoryError as error:
        raise InputTooLarge("there is not enough memory for the image's pixels") from error
    except _DAMAGE as error:
        raise DamagedInput(f"the image is damaged: {error}") from error
    return Picture(pixels, width, height, form)


_large = threading.Lock()


def _check(width: int, height: int, shortest: int, largest: int) -> None:
    """Raise InputTooLarge or InputTooSmall."""
    if max(width, height) > largest:
        raise InputTooLarge(f"the image has {width} × {height} pixels; the maximum for a side is {largest}")
    if min(width, height) < shortest:
        raise InputTooSmall(f"the image has {width} × {height} pixels; the minimum for a side is {shortest}")


def _turns(image: Image) -> Transpose | None:
    """What makes a JPEG upright, by its Exif; Exif that cannot be read says nothing."""
    from PIL.Image import Transpose

    try:
        orientation = image.getexif().get(_ORIENTATION)
    except _DAMAGE:
        return None
    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return turns.get(orientation) if isinstance(orientation, int) else None


def _smaller(opened: Image, longest: int) -> Image:
    """Red, green and blue, the longer side at most `longest`."""
    from PIL import Image

    opened.load()
    times = max(opened.size) // (2 * longest)  # what is left for the slower, better filter is twice the size
    if times < 2:
        small = _plain(opened)
    else:
        small = Image.new("RGB", (-(-opened.width // times), -(-opened.height // times)))
        rows = _BAND // times * times
        for top in range(0, opened.height, rows):
            band = opened.crop((0, top, opened.width, min(top + rows, opened.height)))
            small.paste(_plain(band).reduce(times), (0, top // times))
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small


def _plain(image: Image) -> Image:
    """In red, green and blue, before white where it is transparent."""
    from PIL import Image as images

    if image.mode.startswith("I"):  # sixteen bits, of which the upper eight are seen
        import numpy as np

        return images.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    behind = images.new("RGB", seen.size, "white")
    behind.paste(seen, mask=seen.getchannel("A"))
    return behind
