"""What is written in stored videos, read by the real recogniser, whatever becomes of the server meanwhile."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.conftest import RunningServer
from tests.engines.vision.video.films import write_film
from tests.services.comprehend.test_killed_training import Killable
from tests.services.rekognition.watched import Watching

pytestmark = pytest.mark.slow

WORDS = ("STATION", "EXIT", "PLATFORM", "TICKETS", "NORTH", "SOUTH", "COFFEE", "ARRIVALS")


def sign(*lines: str) -> np.ndarray:
    picture = Image.new("RGB", (480, 270), (245, 240, 225))
    font = ImageFont.load_default(40)
    for row, text in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 30 + 120 * row), text, (20, 20, 90), font)
    return np.asarray(picture)


def spelt(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [
        (each["Timestamp"], each["TextDetection"]["DetectedText"])
        for each in answer["TextDetections"]
        if each["TextDetection"]["Type"] == "WORD"
    ]


def test_words_are_read_when_they_are_shown(server: RunningServer, tmp_path: Path) -> None:
    watching = Watching(server)
    film = [sign("STATION")] * 10 + [sign("EXIT")] * 10
    video = watching.put("signs.mp4", write_film(tmp_path / "a.mp4", film, 10))
    job = watching.start("text_detection", video)
    assert spelt(watching.get("text_detection", job)) == [
        (0, "STATION"), (500, "STATION"), (1000, "EXIT"), (1500, "EXIT"),
    ]  # fmt: skip
    region = {"RegionsOfInterest": [{"BoundingBox": {"Left": 0.0, "Top": 0.6, "Width": 1.0, "Height": 0.4}}]}
    assert spelt(watching.done("text_detection", video, Filters=region)) == []
    lower = watching.put("lower.mp4", write_film(tmp_path / "b.mp4", [sign("STATION", "EXIT")] * 5, 10))
    assert spelt(watching.done("text_detection", lower, Filters=region)) == [(0, "EXIT")]


def test_a_job_goes_on_after_the_server_was_killed(tmp_path: Path) -> None:
    film = [sign(WORDS[second // 2], "LEVEL 4") for second in range(16) for _ in range(4)]
    path = write_film(tmp_path / "a.mp4", film, 4)
    server = Killable(tmp_path / "data")
    try:
        watching = Watching(server)
        job = watching.start("text_detection", watching.put("signs.mp4", path))
        until = time.monotonic() + 120
        while not (notes := _noted(server.folder)) or len(notes) < 8:
            assert time.monotonic() < until
            time.sleep(0.05)
        server.kill()
        before = _noted(server.folder)
        assert 8 <= len(before) < 32
        server.start()
        found = spelt(watching.get("text_detection", job))
        assert [word for at, word in found if at % 2000 == 0 and word.isalpha() and word != "LEVEL"] == list(WORDS)
        assert sorted({at for at, _ in found}) == [500 * number for number in range(32)]
    finally:
        server.kill()


def _noted(folder: Path) -> list[dict[str, Any]]:
    """What the running job has noted so far."""
    found = list((folder / "jobs").glob("*/checkpoint/seen.jsonl"))
    if not found:
        return []
    return [json.loads(line) for line in found[0].read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
