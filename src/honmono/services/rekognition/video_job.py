"""The job that looks at a stored video and leaves what it found.

The video is copied into the job's folder first: some formats have their index at the end. What is said of each frame is
noted as it is said, and a later attempt goes on from there.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from honmono.engines.errors import DamagedInput, InputTooLarge, UnsupportedInput
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.rekognition.video_analysis import Analysis, Seen, analysis_of
from honmono.services.rekognition.video_results import FILE, write_findings
from honmono.services.stored_files import FilesMissing, StoredFiles

KIND = "rekognition.video"


class VideoFailed(Exception):
    """Its message becomes the job's StatusMessage."""


@job(KIND, resumable=True)
def analyse(run: JobRun) -> dict[str, Any] | None:
    """Analyse. The payload has the operation, the account, the region and the request."""
    files = StoredFiles.of_parent(run.payload["account"])
    video = _video(run, files)
    from honmono.engines.vision.video.film import Film

    began = time.monotonic()
    try:
        with engines_of_parent() as engines, Film(video) as film:
            analysis = analysis_of(run.payload, engines)
            looking = _Looking(run, analysis, film)
            if not looking.done():
                return None
            head = {
                "engine": analysis.engine(),
                "answer": {**analysis.metadata(film), **analysis.answer()},
                "seconds": round(time.monotonic() - began, 3),
            }
            path = run.output_dir / FILE
            write_findings(path, head, analysis.findings(looking.seen, film.info))
    except (UnsupportedInput, DamagedInput, InputTooLarge) as error:
        text = str(error)
        raise VideoFailed(f"The video cannot be analysed: {text}.") from error
    return leave_files(files, run.output_dir, [(FILE, path)], "application/jsonl")


class _Looking:
    """The frames of a video, looked at one by one; a note keeps what was said."""

    def __init__(self, run: JobRun, analysis: Analysis, film: Any) -> None:
        self._run = run
        self._analysis = analysis
        self._film = film
        self._note = run.checkpoint_dir / "seen.jsonl"
        self.seen: list[Seen] = []
        self._last: float | None = None

    def done(self) -> bool:
        """Look at all; False where the job was told to stop before."""
        run, film, whole = self._run, self._film, self._film.info.seconds
        self._analysis.prepare(film, lambda seconds: run.progress(seconds, whole, "seconds read"))
        for line in _lines(self._note):
            self._last = line["at"]
            self._take(line["at"], line["said"])
        with self._note.open("ab") as note:
            for frame in self._analysis.frames(film, self._last):
                said = self._analysis.look(frame)
                note.write(orjson.dumps({"at": frame.seconds, "said": said}, option=orjson.OPT_APPEND_NEWLINE))
                note.flush()
                self._take(frame.seconds, said)
                run.progress(frame.seconds, max(whole, frame.seconds), "seconds seen")
                if run.should_stop():
                    return False
        return True

    def _take(self, seconds: float, said: Any) -> None:
        if said is not None:
            self.seen.append(Seen(int(seconds * 1000 + 1e-6), said))


def _lines(path: Path) -> Iterator[Any]:
    """What was noted; a last line that a crash cut short is cut off."""
    if not path.exists():
        return
    whole = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            yield json.loads(line)
            whole += len(line)
    with path.open("rb+") as file:
        file.truncate(whole)


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
