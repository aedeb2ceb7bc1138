"""What in a picture somebody may not want to see.

Two networks look. Yahoo's Open NSFW says how likely a picture is pornographic, the one thing it was trained on. The
classifier of everyday things says what is shown of those that moderators ask for: weapons, alcohol, swimwear and the like.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.engines.base import Cost, Engine
from honmono.engines.errors import EngineUnavailable
from honmono.engines.vision.pictures import decode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.vision.labels.classifier import Classifier

EXPLICIT = "explicit"
THINGS: dict[str, tuple[int, ...]] = {
    "female swimwear or underwear": (445, 459, 638, 639),  # bikini, brassiere, maillot, tank suit
    "male swimwear": (842,),  # swimming trunks
    "weapon": (413, 471, 657, 763, 764),  # assault rifle, cannon, missile, revolver, rifle
    "medicine bottle": (720,),
    "alcoholic beverage": (440, 441, 901, 907, 966),  # beer bottle and glass, whiskey jug, wine bottle, red wine
    "slot machine": (800,),
    "comic": (917,),
}
"""What else is told, and of which of ImageNet's classes it is the sum."""

_SEEN, _SIDE = 256, 224
_MEANS = (104, 117, 123)  # of blue, green and red, in the pictures that it was trained on


@dataclass(frozen=True, slots=True)
class Moderation:
    """What is seen in a picture.

    Attributes:
        scores: how likely each of `EXPLICIT` and `THINGS` is in it, 0 to 1.
    """

    scores: dict[str, float]


class ModerationEngine(Engine):
    """Open NSFW and EfficientNet-lite2."""

    name: ClassVar[str] = "open-nsfw"
    version: ClassVar[str] = "1.0"
    licence: ClassVar[str] = (
        "Apache-2.0 (code; EfficientNet-lite2, Google), BSD-2-Clause (Open NSFW, Yahoo), MIT-CMU (Pillow)"
    )
    weights: ClassVar[tuple[str, ...]] = ("open-nsfw", "efficientnet-lite2")
    quality: ClassVar[str] = (
        "782 harmless pictures of three packages: 7 called explicit at .5 (drawings, bare skin, details of paintings, a "
        "wallpaper), 1 at .8; one a weapon at .5. How much of what is explicit, or of weapons, bottles and swimwear, is "
        "found is not measured: there are no such pictures in packages. Violence but for weapons, gestures, symbols, "
        "smoking and partial nudity are never told"
    )
    cost: ClassVar[Cost] = Cost(memory_bytes=300 << 20)

    _explicit: Any
    _things: Classifier

    def load(self) -> None:
        """See `Engine.load`."""
        try:
            from honmono.engines.vision.labels.classifier import Classifier
            from honmono.engines.vision.sessions import open_session
        except ImportError as error:
            raise EngineUnavailable(self.name, f"pictures need the extra `vision`: {error}") from error
        device = str(self.options.get("device", "cpu"))
        self._explicit = open_session(self.cache.path("open-nsfw", "open-nsfw.onnx"), device)
        self._things = Classifier.from_cache(self.cache, device)

    def detect(self, image: bytes) -> Moderation:
        """A JPEG or PNG; see `pictures.decode` for what is raised."""
        return self.detect_frame(decode(image).pixels)

    def detect_frame(self, pixels: np.ndarray) -> Moderation:
        """Pixels: (height, width, 3) of uint8, red, green, blue."""
        (answer,) = self._explicit.run(None, {self._explicit.get_inputs()[0].name: prepared(pixels)})
        shares = self._things.probabilities(pixels)
        scores = {thing: float(shares[list(classes)].sum()) for thing, classes in THINGS.items()}
        return Moderation({EXPLICIT: float(answer.reshape(-1)[1]), **scores})


def prepared(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """As Open NSFW was trained: 256 pixels square, through JPEG, of which the middle 224 are taken; (1, 224, 224, 3), blue,
    green, red, less their means."""
    import numpy as np
    from PIL import Image

    stream = BytesIO()
    Image.fromarray(pixels).resize((_SEEN, _SEEN), Image.Resampling.BILINEAR).save(stream, "JPEG")
    edge = (_SEEN - _SIDE) // 2
    middle = np.asarray(Image.open(stream), np.float32)[edge:-edge, edge:-edge, ::-1]
    return np.ascontiguousarray(middle - np.array(_MEANS, np.float32))[None]
