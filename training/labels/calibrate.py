"""Show what `classifier.TEMPERATURE` and `reconciling.Weights` were chosen by, on the development pictures alone.

    .venv/bin/python training/labels/calibrate.py --pictures DIR [--draws 300]

First a row a temperature: the classifier's mean confidence, how often it is right, and its log loss. Then the weights as
they are and the best of some drawn by chance, each with precision and recall of boxes at a confidence of .55, and the log
loss of all confidences: of boxes in the development scenes, and of things found in pictures of a single known thing. The
weights were rounded from the best of a thousand draws; `shift` was then raised from -0.35 to 0.6, so that the precision of
boxes at .55, Rekognition's usual threshold, came down to about .86 and the recall up to .67.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from bench.labels import Pictures, SceneTruth, Single, is_right, judged, read_scenes, read_singles  # noqa: E402

from honmono.engines.vision.labels import classifier, reconciling  # noqa: E402
from honmono.engines.vision.labels.answers import Seen  # noqa: E402
from honmono.engines.vision.labels.detections import Detections  # noqa: E402
from honmono.engines.vision.labels.engine import LabelEngine, _cut  # noqa: E402
from honmono.engines.vision.labels.reconciling import WEIGHTS, Weights  # noqa: E402
from honmono.engines.vision.labels.vocabulary import vocabulary  # noqa: E402
from honmono.engines.vision.pictures import decode  # noqa: E402
from honmono.weights import Cache  # noqa: E402

TEMPERATURES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
RANGES = {
    "slope": (0.8, 3.0), "shift": (-0.5, 1.5), "agreement": (0.1, 0.8), "usual": (-4.0, 0.0), "most": (0.3, 2.5),
    "least": (-4.0, -0.3), "alone": (-4.0, -1.0), "same": (0.45, 0.7),
}  # fmt: skip


@dataclass
class Looked:
    """What the networks say of a picture, before it is brought together."""

    truth: Single | SceneTruth
    width: int
    height: int
    found: Detections
    probabilities: NDArray[np.float32]
    alone: dict[int, NDArray[np.float32]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=300)
    given = parser.parse_args()
    engine, pictures = LabelEngine(Cache()), Pictures(given.pictures)
    engine.load()
    looks = [looked(engine, pictures, truth) for truth in (*read_singles("dev"), *read_scenes("dev"))]
    temperatures([look for look in looks if isinstance(look.truth, Single) and look.truth.labels])
    draw = random.Random(5)
    rows = [(*measured(looks, WEIGHTS), WEIGHTS)]
    for _ in range(given.draws):
        weights = Weights(**{name: draw.uniform(*bounds) for name, bounds in RANGES.items()})
        rows.append((*measured(looks, weights), weights))
    for loss, precision, recall, weights in [rows[0], *sorted(rows[1:], key=lambda row: row[0])[:5]]:
        print(f"{loss:7.1f}  {precision:.3f}  {recall:.3f}  {dataclasses.asdict(weights)}")


def looked(engine: LabelEngine, pictures: Pictures, truth: Single | SceneTruth) -> Looked:
    pixels = decode(pictures.file(truth.path), 1024).pixels
    probabilities = engine._classifier.probabilities(pixels)
    found, names = engine._found(pixels)
    asked = reconciling.doubted(found, names, probabilities)
    alone = {row: engine._classifier.probabilities(_cut(pixels, found.boxes[row])) for row in asked}
    return Looked(truth, pixels.shape[1], pixels.shape[0], found, probabilities, alone)


def temperatures(looks: list[Looked]) -> None:
    names = vocabulary().imagenet
    for temperature in TEMPERATURES:
        sure, right, loss = [], [], 0.0
        for look in looks:
            assert isinstance(look.truth, Single)
            powers = look.probabilities.astype(np.float64) ** (classifier.TEMPERATURE / temperature)
            shares = powers / powers.sum()
            fits = np.array([is_right(name, look.truth.labels) for name in names])
            sure.append(shares.max())
            right.append(fits[shares.argmax()])
            loss -= float(np.log(max(shares[fits].sum(), 1e-6)))
        print(f"{temperature:.1f}  sure {np.mean(sure):.3f}  right {np.mean(right):.3f}  loss {loss / len(looks):.3f}")


def measured(looks: list[Looked], weights: Weights) -> tuple[float, float, float]:
    """Log loss, precision and recall at .55."""
    names, loss, boxes, asked = vocabulary().coco, 0.0, [], 0
    for look in looks:
        things = reconciling.things(look.found, names, look.probabilities, look.width, look.height, weights, look.alone)
        if isinstance(look.truth, SceneTruth):
            rows = [
                (score, right) for score, right, _ in judged(Seen(reconciling.labels(things, None), None), look.truth)
            ]
            boxes += rows
            asked += len(look.truth.things)
        else:
            wanted = [*look.truth.labels, look.truth.kind]
            rows = [(thing.confidence, fits(thing.name, wanted)) for thing in things]
        for score, right in rows:
            loss -= float(np.log(min(max(score if right else 1 - score, 1e-3), 1.0)))
    sure = [right for score, right in boxes if score >= 0.55]
    return loss, sum(sure) / max(len(sure), 1), sum(sure) / max(asked, 1)


def fits(name: str, wanted: list[str]) -> bool:
    words = vocabulary()
    return any(words.implies(name, each) or words.implies(each, name) for each in wanted if each != "-")


if __name__ == "__main__":
    main()
