"""Stored videos: shot boundaries, the paths of people, and how fast each analysis is.

python bench/video.py --clips DIR [shots] [persons] [speed]        (or HONMONO_CLIPS=DIR)

DIR holds the clips that bench/video/clips.toml names with their hashes; what they hash to, and where shots begin in them,
was committed before the first measurement.

shots: films spliced of random pieces of the clips, by the seeds below (others were used to choose thresholds), encoded by
x264 and read back. Cuts are counted as found where a boundary is within a frame; so are dissolves (8 to 24 frames) and
fades through black where one is within their extent. The peer is PySceneDetect's AdaptiveDetector and ContentDetector
with their defaults, where it is installed, on the same frames.

persons: vtest.avi, the whole of it, with the detector that honmono has. Its paths are drawn onto its frames with --draw, to
be looked at; what was seen in them is in bench/video/persons.toml, with what the paths then hash to: another result must
be looked at again.

speed: CPU-seconds of each analysis for a second of vtest.avi, and what that is on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from honmono.engines.vision.video.film import Film, Frame
from honmono.engines.vision.video.shots import SIDE, ShotDetector
from honmono.engines.vision.video.tracks import Sighting, look, tracks

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.engines.vision.video.films import write_film

HERE = Path(__file__).parent / "video"
RESULTS = Path(__file__).parent / "results" / "video.json"
SEEDS = range(101, 111)
SIZE = (640, 360)
PIECES, SHORTEST, LONGEST = 14, 20, 60
DISSOLVES, FADES = (8, 12, 16, 24), (6, 10, 14)

Truth = list[tuple[int, int]]
"""First and last frame within which a boundary counts as right."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["shots", "persons", "speed"])
    parser.add_argument("--clips", type=Path, default=os.environ.get("HONMONO_CLIPS"))
    parser.add_argument("--draw", type=Path, help="a folder for the drawn paths")
    arguments = parser.parse_args()
    if arguments.clips is None:
        parser.error("--clips says where the clips are")
    clips = checked(arguments.clips)
    for part in arguments.parts:
        found = {"shots": shots, "persons": persons, "speed": speed}[part](clips, arguments.draw)
        print(part, json.dumps(found, indent=2))
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**results, part: found}, indent=2) + "\n")
    return 0


def checked(folder: Path) -> dict[str, tuple[Path, list[int]]]:
    """Each clip's file and cuts, if it is the one that was named."""
    found = {}
    for name, entry in tomllib.loads((HERE / "clips.toml").read_text()).items():
        path = folder / entry["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            raise SystemExit(f"{path} is another file than was named")
        found[name] = (path, entry["cuts"])
    return found


# Shots


def shots(clips: dict[str, tuple[Path, list[int]]], _draw: Path | None) -> dict[str, Any]:
    frames = {}
    for name, (path, _) in clips.items():
        with Film(path) as film:
            frames[name] = [cv2.resize(each.pixels, SIZE, interpolation=cv2.INTER_AREA) for each in film.frames()]
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("cut", "dissolve", "fade"):
            counts: dict[str, list[int]] = {}
            for seed in SEEDS:
                pictures, truth = spliced(seed, kind, frames, clips)
                path = write_film(Path(folder) / "a.mp4", pictures, 25, crf="23")
                for detector, boundaries in detected(path).items():
                    missed, false = compared(boundaries, truth)
                    tally = counts.setdefault(detector, [0, 0, 0])
                    for index, number in enumerate((len(truth), missed, false)):
                        tally[index] += number
            found[kind] = {
                detector: {"boundaries": truths, "missed": missed, "false": false}
                for detector, (truths, missed, false) in counts.items()
            }
    return found


def spliced(
    seed: int, kind: str, frames: dict[str, list[np.ndarray]], clips: dict[str, tuple[Path, list[int]]]
) -> tuple[list[np.ndarray], Truth]:
    """A film of random pieces, one behind the other or blended into each other."""
    chance = random.Random(seed)
    film: list[np.ndarray] = []
    truth: Truth = []
    before = ""
    for number in range(PIECES):
        name = chance.choice([each for each in frames if each != before])
        before = name
        length = min(chance.randint(SHORTEST, LONGEST), len(frames[name]) - 1)
        begin = chance.randrange(0, len(frames[name]) - length)
        piece = [picture.copy() for picture in frames[name][begin : begin + length]]
        cuts = [cut - begin for cut in clips[name][1] if 0 < cut - begin < length]
        if number and kind == "cut":
            truth.append((len(film), len(film)))
        elif number and kind == "dissolve":
            steps = min(chance.choice(DISSOLVES), len(piece) // 2, len(film))
            first = len(film) - steps
            for step in range(steps):
                share = (step + 1) / (steps + 1)
                film[first + step] = cv2.addWeighted(film[first + step], 1 - share, piece[step], share, 0)
            truth.append((first, len(film)))
            piece, cuts = piece[steps:], [cut - steps for cut in cuts if cut >= steps]
        elif number:
            steps = chance.choice(FADES)
            for step in range(steps):
                film[step - steps] = (film[step - steps] * (1 - (step + 1) / steps)).astype(np.uint8)
                piece[step] = (piece[step] * (step / steps)).astype(np.uint8)
            truth.append((len(film) - 3, len(film) + 3))
        truth += [(len(film) + cut, len(film) + cut) for cut in cuts]
        film += piece
    return film, sorted(truth)


def detected(path: Path) -> dict[str, list[int]]:
    """The boundaries that each detector finds."""
    with Film(path) as film:
        read = list(film.frames(longest=SIDE))
    detector = ShotDetector()
    ours = [each.number for frame in read for each in detector.look(frame.number, frame.seconds, frame.pixels)]
    found = {"honmono": ours + [each.number for each in detector.finish()]}
    try:
        import scenedetect
        from scenedetect.detectors import AdaptiveDetector, ContentDetector
    except ImportError:
        return found
    for peer in (AdaptiveDetector, ContentDetector):
        scenes = scenedetect.detect(str(path), peer())
        found[f"PySceneDetect {peer.__name__}"] = [begin.frame_num for begin, _ in scenes[1:]]
    return found


def compared(found: list[int], truth: Truth) -> tuple[int, int]:
    """How many boundaries were missed, and how many found that are none."""
    left, false = list(truth), 0
    for number in found:
        right = [each for each in left if each[0] - 1 <= number <= each[1] + 1]
        if right:
            left.remove(right[0])
        else:
            false += 1
    return len(left), false


# Persons


def persons(clips: dict[str, tuple[Path, list[int]]], draw: Path | None) -> dict[str, Any]:
    path = clips["vtest"][0]
    began, cpu = time.perf_counter(), time.process_time()
    seen: list[tuple[Frame, list[Sighting]]] = []
    crops: list[list[np.ndarray]] = []
    engine = labels()
    with Film(path) as film:
        info = film.info
        for frame in film.frames(5):
            people = [each for each in engine.things_at(frame.pixels) if each.name == "Person"]
            sightings = [Sighting(each.box, each.confidence, look(frame.pixels, each.box)) for each in people]
            crops.append([crop(frame.pixels, each.box) for each in people] if draw is not None else [])
            seen.append((Frame(frame.number, frame.seconds, cv2.resize(frame.pixels, (480, 360))), sightings))
    paths = tracks([(frame.seconds, sightings) for frame, sightings in seen], info.width / info.height)
    spent = time.process_time() - cpu
    spans: dict[int, list[float]] = {}
    for (frame, _), indices in zip(seen, paths, strict=True):
        for index in indices:
            if index is not None:
                spans.setdefault(index, []).append(frame.seconds)
    if draw is not None:
        drawn(draw, seen, paths)
        whose(draw, seen, crops, paths)
    told = [[index, round(times[0], 1), round(times[-1], 1), len(times)] for index, times in sorted(spans.items())]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
    looked = tomllib.loads((HERE / "persons.toml").read_text()) if (HERE / "persons.toml").exists() else {}
    return {
        "frames": len(seen),
        "paths": len(told),
        "sightings": sum(len(times) for times in spans.values()),
        "digest": digest,
        "looked at": looked if looked.get("digest") == digest else "not this result: draw the paths and look",
        "cpu seconds for a second of video": round(spent / info.seconds, 3),
        "wall seconds": round(time.perf_counter() - began, 1),
    }


def drawn(folder: Path, seen: list[tuple[Frame, list[Sighting]]], paths: list[list[int | None]]) -> None:
    """Sheets of twenty frames, a second apart, with each box and its index."""
    folder.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(3).integers(60, 255, (500, 3)).tolist()
    tiles = []
    for (frame, sightings), indices in list(zip(seen, paths, strict=True))[::5]:
        picture = frame.pixels.copy()
        height, width = picture.shape[:2]
        for sighting, index in zip(sightings, indices, strict=True):
            if index is None:
                continue
            box = sighting.box
            left, top = int(box.left * width), int(box.top * height)
            corner = (int((box.left + box.width) * width), int((box.top + box.height) * height))
            cv2.rectangle(picture, (left, top), corner, colours[index], 1)
            cv2.putText(picture, str(index), (left, top - 2), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colours[index], 1)
        cv2.putText(picture, f"{frame.seconds:.0f} s", (3, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 0), 1)
        tiles.append(picture)
    for sheet in range(0, len(tiles), 12):
        part = tiles[sheet : sheet + 12]
        part += [np.zeros_like(part[0])] * (12 - len(part))
        rows = [np.hstack(part[row : row + 4]) for row in range(0, 12, 4)]
        cv2.imwrite(str(folder / f"paths-{sheet:03d}.png"), np.vstack(rows)[:, :, ::-1])


def crop(pixels: np.ndarray, box: Any) -> np.ndarray:
    height, width = pixels.shape[:2]
    rows = slice(max(0, int(box.top * height)), int((box.top + box.height) * height) + 1)
    columns = slice(max(0, int(box.left * width)), int((box.left + box.width) * width) + 1)
    return cv2.resize(pixels[rows, columns], (36, 80), interpolation=cv2.INTER_AREA)


def whose(
    folder: Path, seen: list[tuple[Frame, list[Sighting]]], crops: list[list[np.ndarray]], paths: list[list[int | None]]
) -> None:
    """Sheets with a row for each path: what was in its boxes, from its beginning to its end."""
    rows: dict[int, list[tuple[float, np.ndarray]]] = {}
    for (frame, _), pictures, indices in zip(seen, crops, paths, strict=True):
        for picture, index in zip(pictures, indices, strict=True):
            if index is not None:
                rows.setdefault(index, []).append((frame.seconds, picture))
    sheet = []
    for index, shown in sorted(rows.items()):
        row = np.zeros((80, 60 + 36 * 36, 3), np.uint8)
        for line, text in enumerate((str(index), f"{shown[0][0]:.0f}-{shown[-1][0]:.0f}s")):
            cv2.putText(row, text, (2, 25 + 25 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 0), 1)
        for place, number in enumerate(np.unique(np.linspace(0, len(shown) - 1, min(36, len(shown))).astype(int))):
            row[:, 60 + 36 * place : 96 + 36 * place] = shown[number][1]
        sheet.append(row)
    for begin in range(0, len(sheet), 12):
        cv2.imwrite(str(folder / f"whose-{begin:03d}.png"), np.vstack(sheet[begin : begin + 12])[:, :, ::-1])


# Speed


def speed(clips: dict[str, tuple[Path, list[int]]], _draw: Path | None) -> dict[str, Any]:
    """CPU time: it does not depend on what else the machine does, as far as its cores are whole ones."""
    path = clips["vtest"][0]
    found = {}
    for name, run in ANALYSES.items():
        with Film(path) as film:
            seconds = film.info.seconds
            part = 10.0 if name != "shots" else seconds
            cpu = time.process_time()
            count = sum(1 for _ in run(film, part))
            spent = time.process_time() - cpu
        found[name] = {
            "frames a second": round(count / part, 2),
            "cpu seconds for a second of video": round(spent / part, 3),
            "times real time on 2 cores": round(2 * part / spent, 1),
        }
    return found


def labels() -> Any:
    from honmono.engines.vision.labels.engine import LabelEngine

    return loaded(LabelEngine)


def loaded(engine_class: Any) -> Any:
    from honmono.weights import Cache

    engine = engine_class(
        Cache(Path(os.environ.get("HONMONO_CACHE", "~/.cache/honmono")).expanduser()), {"device": "cpu"}
    )
    engine.load()
    return engine


def until(film: Film, per_second: float, seconds: float, longest: int) -> Iterator[Frame]:
    for frame in film.frames(per_second, longest=longest):
        if frame.seconds >= seconds:
            return
        yield frame


def analysed(engine: Any, per_second: float, longest: int, said: Any) -> Any:
    engine = loaded(engine)

    def run(film: Film, seconds: float) -> Iterator[Any]:
        for frame in until(film, per_second, seconds, longest):
            yield said(engine, frame.pixels)

    return run


class Analyses(dict[str, Any]):
    """Each analysis as the service runs it; its engine is loaded when it is first asked for."""

    def items(self) -> Any:
        from honmono.engines.vision.faces.engine import FacesEngine
        from honmono.engines.vision.image_text import ImageTextEngine
        from honmono.engines.vision.labels.engine import LabelEngine
        from honmono.engines.vision.moderation import ModerationEngine

        def boundaries(film: Film, seconds: float) -> Iterator[Any]:
            detector = ShotDetector()
            for frame in film.frames(longest=SIDE):
                yield detector.look(frame.number, frame.seconds, frame.pixels)

        def people(engine: Any, pixels: np.ndarray) -> Any:
            return [look(pixels, each.box) for each in engine.things_at(pixels) if each.name == "Person"]

        yield "shots", boundaries
        yield "persons", analysed(LabelEngine, 5, 1280, people)
        yield "labels", analysed(LabelEngine, 2, 1024, lambda engine, pixels: engine.look_at(pixels))
        yield "moderation", analysed(ModerationEngine, 2, 640, lambda engine, pixels: engine.detect_frame(pixels))
        yield "faces", analysed(FacesEngine, 2, 1280, lambda engine, pixels: engine.detect_frame(pixels, []))
        yield "text", analysed(ImageTextEngine, 2, 1920, lambda engine, pixels: engine.detect_frame(pixels))


ANALYSES = Analyses()

if __name__ == "__main__":
    raise SystemExit(main())
