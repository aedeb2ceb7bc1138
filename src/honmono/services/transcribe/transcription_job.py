"""The job that listens to a recording and leaves its transcript.

A long recording is heard piece by piece; what has been heard is noted after each piece, and a later attempt goes on
from there. What is written from it — filters, redaction, subtitles — is done once all has been heard.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput
from honmono.engines.host import EngineHost
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.stored_files import FilesMissing, StoredFiles
from honmono.services.transcribe.hearing import Hearing, JobFailed
from honmono.services.transcribe.redaction import redacted
from honmono.services.transcribe.speaker_labels import FIELD as SPEAKERS_FIELD
from honmono.services.transcribe.speaker_labels import by_speaker, speaker_labels, speakers_of
from honmono.services.transcribe.subtitles import srt, subtitles, vtt
from honmono.services.transcribe.toxic_speech import toxicity
from honmono.services.transcribe.transcript import Form, Item, Passage, results

if TYPE_CHECKING:
    from honmono.engines.speech.audio import AudioFile, AudioInfo
    from honmono.engines.speech.speakers.diarization import Turn
    from honmono.engines.speech.whisper import WhisperEngine

KIND = "transcribe.transcribe"
FIELD, PII_FIELD, TOXICITY_FIELD = "speech-recognition", "pii", "toxicity"
RESULT, REDACTED = "asrOutput.json", "redacted-asrOutput.json"
SUBTITLES = {"vtt": "asrOutput.vtt", "srt": "asrOutput.srt"}
_MOST_BYTES = 2 << 30
_LEAST_SECONDS = 0.5
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


@job(KIND, resumable=True)
def transcribe(run: JobRun) -> dict[str, Any]:
    """Transcribe. The payload has the account, the job's name, the recording's URI, what was requested, and the words of
    the vocabularies and filters that it names."""
    files = StoredFiles.of_parent(run.payload["account"])
    recording = recording_of(run, files)
    with opened(recording) as audio, ExitStack() as held:
        form = check_form(audio.info, run.payload["request"])
        engines = held.enter_context(engines_of_parent())
        engine: WhisperEngine = engines.get(FIELD)
        hearing = Hearing(engine, run.payload, run.checkpoint_dir / "heard.json")
        try:
            for seconds in hearing.hear(audio):
                run.progress(seconds, audio.info.seconds, "seconds heard")
        except UnsupportedInput as error:
            raise JobFailed(f"Unsupported media format. {_sentence(error)}") from error
        if hearing.seconds < _LEAST_SECONDS:
            raise JobFailed(
                f"Invalid audio duration: the audio is {hearing.seconds:.2f} seconds long and must have at least "
                f"{_LEAST_SECONDS}."
            )
        named = list(_Writing(run, engines, hearing, recording).write())
    found = hearing.found() | {"MediaFormat": form, "MediaSampleRateHertz": audio.info.rate}
    return {**leave_files(files, run.output_dir, named, "application/json"), "found": found}


class _Writing:
    """The files of one transcript."""

    def __init__(self, run: JobRun, engines: EngineHost, hearing: Hearing, recording: Path) -> None:
        self._run = run
        self._engines = engines
        self._request = run.payload["request"]
        self._hearing = hearing
        self._recording = recording
        self._turns: list[Turn] = []

    def write(self) -> Iterator[tuple[str, Path]]:
        """Each file's key and place."""
        passages, form = self._hearing.passages(), self._hearing.form()
        most = self._request.get("Settings", {}).get("MaxSpeakerLabels")
        if most:
            with opened(self._recording) as audio:
                self._turns = speakers_of(audio, self._engines.get(SPEAKERS_FIELD), most, passages)
        redaction = self._request.get("ContentRedaction")
        if redaction is None or redaction["RedactionOutput"] == "redacted_and_unredacted":
            yield self._file(RESULT, self._document(passages, form))
        if redaction is not None:
            passages = self._redacted(passages, redaction.get("PiiEntityTypes"))
            yield self._file(REDACTED, {"isRedacted": True, **self._document(passages, form)})
        wanted = self._request.get("Subtitles", {})
        shown = subtitles(passages) if wanted.get("Formats") else []
        for name in wanted.get("Formats", ()):
            path = self._run.output_dir / SUBTITLES[name]
            text = (vtt if name == "vtt" else srt)(shown, wanted.get("OutputStartIndex", 0))
            path.write_text(text, "utf-8")
            yield SUBTITLES[name], path

    def _document(self, passages: list[Passage], form: Form) -> Item:
        labelled = self._request.get("Settings", {}).get("ShowSpeakerLabels")
        if labelled:
            passages = by_speaker(passages, self._turns)
        written = results(passages, form) | self._hearing.identified()
        if labelled:
            written["speaker_labels"] = speaker_labels(passages)
        if self._request.get("ToxicityDetection"):
            language = passages[0].language if passages else "en"
            judge = self._engines.get(TOXICITY_FIELD).judge
            ordered = sorted(passages, key=lambda passage: passage.begin)
            written["toxicity_detection"] = toxicity(ordered, lambda texts: judge(texts, [language] * len(texts)))
        return {
            "jobName": self._run.payload["name"],
            "accountId": self._run.payload["account"],
            "status": "COMPLETED",
            "results": written,
        }

    def _redacted(self, passages: list[Passage], types: list[str] | None) -> list[Passage]:
        engine = self._engines.get(PII_FIELD)
        language = passages[0].language if passages else "en"
        wanted = None if not types or "ALL" in types else frozenset(types)
        return redacted(passages, wanted, lambda text: engine.detect.one(text, language))

    def _file(self, name: str, document: Item) -> tuple[str, Path]:
        path = self._run.output_dir / name
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return name, path


def recording_of(run: JobRun, files: StoredFiles) -> Path:
    """The recording as a file that can be read from any place: some formats have their index at the end."""
    path = run.checkpoint_dir / "recording"
    if path.exists():
        return path
    try:
        found = files.find(run.payload["uri"])[0]
        if found.size > _MOST_BYTES:
            raise JobFailed(f"Invalid file size: file size too large. It has {found.size} bytes; {_MOST_BYTES} may be.")
        with files.open(found) as source, path.with_suffix(".new").open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except FilesMissing as error:
        raise JobFailed(
            "The S3 URI that you provided can't be accessed. Make sure that the object is still there and that you have "
            f"read permission ({error})."
        ) from error
    path.with_suffix(".new").replace(path)
    return path


def opened(recording: Path) -> AudioFile:
    """The recording, to be heard. Raises JobFailed: it is none."""
    from honmono.engines.speech.audio import AudioFile

    try:
        return AudioFile(recording)
    except UnsupportedInput as error:
        raise JobFailed(f"Unsupported media format. {_sentence(error)}") from error


def check_form(info: AudioInfo, request: dict[str, Any]) -> str:
    """Refuse a file of another form than was said; the answer is its format."""
    named = set(info.container.split(","))
    wanted = request.get("MediaFormat") or next((each for each in _CONTAINERS if _CONTAINERS[each] & named), None)
    if wanted is None:
        raise JobFailed(f"Unsupported media format. The file is {info.container}; it may be {', '.join(_CONTAINERS)}.")
    if not _CONTAINERS[wanted] & named:
        raise JobFailed(
            "The media format provided does not match the detected media format. Specified: "
            f"{wanted}; detected: {info.container}."
        )
    rate = request.get("MediaSampleRateHertz", info.rate)
    if rate != info.rate:
        raise JobFailed(
            f"The sample rate provided does not match the detected sample rate. Specified: {rate}; detected: {info.rate}."
        )
    if not 8000 <= info.rate <= 48000 and wanted in ("wav", "flac"):
        raise JobFailed(
            f"Invalid sample rate for audio file. It is {info.rate} hertz and must be between 8,000 and 48,000."
        )
    if request.get("Settings", {}).get("ChannelIdentification") and info.channels > 2:
        raise JobFailed(
            f"Invalid number of channels: number of channels too large. The file has {info.channels}; channel "
            "identification hears up to 2."
        )
    return str(wanted)


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
