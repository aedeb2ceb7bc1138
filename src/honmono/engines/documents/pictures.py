"""Pictures of pages: PNG, JPEG and TIFF, bounded before anything is unpacked."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from honmono.engines.errors import DamagedInput

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 10_000
"""Pixels; Textract's limit ("Quotas in Amazon Textract")."""
MOST_FRAMES = 10_000

_SEEN_SIDE = 2_400
"""Pixels that a page is looked at with: letters of 8 points on A4 are 22 pixels high."""


class Pictures:
    """The pages of an image file."""

    def __init__(self, data: bytes) -> None:
        """Read the head only.

        Raises:
            DamagedInput: it is no image that can be read.
        """
        from PIL import Image, UnidentifiedImageError

        Image.MAX_IMAGE_PIXELS = None  # `page` has its own limit, known before anything is unpacked
        self._error = (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, which is not used
                self._image = Image.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
                # An animated PNG is one picture; only a TIFF has pages.
                self.count = self._frames() if self._image.format == "TIFF" else 1
        except UnidentifiedImageError as error:  # its own message shows an address in memory
            raise DamagedInput("the image is damaged: its head cannot be read") from error
        except self._error as error:
            raise DamagedInput(f"the image is damaged: {error}") from error

    def page(self, number: int) -> Image:
        """A page's picture, upright, in colours, made smaller where it is larger than reading needs.

        Raises:
            DamagedInput: it is damaged or too large.
        """
        from PIL import Image, ImageOps

        image = self._image
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if self.count > 1:
                    image.seek(number - 1)
                if max(image.size) > LONGEST_SIDE:
                    raise DamagedInput(
                        f"the image has {image.width} × {image.height} pixels; at most {LONGEST_SIDE} on a side are read"
                    )
                if image.format == "JPEG":
                    image.draft("RGB", (_SEEN_SIDE, _SEEN_SIDE))
                upright = _plain(ImageOps.exif_transpose(image))
                upright.thumbnail((_SEEN_SIDE, _SEEN_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
                if upright.mode != "RGBA":
                    return upright.convert("RGB")
                page = Image.new("RGB", upright.size, "white")
                page.paste(upright, mask=upright.getchannel("A"))
                return page
        except self._error as error:
            raise DamagedInput(f"the image is damaged: {error}") from error

    def _frames(self) -> int:
        count = 1
        while count <= MOST_FRAMES:
            try:
                self._image.seek(count)
            except EOFError:
                break
            count += 1
        else:
            raise DamagedInput(f"the TIFF has more than {MOST_FRAMES} pages")
        self._image.seek(0)
        return count


def _plain(image: Image) -> Image:
    """The image with colours that can be blended: grey, RGB, or RGBA where parts are transparent."""
    if image.mode.startswith(("I", "F")):  # sixteen bits and more: scanners' greys, as light as they are dark
        grey = image.convert("F")
        low, high = grey.getextrema()
        assert isinstance(low, int | float) and isinstance(high, int | float)  # of one channel
        scale = 255 / (high - low) if high > low else 1.0
        return grey.point(lambda value: value * scale - low * scale).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
