"""Text in photographs, beside RapidOCR as it comes, on the same pictures in the same run.

python bench/image_text.py [--pictures DIR] [--scenes 40]

Scenes with signs at up to 30 degrees, in seven conditions: lines whose text is right to the character at their place, words,
how well corners fit. Photographs of packages in DIR, named by hash in image_text_data/photographs.toml: words.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import string
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from shapely.geometry import Polygon

from honmono.engines.vision.image_text import ImageTextEngine
from honmono.engines.vision.pictures import decode
from honmono.weights import Cache
from image_text_scenes import Corners, Pixels, Scene, Sign, scenes

HERE = Path(__file__).parent
Line = tuple[str, Corners]
Reader = Callable[[Pixels], list[Line]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pictures", type=Path)
    arguments.add_argument("--scenes", type=int, default=40)
    given = arguments.parse_args()
    readers = {"honmono": ours(), "RapidOCR": peer()}
    result: dict[str, Any] = {"machine": platform.machine(), "scenes": given.scenes, "conditions": {}}
    drawn = list(scenes(given.scenes))
    for name, change in CONDITIONS.items():
        changed = list(map(change, drawn))
        result["conditions"][name] = {reader: measured(changed, read) for reader, read in readers.items()}
        print(name, json.dumps(result["conditions"][name]), flush=True)
    if given.pictures:
        result["photographs"] = photographs(given.pictures, readers)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    (HERE / "results/image_text.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def ours() -> Reader:
    engine = ImageTextEngine(Cache())
    engine.load()

    def read(pixels: Pixels) -> list[Line]:
        size = np.array([pixels.shape[1], pixels.shape[0]])
        return [(line.text, np.array(line.corners) * size) for line in engine.detect_frame(pixels)]

    return read


def peer() -> Reader:
    import rapidocr

    network = rapidocr.RapidOCR(
        params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
    )

    def read(pixels: Pixels) -> list[Line]:
        found = network(np.ascontiguousarray(pixels[:, :, ::-1]))
        if found.txts is None:
            return []
        return [
            (" ".join(text.split()), np.array(corners)) for text, corners in zip(found.txts, found.boxes, strict=True)
        ]

    return read


def moved(scene: Scene, pixels: Pixels, move: Callable[[Corners], Corners]) -> Scene:
    return Scene(np.ascontiguousarray(pixels), tuple(Sign(sign.text, move(sign.corners)) for sign in scene.signs))


def turned(scene: Scene, quarters: int) -> Scene:
    """To the left."""
    pixels = scene.pixels
    corners = [sign.corners for sign in scene.signs]
    for _ in range(quarters):
        width = pixels.shape[1]
        pixels = np.rot90(pixels)
        corners = [np.stack([each[:, 1], width - each[:, 0]], axis=1) for each in corners]
    signs = tuple(Sign(sign.text, each) for sign, each in zip(scene.signs, corners, strict=True))
    return Scene(np.ascontiguousarray(pixels), signs)


def half(scene: Scene) -> Scene:
    smaller = cv2.resize(scene.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return moved(scene, smaller, lambda corners: corners / 2)


def blurred(scene: Scene) -> Scene:
    return moved(scene, cv2.GaussianBlur(scene.pixels, (0, 0), 2), lambda corners: corners)


def compressed(scene: Scene) -> Scene:
    data = cv2.imencode(".jpg", scene.pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 30])[1]
    return moved(scene, decode(data.tobytes()).pixels, lambda corners: corners)


def noisy(scene: Scene) -> Scene:
    noise = np.random.default_rng(2).normal(0, 20, scene.pixels.shape)
    return moved(scene, (scene.pixels + noise).clip(0, 255).astype(np.uint8), lambda corners: corners)


CONDITIONS: dict[str, Callable[[Scene], Scene]] = {
    "as drawn": lambda scene: scene,
    "half size": half,
    "blurred by 2 pixels": blurred,
    "JPEG 30": compressed,
    "noise of 20": noisy,
    "turned by 90": lambda scene: turned(scene, 1),
    "turned by 180": lambda scene: turned(scene, 2),
}


def measured(pictures: Sequence[Scene], read: Reader) -> dict[str, float]:
    lines = right = found_lines = 0
    overlaps: list[float] = []
    begun = time.process_time()
    answers = [read(scene.pixels) for scene in pictures]
    seconds = time.process_time() - begun
    words: Counter[str] = Counter()
    for scene, answer in zip(pictures, answers, strict=True):
        found_lines += len(answer)
        words += words_of([text for text, _ in answer], [sign.text for sign in scene.signs])
        for sign in scene.signs:
            lines += 1
            there = [each for each in answer if one_line(each[1], sign.corners)]
            best, text = max(((overlap(corners, sign.corners), text) for text, corners in there), default=(0.0, ""))
            if there:
                overlaps.append(best)
                right += text == sign.text
    return {
        "lines right": round(right / lines, 4),
        "lines found": round(len(overlaps) / lines, 4),
        "lines too many": found_lines - len(overlaps),
        **rates(words),
        "overlap": round(float(np.mean(overlaps)), 3) if overlaps else 0.0,
        "CPU milliseconds": round(1000 * seconds / len(pictures), 1),
    }


def one_line(one: Corners, other: Corners) -> bool:
    """Whether the middle of each lies in the other: the boxes of one detector are tight, those of another are not."""
    first, second = Polygon(one).buffer(0), Polygon(other).buffer(0)
    return bool(first.contains(second.centroid) and second.contains(first.centroid))


def overlap(one: Corners, other: Corners) -> float:
    first, second = Polygon(one).buffer(0), Polygon(other).buffer(0)
    common = first.intersection(second).area
    return float(common / (first.area + second.area - common)) if common else 0.0


def words_of(found: Sequence[str], wanted: Sequence[str], unsure: str = "") -> Counter[str]:
    """How many words are right, found in all, and wanted."""
    seen, there = Counter(folded(" ".join(found))), Counter(folded(" ".join(wanted)))
    neither = set(folded(unsure)) - set(there)
    seen = Counter({word: count for word, count in seen.items() if word not in neither})
    return Counter(right=(seen & there).total(), found=seen.total(), wanted=there.total())


def folded(text: str) -> list[str]:
    return [bare for word in text.casefold().split() if (bare := word.strip(string.punctuation + "。、"))]


def rates(words: Counter[str]) -> dict[str, float]:
    return {
        "word precision": round(words["right"] / max(words["found"], 1), 4),
        "word recall": round(words["right"] / max(words["wanted"], 1), 4),
    }


def photographs(folder: Path, readers: dict[str, Reader]) -> dict[str, Any]:
    listed = tomllib.loads((HERE / "image_text_data/photographs.toml").read_text())["photographs"]
    texts = {each["name"]: each["words"] for each in listed if "words" in each}
    places = {}
    for path in sorted(folder.rglob("*")):
        if path.name in {each["name"] for each in listed}:
            places.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    found: dict[str, Any] = {}
    for reader, read in readers.items():
        total: Counter[str] = Counter()
        found[reader] = {}
        for each in listed:
            if each["sha256"] not in places:
                raise SystemExit(f"{each['name']} is not in {folder}")
            pixels = np.asarray(Image.open(places[each["sha256"]]).convert("RGB"))
            text = texts[each.get("same_as", each["name"])]
            words = words_of([line for line, _ in read(pixels)], [text], each.get("unsure", ""))
            total += words
            found[reader][each["name"]] = dict(words)
        found[reader]["all"] = rates(total)
    return found


if __name__ == "__main__":
    main()
