"""The job that speaks a long text into a file.

What was spoken is kept as plain samples beside a note of how far it goes; a later attempt goes on with the next
sentence. The whole is written in the format that was asked for once everything is spoken.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.job_output import leave_files
from honmono.services.polly.cast import FIELD
from honmono.services.polly.speaking import Marks, Sounds, read
from honmono.services.polly.speech import CONTENT_TYPES, Speech
from honmono.services.stored_files import StoredFiles

if TYPE_CHECKING:
    from honmono.engines.speech.synthesis.said import Said

KIND = "polly.speak"
RESULT = "speech"
_BLOCK = 1 << 18
"""Samples that are encoded at once."""


@job(KIND, resumable=True)
def speak(run: JobRun) -> dict[str, Any]:
    """Speak. The payload has the account and the speech."""
    speech = Speech.of_document(run.payload["speech"])
    sentences = read(speech)
    files = StoredFiles.of_parent(run.payload["account"])
    path = run.output_dir / RESULT
    with _Spoken(run.checkpoint_dir, speech) as spoken:
        if spoken.sentences < len(sentences):
            with engines_of_parent() as engines:
                engine = engines.get(FIELD)
                while spoken.sentences < len(sentences):
                    run.progress(spoken.sentences, len(sentences), "sentences spoken")
                    spoken.add(engine.say(sentences[spoken.sentences], speech.voice, speech.kind))
        with path.open("wb") as file:
            for piece in spoken.written():
                file.write(piece)
    run.progress(len(sentences), len(sentences), "sentences spoken")
    return leave_files(files, run.output_dir, [(RESULT, path)], CONTENT_TYPES[speech.form])


class _Spoken:
    """What was spoken so far: 16-bit samples, or the lines of marks, and a note of how many sentences that is."""

    def __init__(self, folder: Path, speech: Speech) -> None:
        self._speech = speech
        self._note = folder / "spoken.json"
        self._path = folder / "spoken"
        noted = json.loads(self._note.read_bytes()) if self._note.exists() else {"sentences": 0, "size": 0}
        self.sentences: int = noted["sentences"]
        self._passed: float = noted.get("passed", 0.0)
        self._rate: int = noted.get("rate", 0)
        self._path.touch()
        os.truncate(self._path, noted["size"])
        self._file: BinaryIO = self._path.open("ab")

    def __enter__(self) -> _Spoken:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, sound: Said) -> None:
        """Keep a sentence; it is on the disk when this returns."""
        from honmono.engines.speech.codecs import sixteen_bits

        if self._speech.form == "json":
            self._file.write(Marks(self._speech.marks, self._passed).add(sound))
        else:
            self._file.write(sixteen_bits(sound.samples.clip(-1.0, 1.0)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self.sentences += 1
        self._rate = sound.rate
        self._passed += len(sound.samples) / sound.rate
        note = {"sentences": self.sentences, "size": self._file.tell(), "passed": self._passed, "rate": self._rate}
        beside = self._note.with_suffix(".new")
        beside.write_text(json.dumps(note), "utf-8")
        beside.replace(self._note)

    def written(self) -> Iterator[bytes]:
        """Everything in the speech's format."""
        import numpy as np

        if self._speech.form == "json":
            yield self._path.read_bytes()
            return
        sounds = Sounds(self._speech, self._rate or self._speech.rate)
        with self._path.open("rb") as file:
            while block := file.read(2 * _BLOCK):
                yield sounds.encode(np.frombuffer(block, "<i2").astype(np.float32) / 32767.0)
        yield sounds.finish()
