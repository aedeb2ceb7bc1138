"""The job that analyses a call: each channel heard alone, then who spoke how, and which categories fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.errors import UnsupportedInput, UnsupportedLanguage
from honmono.engines.host import EngineHost
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFiles
from honmono.services.transcribe.call_rules import categories
from honmono.services.transcribe.call_transcript import CallTurn, characteristics, loudness, turns_of, written
from honmono.services.transcribe.hearing import RATE, Hearing, JobFailed
from honmono.services.transcribe.redaction import redacted
from honmono.services.transcribe.transcript import Item, Passage
from honmono.services.transcribe.transcription_job import (
    FIELD,
    PII_FIELD,
    REDACTED,
    RESULT,
    check_form,
    opened,
    recording_of,
)

if TYPE_CHECKING:
    from honmono.engines.speech.audio import AudioFile
    from honmono.engines.text.sentiment import SentimentEngine

KIND = "transcribe.call-analytics"
SENTIMENT_FIELD = "sentiment"
_CHANNELS = 2
_AT_ONCE = 16


@job(KIND, resumable=True)
def analyse(run: JobRun) -> dict[str, Any]:
    """Analyse. The payload has the account, the job's name, the recording's URI, what was requested as a transcription
    job would be (`request`), the words of vocabularies and filters, the `roles` of the channels, the `categories` there
    are, and the `redaction` that was asked for, if any."""
    files = StoredFiles.of_parent(run.payload["account"])
    recording = recording_of(run, files)
    with opened(recording) as audio:
        form = check_form(audio.info, run.payload["request"])
        rate = audio.info.rate
        if audio.info.channels != _CHANNELS:
            raise JobFailed(
                "Invalid number of channels: Call Analytics needs audio with two channels, one for the agent and one for "
                f"the customer. The file has {audio.info.channels}."
            )
        with engines_of_parent() as engines:
            hearing = Hearing(engines.get(FIELD), run.payload, run.checkpoint_dir / "heard.json")
            try:
                for seconds in hearing.hear(audio):
                    run.progress(seconds, audio.info.seconds, "seconds heard")
            except UnsupportedInput as error:
                raise JobFailed(f"Unsupported media format. {error}.") from error
            with opened(recording) as again:
                powers = _powers(again)
            named = list(_Analysis(run, engines, hearing, powers).write())
    found = (
        {"LanguageCode": hearing.form().code} | hearing.found() | {"MediaFormat": form, "MediaSampleRateHertz": rate}
    )
    return {**leave_files(files, run.output_dir, named, "application/json"), "found": found}


class _Analysis:
    """The files of one call."""

    def __init__(self, run: JobRun, engines: EngineHost, hearing: Hearing, powers: list[list[float]]) -> None:
        self._run = run
        self._engines = engines
        self._hearing = hearing
        self._powers = powers
        self._roles = {int(channel): role for channel, role in run.payload["roles"].items()}

    def write(self) -> Iterator[tuple[str, Path]]:
        """Each file's key and place."""
        passages = self._hearing.passages()
        turns = self._judged(turns_of(passages, self._roles))
        # Categories and moods are of what was said, whatever of it is shown.
        matched = categories(turns, self._run.payload["categories"])
        redaction = self._run.payload.get("redaction")
        if redaction is None or redaction["RedactionOutput"] == "redacted_and_unredacted":
            yield self._file(RESULT, self._document(turns, turns, matched))
        if redaction is not None:
            yield self._file(REDACTED, self._document(self._hidden(turns, redaction), turns, matched))

    def _judged(self, turns: list[CallTurn]) -> list[CallTurn]:
        engine: SentimentEngine = self._engines.get(SENTIMENT_FIELD)
        channels = {role: channel for channel, role in self._roles.items()}
        try:
            for begin in range(0, len(turns), _AT_ONCE):
                some = turns[begin : begin + _AT_ONCE]
                moods = engine.classify([turn.text for turn in some], [turn.language for turn in some])
                for turn, mood in zip(some, moods, strict=True):
                    turn.sentiment = mood.label
        except UnsupportedLanguage as error:
            raise JobFailed(f"The sentiment of this language can't be analysed: {error}") from error
        for turn in turns:
            turn.loudness = loudness(self._powers[channels[turn.role]], turn.begin, turn.end)
        return turns

    def _hidden(self, turns: list[CallTurn], redaction: dict[str, Any]) -> list[CallTurn]:
        """The turns with personal data replaced; each turn keeps its mood and its loudness."""
        engine = self._engines.get(PII_FIELD)
        types = redaction.get("PiiEntityTypes") or ["ALL"]
        wanted = None if "ALL" in types else frozenset(types)
        # Every turn stands for a passage of its participant's, so that the answer has one for each.
        channels = {role: channel for channel, role in self._roles.items()}
        passages = [Passage(turn.items, channels[turn.role], turn.language) for turn in turns]
        language = turns[0].language if turns else "en"
        try:
            shown = redacted(passages, wanted, lambda text: engine.detect.one(text, language))
        except UnsupportedLanguage as error:
            raise JobFailed(f"Personal data can't be redacted in this language: {error}") from error
        by_place = {(passage.channel, passage.begin): passage.items for passage in shown}
        return [
            CallTurn(
                turn.role, by_place[channels[turn.role], passage.begin], turn.language, turn.sentiment, turn.loudness
            )
            for turn, passage in zip(turns, passages, strict=True)
        ]

    def _document(self, shown: list[CallTurn], said: list[CallTurn], matched: dict[str, Any]) -> Item:
        return {
            "JobStatus": "COMPLETED",
            "LanguageCode": self._hearing.form().code,
            "AccountId": self._run.payload["account"],
            "JobName": self._run.payload["name"],
            "Channel": "VOICE",
            "Participants": [{"ParticipantRole": self._roles[channel]} for channel in sorted(self._roles)],
            "Transcript": written(shown, self._run.payload["name"]),
            "Categories": matched,
            "ConversationCharacteristics": characteristics(said),
            **self._identified(),
        }

    def _identified(self) -> Item:
        found = self._hearing.identified().get("language_identification")
        if not found:
            return {}
        return {"LanguageIdentification": [{"Code": each["code"], "Score": each["score"]} for each in found]}

    def _file(self, name: str, document: Item) -> tuple[str, Path]:
        path = self._run.output_dir / name
        path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        return name, path


def _powers(audio: AudioFile) -> list[list[float]]:
    """Of each channel the mean square of each second."""
    import numpy as np

    powers: list[list[float]] = [[] for _ in range(audio.info.channels)]
    left = np.zeros((audio.info.channels, 0), np.float32)
    for block in audio.blocks(RATE):
        left = np.concatenate([left, block], axis=1)
        whole = left.shape[1] // RATE
        seconds = left[:, : whole * RATE].reshape(left.shape[0], whole, RATE)
        for channel, squares in enumerate((seconds.astype(np.float64) ** 2).mean(axis=2)):
            powers[channel] += [float(each) for each in squares]
        left = left[:, whole * RATE :]
    if left.shape[1]:
        for channel, square in enumerate((left.astype(np.float64) ** 2).mean(axis=1)):
            powers[channel].append(float(square))
    return powers
