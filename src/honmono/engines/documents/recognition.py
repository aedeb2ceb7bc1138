"""Text recognised in a picture, by PP-OCRv6 on ONNX Runtime.

The two networks come in the wheel of `rapidocr`, which finds lines (a segmentation network), straightens them and reads
each (a convolutional and attention network with CTC), English and Japanese in one model. Nothing is fetched.

Pages of documents stand upright and are read by `Recogniser.lines`. What is written in photographs lies at any angle:
`Recogniser.read` tries a line that reads badly the other way up, and keeps corners and confidences.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.documents.document import Box
from honmono.engines.documents.quads import Quad, part, stands, turned
from honmono.engines.errors import EngineUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_MODELS = {"Det.model_path": "PP-OCRv6_det_small.onnx", "Rec.model_path": "PP-OCRv6_rec_small.onnx"}
_READ_SIDE = 2_400
_MOST_LINES = 1_000
_SURE = 0.9
"""Confidence from which a line is not tried the other way up. Of drawn lines, the right way gave .97 and more, the wrong
one .83 and less, but for lines that read both ways (`SIS HOH`): those follow the others."""

_LEAST = 0.5
"""Confidence of a line under which it is taken for none, as rapidocr does."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word, which has no blanks.

    Attributes:
        confidence: the mean of the network's for its characters, 0 to 1.
        corners: in pixels; see `quads`.
    """

    text: str
    confidence: float
    corners: Quad


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of text, with one blank between its words; see `ReadWord`."""

    text: str
    confidence: float
    corners: Quad
    words: tuple[ReadWord, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line read after so many quarter turns to the left; `info` is where rapidocr saw each character."""

    quarters: int
    text: str
    confidence: float
    info: Any


class Recogniser:
    """Reads pictures."""

    def __init__(self, name: str, threads: int = 1, device: str = "cpu") -> None:
        """Load the networks.

        Args:
            name: the engine's, for errors.
            threads: that each network computes with.
            device: "cpu" or "cuda".

        Raises:
            EngineUnavailable: rapidocr or its models are missing.
        """
        try:
            import rapidocr
        except ImportError as error:
            raise EngineUnavailable(name, f"scans need the extra `documents`: {error}") from error
        folder = Path(str(rapidocr.__file__)).parent / "models"
        missing = [model for model in _MODELS.values() if not (folder / model).exists()]
        if missing:  # rapidocr would fetch them
            raise EngineUnavailable(name, f"rapidocr was installed without its models {', '.join(missing)}")
        self._read: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.max_side_len": _READ_SIDE,
                # Lines are found in a small picture and read from the large one. At more than 960 pixels the network
                # misses short lines that stand alone, and takes longer.
                "Det.limit_type": "max",
                "Det.limit_side_len": 960,
                # Lines of unlike lengths in one batch are padded to the longest: alone they take half the memory and less
                # time.
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "EngineConfig.onnxruntime.use_cuda": device.startswith("cuda"),
                "Global.return_word_box": True,
                **{key: str(folder / model) for key, model in _MODELS.items()},
            }
        )

    def lines(self, picture: Image) -> list[tuple[list[str], list[Box | None]]]:
        """The words of each line with their boxes, from the top down."""
        import numpy as np

        # rapidocr takes the order of OpenCV: blue, green, red.
        pixels = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
        found = self._read(pixels, use_cls=False, return_word_box=True)
        if found.txts is None:
            return []
        width, height = picture.size
        lines: list[tuple[list[str], list[Box | None]]] = []
        boxes = found.boxes[:_MOST_LINES]
        for text, corners, words in zip(found.txts, boxes, found.word_results, strict=False):
            whole = _box(corners, width, height)
            texts = text.split()
            if texts:
                lines.append((texts, _places(texts, whole, words, width, height)))
        return lines

    def read(self, pixels: NDArray[np.uint8], most: int = _MOST_LINES) -> list[ReadLine]:
        """The lines of a picture at whatever angle they lie, from the top down.

        Args:
            pixels: (height, width, 3), red, green, blue.
            most: lines that are read; the rest is left.
        """
        import numpy as np
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        height, width = pixels.shape[:2]
        prepared, steps = self._read.preprocess_img(np.ascontiguousarray(pixels[:, :, ::-1]))
        try:
            crops, found = self._read.detect_and_crop(prepared, steps)
        except RapidOCRError:  # its word for no text
            return []
        boxes = found.boxes[:most]
        tall = [stands(_quad(corners)) for corners in boxes]
        flat = [np.rot90(crop, -1) if up else crop for crop, up in zip(crops, tall, strict=False)]
        quads = [_quad(corners) for corners in map_boxes_to_original(boxes, steps, height, width)]
        return [
            _line(reading, quad)
            for reading, quad in zip(self._readings(flat, tall), quads, strict=True)
            if reading.text.strip() and reading.confidence >= _LEAST
        ]

    def _readings(self, flat: list[Any], tall: list[bool]) -> list[_Reading]:
        """Each line, read the way up that reads best."""
        readings = self._tried(flat, [(at, int(up)) for at, up in enumerate(tall)])
        unsure = [at for at, reading in readings.items() if reading.confidence < _SURE]
        for quarters in (2, -1):  # on its head; a tall single letter that is upright after all
            turns = [(at, int(tall[at]) + quarters) for at in unsure if quarters == 2 or tall[at]]
            for at, other in self._tried(flat, turns).items():
                if other.confidence > readings[at].confidence:
                    readings[at] = other
        for up in (False, True):
            together = [at for at in readings if tall[at] == up]
            right = [at for at in together if readings[at].quarters == up and at not in unsure]
            turned_over = [at for at in together if readings[at].quarters == up + 2]
            if len(turned_over) > len(right):
                for at, other in self._tried(flat, [(at, up + 2) for at in right]).items():
                    if other.confidence >= _SURE:
                        readings[at] = other
        return [readings[at] for at in range(len(flat))]

    def _tried(self, flat: list[Any], turns: Iterable[tuple[int, int]]) -> dict[int, _Reading]:
        """Lines, by their place, each read after so many quarter turns to the left."""
        import numpy as np

        chosen = list(turns)
        if not chosen:
            return {}
        found = self._read.recognize_txt(
            [np.ascontiguousarray(np.rot90(flat[at], quarters)) for at, quarters in chosen]
        )
        rows = zip(chosen, found.txts, found.scores, found.word_results, strict=True)
        return {at: _Reading(quarters, text, float(score), info) for (at, quarters), text, score, info in rows}


def _line(reading: _Reading, quad: Quad) -> ReadLine:
    """A line with its words, whose places are told by the characters' on the line.

    A word reaches half a character beyond its outer ones' middles, the line's ends apart.
    """
    quad = turned(quad, reading.quarters)
    letters = [(at, letter) for at, letter in enumerate(reading.text) if not letter.isspace()]
    middles = [(column + 0.5) / reading.info.line_txt_len for columns in reading.info.word_cols for column in columns]
    steps = sorted(after - before for before, after in pairwise(middles))
    half = (steps[len(steps) // 2] if steps else 1.0) / 2
    words: list[ReadWord] = []
    first = 0
    for last, (at, _) in enumerate(letters):
        if last + 1 < len(letters) and letters[last + 1][0] == at + 1:
            continue
        begin = max(middles[first] - half, 0.0) if words else 0.0
        end = min(middles[last] + half, 1.0) if last + 1 < len(letters) else 1.0
        sure = [reading.info.confs[place] for place, _ in letters[first : last + 1]]
        text = "".join(letter for _, letter in letters[first : last + 1])
        words.append(ReadWord(text, sum(sure) / len(sure), part(quad, begin, max(end, begin))))
        first = last + 1
    return ReadLine(" ".join(word.text for word in words), reading.confidence, quad, tuple(words))


def _quad(corners: Any) -> Quad:
    one, two, three, four = ((float(x), float(y)) for x, y in corners)
    return one, two, three, four


def _places(texts: list[str], whole: Box, words: Any, width: int, height: int) -> list[Box | None]:
    """A box for each word of a line.

    The network says where each word or Japanese character is, blanks left out; characters are joined to our words.
    """
    pieces = [(str(text).replace(" ", ""), _box(corners, width, height)) for text, _, corners in words]
    if "".join(text for text, _ in pieces) == "".join(texts):
        boxes: list[Box | None] = []
        waiting = iter(pieces)
        for text in texts:
            left, around = len(text), None
            while left > 0:
                piece, box = next(waiting)
                left -= len(piece)
                around = box if around is None else around.joined(box)
            if left < 0:  # a piece reaches over a blank
                break
            boxes.append(around)
        else:
            return boxes
    return _shared_out(texts, whole)


def _shared_out(texts: list[str], whole: Box) -> list[Box | None]:
    """Boxes as wide as the words are long, where the network's own do not fit them."""
    share = whole.width / max(len(" ".join(texts)), 1)
    boxes: list[Box | None] = []
    at = 0
    for text in texts:
        boxes.append(Box(whole.left + at * share, whole.top, len(text) * share, whole.height))
        at += len(text) + 1
    return boxes


def _box(corners: Any, width: int, height: int) -> Box:
    across = [min(max(float(x) / width, 0.0), 1.0) for x, _ in corners]
    down = [min(max(float(y) / height, 0.0), 1.0) for _, y in corners]
    return Box(min(across), min(down), max(across) - min(across), max(down) - min(down))
