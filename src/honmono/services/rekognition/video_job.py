"""The job that looks at a stored video and leaves what it found.

The video is copied into the job's folder first: some formats have their index at the end. What is said of each frame is
noted as it is said, and a later attempt goes on from there.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import orjson

from honmono.engines.errors import DamagedInput, InputTooLarge, UnsupportedInput
from honmono.jobs import JobRun, job
from honmono.services.findings import FILE, write_findings
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.rekognition.video_analysis import Analysis, Seen, analysis_of
from honmono.services.stored_files import FilesMissing, StoredFiles

if TYPE_CHECKING:
    from honmono.engines.vision.video.film import Film, Frame

KIND = "rekognition.video"
_AHEAD = 2
"""Frames that are ready for each that is looked at."""


class VideoFailed(Exception):
    """Its message becomes the job's StatusMessage."""


@job(KIND, resumable=True)
def analyse(run: JobRun) -> dict[str, Any] | None:
    """Analyse. The payload has the operation, the account, the region, the request and the cores to use."""
    files = StoredFiles.of_parent(run.payload["account"])
    video = _video(run, files)
    from honmono.engines.vision.video.film import Film

    began = time.monotonic()
    try:
        with ExitStack() as held:
            film = held.enter_context(Film(video))
            # A host answers one call at a time: as many as there are cores look at frames beside each other.
            hosts = [held.enter_context(engines_of_parent()) for _ in range(run.payload["cores"])]
            analyses = [analysis_of(run.payload, engines) for engines in hosts]
            looking = _Looking(run, analyses, film)
            if not looking.done():
                return None
            head = {
                "engine": analyses[0].engine(),
                "answer": {**analyses[0].metadata(film), **analyses[0].answer()},
                "seconds": round(time.monotonic() - began, 3),
            }
            path = run.output_dir / FILE
            write_findings(path, head, analyses[0].findings(looking.seen, film.info))
    except (UnsupportedInput, DamagedInput, InputTooLarge) as error:
        text = str(error)
        raise VideoFailed(f"The video cannot be analysed: {text}.") from error
    return leave_files(files, run.output_dir, [(FILE, path)], "application/jsonl")


class _Looking:
    """The frames of a video, looked at one by one; a note keeps what was said."""

    def __init__(self, run: JobRun, analyses: Sequence[Analysis], film: Film) -> None:
        self._run = run
        self._analyses = analyses
        self._film = film
        self._note = run.checkpoint_dir / "seen.jsonl"
        self.seen: list[Seen] = []
        self._last: float | None = None

    def done(self) -> bool:
        """Look at all; False where the job was told to stop before."""
        run, whole = self._run, self._film.info.seconds
        self._analyses[0].prepare(self._film, lambda seconds: run.progress(seconds, whole, "seconds read"))
        for line in whole_lines(self._note):
            self._last = line["at"]
            self._take(line["at"], line["said"])
        with self._note.open("ab") as note:
            for frame, said in self._said(self._analyses[0].frames(self._film, self._last)):
                note.write(orjson.dumps({"at": frame.seconds, "said": said}, option=orjson.OPT_APPEND_NEWLINE))
                note.flush()
                self._take(frame.seconds, said)
                run.progress(frame.seconds, max(whole, frame.seconds), "seconds seen")
                if run.should_stop():
                    return False
        return True

    def _said(self, frames: Iterator[Frame]) -> Iterator[tuple[Frame, Any]]:
        """Each frame, and what is said of it, in order."""
        free: SimpleQueue[Analysis] = SimpleQueue()
        for analysis in self._analyses:
            free.put(analysis)

        def look(frame: Frame) -> Any:
            analysis = free.get()
            try:
                return analysis.look(frame)
            finally:
                free.put(analysis)

        waiting: deque[tuple[Frame, Future[Any]]] = deque()
        with ThreadPoolExecutor(len(self._analyses), thread_name_prefix="look") as pool:
            try:
                for frame in frames:
                    waiting.append((frame, pool.submit(look, frame)))
                    if len(waiting) > _AHEAD * len(self._analyses):
                        seen, future = waiting.popleft()
                        yield seen, future.result()
                while waiting:
                    seen, future = waiting.popleft()
                    yield seen, future.result()
            finally:
                for _, future in waiting:
                    future.cancel()

    def _take(self, seconds: float, said: Any) -> None:
        if said is not None:
            self.seen.append(Seen(int(seconds * 1000 + 1e-6), said))


def lines_of(path: Path) -> Iterator[Any]:
    """What stands in a file of lines of JSON so far; a last line that is not whole yet is left out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield orjson.loads(line)


def whole_lines(path: Path) -> list[Any]:
    """The same for who goes on writing: a last line that a crash cut short is cut off."""
    lines = list(lines_of(path))
    if path.exists():
        data = path.read_bytes()
        with path.open("rb+") as file:
            file.truncate(data.rfind(b"\n") + 1)
    return lines


def _video(run: JobRun, files: StoredFiles) -> Path:
    """The video as a file."""
    path = run.checkpoint_dir / "video"
    if path.exists():
        return path
    place = run.payload["request"]["Video"]["S3Object"]
    try:
        found = files.version(place["Bucket"], place["Name"], place.get("Version"))
        with files.open(found) as source, path.with_suffix(".new").open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except FilesMissing as error:
        raise VideoFailed(f"The video cannot be read from S3: {error}.") from error
    path.with_suffix(".new").replace(path)
    return path
