"""Pictures of every kind that is read come out alike; those that are not are refused by type."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from honmono.engines.errors import DamagedInput, EngineError, InputTooLarge, InputTooSmall, UnsupportedInput
from honmono.engines.vision.pictures import Box, decode

RED, GREEN, BLUE, GREY = (200, 30, 30), (20, 160, 40), (20, 50, 200), (120, 120, 120)


def quarters(width: int = 160, height: int = 120) -> Image.Image:
    """Red, green over blue, grey: each orientation looks different."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(GREY, (width // 2, height // 2, width, height))
    return image


def file(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def sixteen_bits(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)


def seen(data: bytes) -> list[list[int]]:
    """The colours in the middle of the four quarters."""
    pixels = decode(data).pixels.astype(int)
    height, width = pixels.shape[:2]
    return [pixels[y * height // 4, x * width // 4].tolist() for y, x in ((1, 1), (1, 3), (3, 1), (3, 3))]


def close(found: list[list[int]], wanted: list[tuple[int, ...]], off: int = 12) -> bool:
    return all(
        abs(a - b) <= off for one, other in zip(found, wanted, strict=True) for a, b in zip(one, other, strict=True)
    )


UPRIGHT = [RED, GREEN, BLUE, GREY]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (file(quarters()), UPRIGHT),
        (file(quarters(), "JPEG", quality=95), UPRIGHT),
        (file(quarters(), "JPEG", quality=95, progressive=True), UPRIGHT),
        (file(quarters().convert("CMYK"), "JPEG", quality=95), UPRIGHT),  # Pillow writes Adobe's inverted inks
        (file(quarters().quantize(16)), UPRIGHT),
        (file(quarters().convert("L")), [(81,) * 3, (104,) * 3, (58,) * 3, (120,) * 3]),
        (file(quarters().convert("1", dither=Image.Dither.NONE)), [(0,) * 3] * 4),
        (file(sixteen_bits(quarters())), [(81,) * 3, (104,) * 3, (58,) * 3, (120,) * 3]),
    ],
    ids=["png", "jpeg", "progressive", "cmyk", "palette", "grey", "bilevel", "sixteen-bits"],
)
def test_every_kind_of_pixel(data: bytes, wanted: list[tuple[int, ...]]) -> None:
    picture = decode(data)
    assert (picture.width, picture.height, picture.pixels.shape) == (160, 120, (120, 160, 3))
    assert close(seen(data), wanted)


def test_a_dark_picture_of_sixteen_bits_stays_dark() -> None:
    data = file(Image.fromarray(np.full((100, 100), 200, np.uint16)))
    assert decode(data).pixels.max() <= 1


def test_what_is_transparent_is_white() -> None:
    image = quarters().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size).point(lambda value: 0 if value < 128 else 255))
    assert close(seen(file(image)), [(255,) * 3, (255,) * 3, BLUE, GREY])
    palette = quarters().quantize(4)
    hole = palette.getpixel((10, 10))
    assert seen(file(palette, transparency=hole))[0] == [255, 255, 255]
    assert seen(file(palette))[0] != [255, 255, 255]


@pytest.mark.parametrize(
    ("orientation", "wanted"),
    [
        (1, [RED, GREEN, BLUE, GREY]),
        (2, [GREEN, RED, GREY, BLUE]),
        (3, [GREY, BLUE, GREEN, RED]),
        (4, [BLUE, GREY, RED, GREEN]),
        (5, [RED, BLUE, GREEN, GREY]),
        (6, [BLUE, RED, GREY, GREEN]),
        (7, [GREY, GREEN, BLUE, RED]),
        (8, [GREEN, GREY, RED, BLUE]),
    ],
)
def test_a_photograph_is_upright(orientation: int, wanted: list[tuple[int, ...]]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file(quarters(), "JPEG", quality=95, exif=exif)
    picture = decode(data)
    assert close(seen(data), wanted)
    assert (picture.width, picture.height) == ((120, 160) if orientation > 4 else (160, 120))


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0junk", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40]
)
def test_a_photograph_with_broken_metadata_is_read(exif: bytes) -> None:
    assert close(seen(file(quarters(), "JPEG", quality=95, exif=exif)), UPRIGHT)


def test_the_first_picture_of_an_animation() -> None:
    others = [Image.new("RGB", (160, 120), GREEN)]
    assert close(seen(file(quarters(), save_all=True, append_images=others)), UPRIGHT)


def test_a_large_picture_is_made_smaller_like_a_small_one() -> None:
    image = quarters(2_500, 1_500)
    for data in (file(image), file(image.quantize(16)), file(image.convert("RGBA")), file(image, "JPEG", quality=95)):
        picture = decode(data, longest=500)
        assert (picture.width, picture.height, picture.pixels.shape) == (2_500, 1_500, (300, 500, 3))
        assert close(seen(data), UPRIGHT)
    middle = decode(file(image), longest=500).pixels[:140, 100]
    assert np.ptp(middle.astype(int), axis=0).max() < 5  # bands leave no seams


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 100, height: int = 100) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\x7f" * min(width, 20_000) * 3) * min(height, 100)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + rows + chunk(b"IEND", b"")


KINDS = [
    "svg",
    "svg-as-png",
    "gif",
    "webp",
    "bmp",
    "nothing",
    "head",
    "half-png",
    "half-jpeg",
    "pixel",
    "narrow",
    "wide",
    "huge",
    "text-bomb",
    "colour-bomb",
]
BOMB = zlib.compress(bytes(80_000_000), 9)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UnsupportedInput),
        (b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg'/>", EngineError),
        (b"GIF89a" + bytes(100), UnsupportedInput),
        (file(quarters(), "WEBP"), UnsupportedInput),
        (file(quarters(), "BMP"), UnsupportedInput),
        (b"", UnsupportedInput),
        (b"\xff\xd8\xff", EngineError),
        (file(quarters())[:300], DamagedInput),
        (file(quarters(), "JPEG")[:900], DamagedInput),
        (file(Image.new("RGB", (1, 1))), InputTooSmall),
        (file(Image.new("RGB", (79, 500))), InputTooSmall),
        (png(width=10_001), InputTooLarge),
        (png(width=2**31 - 1, height=2**31 - 1), EngineError),
        (png(chunk(b"zTXt", b"Comment\0\0" + BOMB)), DamagedInput),
        (png(chunk(b"iCCP", b"profile\0\0" + BOMB)), DamagedInput),
    ],
    ids=KINDS,
)
def test_what_cannot_be_read_is_refused_by_type(data: bytes, error: type[EngineError]) -> None:
    with pytest.raises(error) as caught:
        decode(data)
    assert "0x" not in str(caught.value)


def test_boxes_overlap() -> None:
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0, 0, 0.5, 0.5)) == 1
    assert Box(0, 0, 0.5, 1).overlap(Box(0.25, 0, 0.5, 1)) == pytest.approx(1 / 3)
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.6, 0, 0.4, 1)) == 0
