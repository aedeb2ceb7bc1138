"""Text in photographs: signs, labels, screens, at whatever angle they hang."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from honmono.engines.base import Cost, Engine
from honmono.engines.errors import EngineUnavailable
from honmono.engines.vision.pictures import decode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.documents.quads import Quad
    from honmono.engines.documents.recognition import Recogniser

LONGEST = 2_400
"""Pixels of the longer side at which lines are read; they are found at 960."""
_MOST_LINES = 200
"""Twice as many as Rekognition has words to tell."""

Corner = tuple[float, float]
Corners = tuple[Corner, Corner, Corner, Corner]


@dataclass(frozen=True, slots=True)
class TextWord:
    """A word; it has no blanks.

    Attributes:
        confidence: 0 to 1, the mean over its characters.
        corners: x and y in shares of the upright picture's width and height: where the word begins, above, then on round
            the word, over its end.
    """

    text: str
    confidence: float
    corners: Corners


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line: its words with one blank between them; see `TextWord`."""

    text: str
    confidence: float
    corners: Corners
    words: tuple[TextWord, ...]


class ImageTextEngine(Engine):
    """PP-OCRv6, with which documents are read too, on lines at any angle; English, Japanese and what is written alike."""

    name: ClassVar[str] = "pp-ocr"
    version: ClassVar[str] = "6.0"
    licence: ClassVar[str] = "Apache-2.0 (code, PP-OCRv6's weights, rapidocr, OpenCV), MIT-CMU (Pillow)"
    quality: ClassVar[str] = (
        "120 drawn signs, English and Japanese, at up to 30 degrees over photographs: right to the character .925 (RapidOCR "
        "as it comes .933), half size .908 (.942), blurred .942 (.925), JPEG 30 .950 (.958), turned by 90 degrees .767 "
        "(.483), by 180 .933 (.833). Seven street photographs, 53 words: .58 found and right (.57), of those found .72 are "
        "right (.70): lettering of shops and logos and words that stand close are missed. Handwriting and vertical text are "
        "not measured"
    )
    cost: ClassVar[Cost] = Cost(memory_bytes=400 << 20)
    call_timeout: ClassVar[float] = 60.0

    _recogniser: Recogniser

    def load(self) -> None:
        """See `Engine.load`."""
        from honmono.engines.documents.recognition import Recogniser

        try:
            import PIL.Image
        except ImportError as error:
            raise EngineUnavailable(self.name, f"pictures need the extra `vision`: {error}") from error
        del PIL
        self._recogniser = Recogniser(self.name, self.cost.cores, str(self.options.get("device", "cpu")))

    def detect(self, image: bytes) -> list[TextLine]:
        """The lines in a JPEG or PNG, from the top down; see `pictures.decode` for what is raised."""
        return self.detect_frame(decode(image, LONGEST).pixels)

    def detect_frame(self, pixels: np.ndarray) -> list[TextLine]:
        """The lines in pixels: (height, width, 3) of uint8, red, green, blue."""
        shares = _Shares(pixels)
        return [
            TextLine(
                line.text,
                line.confidence,
                shares.of(line.corners),
                tuple(TextWord(word.text, word.confidence, shares.of(word.corners)) for word in line.words),
            )
            for line in self._recogniser.read(pixels, _MOST_LINES)
        ]


class _Shares:
    """Pixels to shares of a picture."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._height, self._width = pixels.shape[:2]

    def of(self, corners: Quad) -> Corners:
        one, two, three, four = ((x / self._width, y / self._height) for x, y in corners)
        return one, two, three, four
