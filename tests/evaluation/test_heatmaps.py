"""Heat maps: their colours are read back from the file."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
import zlib

import numpy as np
import pytest

from honmono.evaluation.arrays import NotMeasurable
from honmono.evaluation.pictures import heatmap
from honmono.evaluation.pictures.heatmaps import png


def levels(data: bytes) -> np.ndarray:
    """The pixels of a PNG with a palette, (columns, rows) from the bottom."""
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    begin = data.index(b"IDAT") + 4
    length = int.from_bytes(data[begin - 8 : begin - 4], "big")
    rows = np.frombuffer(zlib.decompress(data[begin : begin + length]), np.uint8).reshape(height, width + 1)
    return rows[::-1, 1:].T


def drawn(svg: str) -> bytes:
    found = re.search(r"base64,([^\"]+)", svg)
    assert found is not None
    return base64.b64decode(found[1])


def test_greater_values_are_brighter_and_stand_where_they_belong() -> None:
    values = np.zeros((4, 3))
    values[3, 0] = 10  # the right lower corner
    values[0, 2] = 5
    found = levels(drawn(heatmap(values, "Corners", (0, 4), (0, 3))))
    assert found.shape == (4, 3)
    assert found[3, 0] == found.max() > found[0, 2] > found[1, 1] == 0


def test_the_scale_can_be_given() -> None:
    dark = levels(png(np.array([[1.0, 2.0]]), 0, 10))
    bright = levels(png(np.array([[1.0, 2.0]]), 0, 2))
    assert (dark < bright).all()
    assert (levels(png(np.array([[-5.0, 50.0]]), 0, 10)) == [[0, bright.max()]]).all()


def test_a_large_table_makes_a_small_file() -> None:
    values = np.add.outer(np.arange(5000.0), np.arange(900.0))
    svg = heatmap(values, "5000 × 900", (0, 1), (0, 1), unit="dB")
    assert len(svg) < 100_000
    assert levels(drawn(svg)).shape == (640, 320)


def test_it_is_svg_that_says_what_is_to_be_seen() -> None:
    svg = heatmap([[1, 2], [3, 4]], "a < b & c", (0, 1), (0, 1), x_title="seconds", x_ticks=[(0, "0"), (1, "1")])
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == "a < b & c"
    assert "2 by 2 values from 1 to 4" in svg
    assert "seconds" in svg


@pytest.mark.parametrize("values", [[], [[float("nan")]], [1, 2]])
def test_what_is_no_table_of_numbers_is_refused(values: list[float]) -> None:
    with pytest.raises(NotMeasurable, match="values"):
        heatmap(values, "none", (0, 1), (0, 1))
