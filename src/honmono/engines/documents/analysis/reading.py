"""The words of a page with their places: of a PDF's text layer, or recognised in the page's picture, made upright first."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from honmono.engines.documents.analysis.page import Corners, ReadLine, ReadPage, ReadWord, corners_of
from honmono.engines.documents.document import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from honmono.engines.documents.pdf import Lines
    from honmono.engines.documents.recognition import ReadLine as SeenLine
    from honmono.engines.documents.recognition import Recogniser


def of_text_layer(lines: Lines, number: int, size: tuple[float, float]) -> ReadPage:
    """A page whose text is drawn as text; `size` is its width and height."""
    words: list[ReadWord] = []
    made: list[ReadLine] = []
    for texts, boxes in lines:
        indices = []
        for text, box in zip(texts, boxes, strict=True):
            if box is not None:
                indices.append(len(words))
                words.append(ReadWord(text, 1.0, corners_of(box)))
        if indices:
            made += _parted(words, indices)
    made.sort(key=lambda line: (line.box.top, line.box.left))
    return ReadPage(number, *size, words, made)


def of_picture(picture: Image, number: int, recogniser: Recogniser) -> tuple[ReadPage, Image]:
    """A page whose text is recognised; the answer has the upright picture too."""
    import numpy as np

    seen = recogniser.read(np.asarray(picture))
    quarters = _quarters(seen)
    if quarters:
        picture = picture.rotate(90 * quarters, expand=True)
        seen = recogniser.read(np.asarray(picture))
    width, height = picture.size
    grey = np.asarray(picture.convert("L"))
    words: list[ReadWord] = []
    lines: list[ReadLine] = []
    for line in seen:
        indices = list(range(len(words), len(words) + len(line.words)))
        words += [
            ReadWord(word.text, word.confidence, _shares(_tight(word.corners, grey), width, height))
            for word in line.words
        ]
        lines.append(ReadLine(line.text, line.confidence, _shares(line.corners, width, height), indices))
    return ReadPage(number, width, height, words, lines, quarters, recognised=True), picture


def _parted(words: list[ReadWord], indices: list[int]) -> list[ReadLine]:
    """A line of the text layer, cut where a gap parts two columns: PDFium joins what stands at one height."""
    runs = [[indices[0]]]
    for before, index in pairwise(indices):
        left, right = words[before].box, words[index].box
        height = max(left.height, right.height, 1e-6)
        gap = right.left - (left.left + left.width)
        same = abs((right.top + right.height / 2) - (left.top + left.height / 2)) < 0.8 * height
        if same and -0.5 * height < gap < 1.5 * height:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [_line(words, run) for run in runs]


def _line(words: list[ReadWord], run: list[int]) -> ReadLine:
    around: Box = words[run[0]].box
    for index in run[1:]:
        around = around.joined(words[index].box)
    text = " ".join(words[index].text for index in run)
    return ReadLine(text, min(words[index].confidence for index in run), corners_of(around), run)


def _quarters(seen: list[SeenLine]) -> int:
    """Quarter turns to the left that make a page upright, by the direction of most of its letters."""
    turns: dict[int, int] = {}
    for line in seen:
        (x, y), (to_x, to_y) = line.corners[0], line.corners[1]
        if len(line.text) > 2:
            quarter = round(math.atan2(to_y - y, to_x - x) / (math.pi / 2)) % 4
            turns[quarter] = turns.get(quarter, 0) + len(line.text)
    if not turns:
        return 0
    # Text that runs down the page (one quarter in the picture's sense) is set upright by a quarter to the left.
    return max(turns, key=lambda quarter: turns[quarter])


def _tight(corners: tuple[tuple[float, float], ...], grey: NDArray[np.uint8]) -> tuple[tuple[float, float], ...]:
    """The corners of a level word without the blank that the recogniser leaves before and behind it."""
    import numpy as np

    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    tall = min(y3 - y0, y2 - y1)
    if tall < 6 or x1 - x0 < 6 or abs(y1 - y0) > 0.5 * tall:
        return corners
    top, bottom, left, right = int(max(y0, y1)), int(min(y2, y3)) + 1, int(max(min(x0, x3), 0)), int(max(x1, x2)) + 1
    crop = grey[max(top, 0) : bottom, left:right].astype(np.int16)
    if crop.size == 0:
        return corners
    low, high = np.percentile(crop, (2, 90))
    if high - low < 40:
        return corners
    inked = np.flatnonzero(((crop < (low + high) / 2).sum(axis=0)) >= 2)
    if len(inked) < 2:
        return corners
    most = 0.45 * tall  # letters that were missed are not cut off by much
    begin = left + min(float(inked[0]), most)
    end = right - min(float(crop.shape[1] - 1 - inked[-1]), most)
    return (begin, y0), (end, y1), (end, y2), (begin, y3)


def _shares(corners: tuple[tuple[float, float], ...], width: int, height: int) -> Corners:
    return [(min(max(x / width, 0.0), 1.0), min(max(y / height, 0.0), 1.0)) for x, y in corners]
