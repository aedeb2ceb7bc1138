"""What DetectLabels sees: labels of single things, boxes in scenes, robustness, speed.

    python bench/labels.py --pictures DIR [--split test] [--parts singles scenes robust speed]

DIR holds the packages' pictures in the folders that bench/pictures/README.md names; labels.tsv and scenes.tsv there say
what they show and were written before the first measurement. Every picture of a list is measured, and each is reported.

A single thing is right at one (five) if its label is the first (among the first five) of the most specific labels: those
that are no other answered label's parent. A box is right at an intersection over union of one half.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from PIL import Image, ImageFilter  # noqa: E402

from honmono.engines.vision.labels.answers import Label, Seen  # noqa: E402
from honmono.engines.vision.labels.engine import LabelEngine  # noqa: E402
from honmono.engines.vision.labels.vocabulary import vocabulary  # noqa: E402
from honmono.engines.vision.pictures import Box  # noqa: E402
from honmono.weights import Cache  # noqa: E402

LISTS = ROOT / "bench" / "pictures"
RESULTS = ROOT / "bench" / "results" / "labels.json"
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8)
Change = Callable[[Image.Image], Image.Image]
CHANGES: dict[str, Change] = {
    "rotated by 10°": lambda image: image.rotate(10, Image.Resampling.BICUBIC, fillcolor="white"),
    "rotated by 90°": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "half size": lambda image: image.resize((max(1, image.width // 2), max(1, image.height // 2))),
    "blurred by 2 pixels": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "JPEG quality 30": lambda image: Image.open(BytesIO(encoded(image, quality=30))),
}


@dataclass
class Single:
    """A picture of one thing."""

    path: str
    group: str
    labels: list[str]
    kind: str


@dataclass
class Thing:
    names: list[str]
    box: Box


@dataclass
class SceneTruth:
    """A picture with boxes, and regions that count neither way."""

    path: str
    group: str
    things: list[Thing] = field(default_factory=list)
    left_out: list[Thing] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--parts", nargs="+", default=["singles", "scenes", "robust", "speed"])
    given = parser.parse_args()
    engine = LabelEngine(Cache())
    engine.load()
    lists = {name: hashlib.sha256((LISTS / name).read_bytes()).hexdigest() for name in ("labels.tsv", "scenes.tsv")}
    report: dict[str, Any] = {"engine": engine.info().identity, "split": given.split, "lists": lists}
    pictures = Pictures(given.pictures)
    singles, scenes = read_singles(given.split), read_scenes(given.split)
    measures: dict[str, Callable[[], Any]] = {
        "singles": lambda: measure_singles(engine, pictures, singles),
        "scenes": lambda: measure_scenes(engine, pictures, scenes),
        "robust": lambda: measure_robustness(engine, pictures, singles, scenes),
        "speed": lambda: measure_speed(engine, pictures, scenes),
    }
    for part in given.parts:
        report[part] = measures[part]()
        shown = {name: value for name, value in report[part].items() if name != "each"}
        print(part, json.dumps(shown, indent=1), flush=True)
        if given.split == "test":
            kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
            RESULTS.write_text(json.dumps(kept | report, indent=1, ensure_ascii=False) + "\n")
    return 0


class Pictures:
    """The pictures as JPEG or PNG files, whatever the package has them as."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def opened(self, path: str) -> Image.Image:
        """Upright, on white where it is transparent."""
        image = Image.open(self._folder / path)
        if image.mode not in ("RGB", "L"):
            rgba = image.convert("RGBA")
            image = Image.new("RGB", rgba.size, "white")
            image.paste(rgba, mask=rgba.getchannel("A"))
        return image.convert("RGB")

    def file(self, path: str, change: Change | None = None) -> bytes:
        """As a client would send it: as it is where it is JPEG or PNG."""
        if change is None and path.lower().endswith((".jpg", ".jpeg", ".png")):
            return (self._folder / path).read_bytes()
        image = self.opened(path)
        return encoded(change(image) if change else image, quality=95)


def encoded(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def read_singles(split: str) -> list[Single]:
    with (LISTS / "labels.tsv").open() as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["split"] == split]
    return [
        Single(row["path"], row["group"], [each for each in row["label"].split("|") if each != "-"], row["kind"])
        for row in rows
    ]


def read_scenes(split: str) -> list[SceneTruth]:
    scenes = []
    for line in (LISTS / "scenes.tsv").read_text().splitlines()[1:]:
        path, _, of, group, things = line.split("\t")
        if of != split:
            continue
        scene = SceneTruth(path, group)
        for each in filter(None, (part.strip() for part in things.split(";"))):
            *names, left, top, right, bottom = each.lstrip("~").split()
            shares = [float(value) / 100 for value in (left, top, right, bottom)]
            box = Box(shares[0], shares[1], shares[2] - shares[0], shares[3] - shares[1])
            (scene.left_out if each.startswith("~") else scene.things).append(Thing(" ".join(names).split("|"), box))
        scenes.append(scene)
    return scenes


def specific(labels: Iterable[Label]) -> list[str]:
    """The names of labels that are no other's parent, surest first."""
    given = list(labels)
    parents = {parent for label in given for parent in label.parents}
    return [label.name for label in given if label.name not in parents]


def is_right(name: str, wanted: Sequence[str]) -> bool:
    return any(vocabulary().implies(name, each) for each in wanted)


def measure_singles(
    engine: LabelEngine, pictures: Pictures, singles: list[Single], change: Change | None = None
) -> dict[str, Any]:
    each, groups = [], defaultdict(lambda: defaultdict(list))
    for single in singles:
        seen = engine.look(pictures.file(single.path, change))
        names = specific(seen.labels)
        sure = {label.name for label in seen.labels if label.confidence >= 0.55}
        shown = {label.name: round(label.confidence, 3) for label in seen.labels[:1]}
        row = {"path": single.path, "label": "|".join(single.labels) or "-", "answered": names[:5], **shown}
        group = groups[single.group]
        if single.labels:
            group["at one"].append(bool(names) and is_right(names[0], single.labels))
            group["at five"].append(any(is_right(name, single.labels) for name in names[:5]))
            row["right"] = [group["at one"][-1], group["at five"][-1]]
            group["right of those answered at .55"] += [
                is_right(label.name, single.labels)
                for label in seen.labels
                if label.name in names[:1] and label.confidence >= 0.55
            ]
        if single.kind != "-":
            group["kind answered at .55"].append(single.kind in sure)
        each.append(row)
    together: dict[str, list[bool]] = defaultdict(list)
    for group in groups.values():
        for name, values in group.items():
            together[name] += values
    table = {name: summary(group) for name, group in {**groups, "all": together}.items()}
    return {**table, "each": each}


def summary(values: dict[str, list[bool]]) -> dict[str, Any]:
    return {name: [round(sum(rows) / max(len(rows), 1), 3), len(rows)] for name, rows in values.items()}


def measure_scenes(
    engine: LabelEngine, pictures: Pictures, scenes: list[SceneTruth], change: Change | None = None
) -> dict[str, Any]:
    groups: dict[str, list[tuple[float, bool, str]]] = defaultdict(list)
    asked: dict[str, int] = defaultdict(int)
    by_class: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    each = []
    for scene in scenes:
        seen = engine.look(pictures.file(scene.path, change))
        rows = judged(seen, scene)
        groups[scene.group] += rows
        asked[scene.group] += len(scene.things)
        sure = [(right, name) for score, right, name in rows if score >= 0.55]
        for thing in scene.things:
            by_class["|".join(thing.names)][2] += 1
        for right, name in sure:
            by_class[name][0 if right else 1] += 1
        each.append(
            {"path": scene.path, "things": len(scene.things), "right": sum(right for right, _ in sure),
             "wrong": [name for right, name in sure if not right]}
        )  # fmt: skip
    table: dict[str, Any] = {}
    for name, rows in groups.items():
        table[name] = {
            "pictures": sum(s.group == name for s in scenes),
            "things": asked[name],
            **curve(rows, asked[name]),
        }
    classes = {
        name: {"found": found, "false": false, "things": count} for name, (found, false, count) in by_class.items()
    }
    return {**table, "by class at .55": classes, "each": each}


def judged(seen: Seen, scene: SceneTruth) -> list[tuple[float, bool, str]]:
    """Confidence, whether it is right, and name of every instance that counts; of a right one, the thing's own name."""
    found = [(instance.confidence, label.name, instance.box) for label in seen.labels for instance in label.instances]
    free, rows = list(scene.things), []
    for confidence, name, box in sorted(found, key=lambda row: -row[0]):
        fits = [(box.overlap(thing.box), thing) for thing in free if name in thing.names]
        best = max(fits, key=lambda row: row[0], default=(0.0, None))
        if best[0] >= 0.5 and best[1] is not None:
            free.remove(best[1])
            rows.append((confidence, True, "|".join(best[1].names)))
        elif not any(name in region.names and covered(box, region.box) > 0.5 for region in scene.left_out):
            rows.append((confidence, False, name))
    return rows


def covered(box: Box, region: Box) -> float:
    across = min(box.left + box.width, region.left + region.width) - max(box.left, region.left)
    down = min(box.top + box.height, region.top + region.height) - max(box.top, region.top)
    return max(0.0, across) * max(0.0, down) / max(box.width * box.height, 1e-9)


def curve(rows: list[tuple[float, bool, str]], things: int) -> dict[str, Any]:
    """Precision and recall from each confidence on."""
    table = {}
    for threshold in THRESHOLDS:
        sure = [right for confidence, right, _ in rows if confidence >= threshold]
        table[str(threshold)] = [round(sum(sure) / max(len(sure), 1), 3), round(sum(sure) / max(things, 1), 3)]
    return {"precision, recall from": table}


def measure_robustness(
    engine: LabelEngine, pictures: Pictures, singles: list[Single], scenes: list[SceneTruth]
) -> dict[str, Any]:
    known = [single for single in singles if single.labels][::6]
    some = scenes[::4]
    table: dict[str, Any] = {"sample": "every sixth single thing, every fourth scene"}
    for name, change in [("as they are", None), *CHANGES.items()]:
        things = measure_singles(engine, pictures, known, change)["all"]
        row: dict[str, Any] = {"at one": things["at one"], "at five": things["at five"]}
        if name != "rotated by 90°" and name != "rotated by 10°":  # the boxes would turn with the picture
            found = measure_scenes(engine, pictures, some, change)
            row |= {group: found[group]["precision, recall from"]["0.55"] for group in ("cluttered", "few things")}
        table[name] = row
    return table


def measure_speed(engine: LabelEngine, pictures: Pictures, scenes: list[SceneTruth]) -> dict[str, Any]:
    """The engine against its networks' runs alone, and the server's DetectLabels with one and eight clients."""
    import numpy as np
    from bench.labels_speed import networks_alone, served

    files = [pictures.file(scene.path) for scene in scenes[:12]]
    whole, alone = [], []
    for _ in range(3):
        for file in files:
            start = time.perf_counter()
            engine.look(file)
            whole.append(time.perf_counter() - start)
            alone.append(networks_alone(engine, file))
    table: dict[str, Any] = {
        "engine, median ms": round(1e3 * float(np.median(whole)), 1),
        "its networks' runs alone, median ms": round(1e3 * float(np.median(alone)), 1),
        "ratio of the sums": round(sum(whole) / sum(alone), 3),
    }
    return table | served(files)


if __name__ == "__main__":
    raise SystemExit(main())
