"""Text at every angle, in two scripts."""

import io
import math

import pytest
from PIL import Image
from tests import documents

from honmono.engines.vision.image_text import Corners, ImageTextEngine
from honmono.weights import Cache

SIGN = ["Keep off the grass", "Platform 4", "EXIT", "入口はこちら"]


@pytest.fixture(scope="module")
def reader() -> ImageTextEngine:
    engine = ImageTextEngine(Cache())
    engine.load()
    return engine


def sign(lines: list[str], angle: float = 0) -> bytes:
    """White on the outside, as on a wall."""
    image = Image.open(io.BytesIO(documents.picture(lines, width=700, height=400))).convert("RGB")
    stream = io.BytesIO()
    image.rotate(angle, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC).save(stream, "PNG")
    return stream.getvalue()


def direction(corners: Corners, width: int, height: int) -> float:
    """Degrees from the horizontal, against the clock, in which the text runs."""
    (x, y), (to_x, to_y) = corners[:2]
    return math.degrees(math.atan2((y - to_y) * height, (to_x - x) * width)) % 360


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0, 90, 180, 270, 12, -25])
def test_lines_are_read_whichever_way_they_lie(reader: ImageTextEngine, angle: float) -> None:
    data = sign(SIGN, angle)
    lines = reader.detect(data)
    assert sorted(line.text for line in lines) == sorted(SIGN)
    size = Image.open(io.BytesIO(data)).size
    for line in lines:
        off = (direction(line.corners, *size) - angle) % 360
        assert min(off, 360 - off) < 4
        assert line.confidence > 0.9


def test_words_lie_in_their_line_one_after_the_other(reader: ImageTextEngine) -> None:
    (line,) = reader.detect(sign(["Keep off the grass"]))
    assert [word.text for word in line.words] == ["Keep", "off", "the", "grass"]
    lefts, rights = [word.corners[0][0] for word in line.words], [word.corners[1][0] for word in line.words]
    assert lefts == sorted(lefts) and lefts[0] == line.corners[0][0] and rights[-1] == line.corners[1][0]
    assert all(right <= left + 0.01 for right, left in zip(rights, lefts[1:], strict=False))
    # drawn from pixel 60 of 700, its feet at 90 of 400
    assert line.corners[0][0] == pytest.approx(60 / 700, abs=0.02)
    assert line.corners[3][1] == pytest.approx(90 / 400, abs=0.05)


def test_japanese_has_no_blanks(reader: ImageTextEngine) -> None:
    (line,) = reader.detect(sign(["立入禁止です"]))
    assert (line.text, len(line.words)) == ("立入禁止です", 1)


def test_where_nothing_is_written(reader: ImageTextEngine) -> None:
    assert reader.detect(sign([])) == []
