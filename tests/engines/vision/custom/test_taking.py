from io import BytesIO

import pytest
from PIL import Image

from honmono.engines.errors import DamagedInput, InputTooLarge, InputTooSmall, UnsupportedInput
from honmono.engines.vision.custom.taking import take


def png(width: int, height: int) -> bytes:
    stream = BytesIO()
    Image.new("L", (width, height)).save(stream, "PNG")
    return stream.getvalue()


def test_a_large_picture_is_seen_smaller() -> None:
    picture = take(png(2560, 1000))
    assert (picture.width, picture.height) == (2560, 1000)
    assert picture.pixels.shape == (500, 1280, 3)


@pytest.mark.parametrize(
    ("image", "error"),
    [
        (png(63, 200), InputTooSmall),
        (png(64, 1300), UnsupportedInput),
        (png(4097, 300), InputTooLarge),
        (png(64, 64)[:60], DamagedInput),
        (b"GIF89a", UnsupportedInput),
    ],
)
def test_pictures_that_are_not_taken(image: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        take(image)
