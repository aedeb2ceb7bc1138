"""The job that listens to a recording and leaves its transcript.

A long recording is heard piece by piece; what has been heard is noted after each piece, and a later attempt goes on
from there.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.stored_files import FilesMissing, StoredFiles
from honmono.services.transcribe.languages import aws_code, spoken
from honmono.services.transcribe.transcript import items_of, results
from honmono.wire.model import load

if TYPE_CHECKING:
    import numpy as np

    from honmono.engines.speech.audio import AudioFile, AudioInfo
    from honmono.engines.speech.whisper import LanguageScore, WhisperEngine

KIND = "transcribe.transcribe"
FIELD = "speech-recognition"
RESULT = "asrOutput.json"
_RATE = 16_000
_LONGEST_SECONDS = 4 * 3600
_CONTAINERS = {
    "wav": {"wav", "w64"},
    "mp3": {"mp3"},
    "mp4": {"mp4"},
    "m4a": {"m4a", "mp4"},
    "flac": {"flac"},
    "ogg": {"ogg"},
    "amr": {"amr"},
    "webm": {"webm", "matroska"},
}


class JobFailed(Exception):
    """Its message becomes the job's FailureReason."""


@job(KIND, resumable=True)
def transcribe(run: JobRun) -> dict[str, Any]:
    """Transcribe. The payload has the account, the job's name, the recording's URI and what was requested."""
    from honmono.engines.speech.audio import AudioFile

    files = StoredFiles.of_parent(run.payload["account"])
    recording = _recording(run, files)
    with engines_of_parent() as engines:
        engine: WhisperEngine = engines.get(FIELD)
        with AudioFile(recording) as audio:
            heard = _Hearing(run, engine).hear(audio)
    document = {
        "jobName": run.payload["name"],
        "accountId": run.payload["account"],
        "status": "COMPLETED",
        "results": heard["results"],
    }
    path = run.output_dir / RESULT
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return {**leave_files(files, run.output_dir, [(RESULT, path)], "application/json"), "found": heard["found"]}


class _Hearing:
    """One recording, heard piece by piece."""

    def __init__(self, run: JobRun, engine: WhisperEngine) -> None:
        self._run = run
        self._engine = engine
        self._request = run.payload["request"]
        self._note = run.checkpoint_dir / "heard.json"

    def hear(self, audio: AudioFile) -> dict[str, Any]:
        """The transcript's results, and what was found out for the job's record."""
        from honmono.engines.speech.pieces import pieces

        _check_form(audio.info, self._request["MediaFormat"])
        heard: dict[str, Any] = {"segments": [], "samples": 0, "scores": None}
        if self._note.exists():
            heard = json.loads(self._note.read_bytes())
        at = 0
        for piece in pieces(audio.blocks(_RATE)):
            begin, at = at, at + piece.shape[1]
            if at > _LONGEST_SECONDS * _RATE:
                raise JobFailed("Your media file is longer than 4 hours. Split it and try your request again.")
            if begin < heard["samples"]:
                continue
            samples = piece.mean(axis=0)
            if heard["scores"] is None:
                heard["scores"] = self._scores(samples)
            found = self._engine.transcribe(samples, self._language(heard["scores"]))
            heard["segments"] += items_of(found.segments, begin / _RATE)
            heard["samples"] = at
            replace(self._note, json.dumps(heard))
            self._run.progress(at / _RATE, audio.info.seconds, "seconds heard")
        language = self._language(heard["scores"])
        return {"results": results(heard["segments"], language), "found": self._found(heard["scores"])}

    def _scores(self, samples: np.ndarray) -> list[tuple[str, float]]:
        """The languages that may be spoken; none where the customer has told it."""
        if "LanguageCode" in self._request:
            return []
        found: list[LanguageScore] = self._engine.identify(samples)
        return [(each.code, each.score) for each in found]

    def _language(self, scores: list[tuple[str, float]]) -> str:
        if "LanguageCode" in self._request:
            return spoken(self._request["LanguageCode"])
        return self._likeliest(scores)[0]

    def _likeliest(self, scores: list[tuple[str, float]]) -> tuple[str, float]:
        """The likeliest language among those that may be it, and its share of their probability."""
        options = {spoken(code) for code in self._request.get("LanguageOptions", ())}
        allowed = [each for each in scores if not options or each[0] in options]
        if not allowed:
            raise JobFailed("None of the LanguageOptions is a language that was heard.")
        code, score = max(allowed, key=lambda each: each[1])
        whole = sum(each[1] for each in allowed)
        return code, score / whole if whole else 0.0

    def _found(self, scores: list[tuple[str, float]]) -> dict[str, Any]:
        if "LanguageCode" in self._request:
            return {}
        language, score = self._likeliest(scores)
        code = aws_code(language, self._request.get("LanguageOptions", []), _codes())
        return {"LanguageCode": code, "IdentifiedLanguageScore": score}


def _recording(run: JobRun, files: StoredFiles) -> Path:
    """The recording as a file that can be read from any place: some formats have their index at the end."""
    path = run.checkpoint_dir / "recording"
    if path.exists():
        return path
    try:
        found = files.find(run.payload["uri"])
        with files.open(found[0]) as source, path.with_suffix(".new").open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except FilesMissing as error:
        raise JobFailed(
            "The S3 URI that you provided can't be accessed. Make sure that the object is still there and that you have "
            f"read permission ({error})."
        ) from error
    path.with_suffix(".new").replace(path)
    return path


def _check_form(info: AudioInfo, wanted: str) -> None:
    """Refuse a file of another format than was said."""
    named = _CONTAINERS[wanted]
    if not named & set(info.container.split(",")):
        raise JobFailed(
            "The media format that you specified doesn't match the detected media format. Check the media format and try "
            f"your request again (specified: {wanted}; detected: {info.container})."
        )


def _codes() -> list[str]:
    return list(load("transcribe").shape("LanguageCode").traits["enum"])


def replace(path: Path, text: str) -> None:
    """Write a file as a whole."""
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
