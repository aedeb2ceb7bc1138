"""The job that looks at a video: it notes what it has said of each frame, and goes on from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.engines.vision.video.films import scene, write_film

from honmono.engines.vision.video.film import Film, Frame, VideoInfo
from honmono.jobs import JobRun
from honmono.services.rekognition.video_analysis import Analysis, Seen
from honmono.services.rekognition.video_job import _Looking


class Counting(Analysis):
    """Says a frame's number, and remembers which frames it was shown."""

    def __init__(self) -> None:
        self.shown: list[int] = []

    def look(self, frame: Frame) -> Any:
        self.shown.append(frame.number)
        return frame.number

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[dict[str, Any]]:
        return iter(())

    def answer(self) -> dict[str, Any]:
        return {}

    def engine(self) -> str:
        return "counting/1.0"


def attempt(folder: Path, film: Path, stop_after: int | None = None) -> tuple[list[int], list[int], bool]:
    """The frames that were shown, what is known in the end, and whether all was seen."""
    (folder / "checkpoint").mkdir(exist_ok=True)
    run = JobRun("test", "1", 1, {}, folder / "checkpoint", folder, lambda *_: None)
    analysis = Counting()
    with Film(film) as opened:
        looking = _Looking(run, [analysis], opened)
        noted = iter(range(1, 1000))
        run.should_stop = lambda: next(noted) == stop_after  # type: ignore[method-assign]
        done = looking.done()
    return analysis.shown, [each.said for each in looking.seen], done


def test_an_interrupted_job_goes_on_where_it_was(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", scene(1, 100))
    (tmp_path / "whole").mkdir()
    whole, _, _ = attempt(tmp_path / "whole", film)
    assert whole == [0, 13, 25, 38, 50, 63, 75, 88]
    first, _, done = attempt(tmp_path, film, stop_after=3)
    assert (first[:3], done) == ([0, 13, 25], False)
    second, known, done = attempt(tmp_path, film)
    assert (second, known, done) == ([38, 50, 63, 75, 88], whole, True)


def test_a_line_that_a_crash_cut_short_is_said_again(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", scene(1, 60))
    attempt(tmp_path, film, stop_after=3)
    note = tmp_path / "checkpoint" / "seen.jsonl"
    note.write_bytes(note.read_bytes()[:-6])
    shown, known, _ = attempt(tmp_path, film)
    assert shown == [25, 38, 50]
    assert known == [0, 13, 25, 38, 50]
