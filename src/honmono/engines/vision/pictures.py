"""Pictures from files: JPEG and PNG, bounded before anything is unpacked, upright, as red, green and blue.

Every engine of this package looks at what `decode` gives, so that orientation, transparency, palettes, CMYK and
sixteen bits are dealt with in one place.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from honmono.engines.errors import DamagedInput, InputTooLarge, UnsupportedInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

LONGEST_SIDE = 10_000
"""Pixels that a side may have. Source: "Guidelines and quotas in Amazon Rekognition"."""
SEEN_SIDE = 2_048
"""Pixels of the longer side that engines look at, where they do not ask for others."""

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


def decode(image: bytes, longest: int = SEEN_SIDE) -> Picture:
    """Read a picture.

    Args:
        image: the bytes of a JPEG or PNG file; of an animated PNG, the first picture is read.
        longest: the longer side of the answer's pixels, at most; a larger picture is made smaller.

    Raises:
        UnsupportedInput: it is of another kind.
        InputTooLarge: a side has more than `LONGEST_SIDE` pixels.
        DamagedInput: it cannot be read.
    """
    import numpy as np
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit below is known before anything is unpacked
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which is not used
            opened = Image.open(BytesIO(image), formats=("JPEG", "PNG"))
            width, height, form = opened.width, opened.height, str(opened.format)
            if max(width, height) > LONGEST_SIDE:
                raise InputTooLarge(
                    f"the image has {width} × {height} pixels; at most {LONGEST_SIDE} on a side are read"
                )
            if form in ("JPEG", "MPO"):
                opened.draft("RGB", (longest, longest))
            upright = _plain(ImageOps.exif_transpose(opened))
            if (upright.width > upright.height) != (width > height) and width != height:
                width, height = height, width
            upright.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
            if upright.mode == "RGBA":
                behind = Image.new("RGB", upright.size, "white")
                behind.paste(upright, mask=upright.getchannel("A"))
                upright = behind
            pixels = np.asarray(upright.convert("RGB"))
    except UnidentifiedImageError as error:  # its own message shows an address in memory
        raise UnsupportedInput("the image is neither JPEG nor PNG, or its head is damaged") from error
    except _DAMAGE as error:
        raise DamagedInput(f"the image is damaged: {error}") from error
    return Picture(pixels, width, height, "PNG" if form == "PNG" else "JPEG")


def _plain(image: Image) -> Image:
    """The image with colours that can be blended: grey, RGB, or RGBA where parts are transparent."""
    if image.mode.startswith(("I", "F")):  # sixteen bits a pixel
        grey = image.convert("F")
        low, high = grey.getextrema()
        assert isinstance(low, int | float) and isinstance(high, int | float)  # of one channel
        scale = 1 / 257 if high > 255 else 1.0
        return grey.point(lambda value: value * scale).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
