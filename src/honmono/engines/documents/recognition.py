"""Text recognised in a picture, by PP-OCRv6 on ONNX Runtime.

The two networks come in the wheel of `rapidocr`, which finds lines (a segmentation network), straightens them and reads
each (a convolutional and attention network with CTC), English and Japanese in one model. Nothing is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.documents.document import Box
from honmono.engines.errors import EngineUnavailable

if TYPE_CHECKING:
    from PIL.Image import Image

_MODELS = {"Det.model_path": "PP-OCRv6_det_small.onnx", "Rec.model_path": "PP-OCRv6_rec_small.onnx"}
_READ_SIDE = 2_400
_MOST_LINES = 1_000


class Recogniser:
    """Reads pictures."""

    def __init__(self, name: str, threads: int = 1) -> None:
        """Load the networks.

        Args:
            name: the engine's, for errors.
            threads: that each network computes with.

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
