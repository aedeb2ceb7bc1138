"""Hearing one recording, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.services.transcribe.languages import aws_code, spoken
from honmono.services.transcribe.transcript import Form, Item, Passage, content_of, items_of
from honmono.services.transcribe.vocabulary import Entry, Vocabulary
from honmono.services.transcribe.word_filter import filtered
from honmono.wire.model import load

if TYPE_CHECKING:
    import numpy as np

    from honmono.engines.speech.audio import AudioFile
    from honmono.engines.speech.whisper import Segment, WhisperEngine

RATE = 16_000
HOURS = 4
_LEAST_IDENTIFIED = RATE
"""Samples that tell a language; a shorter stretch is taken for the language before it."""
_SURE = 0.5
_UNSURE = 0.8
"""Below this confidence of one of its words a segment is heard again with the vocabulary in mind."""
_WINDOW = 30 * RATE


class JobFailed(Exception):
    """Its message becomes the job's FailureReason."""


class Hearing:
    """What has been heard of a recording.

    All of it stands in a note, written after each piece: `passages` (see `transcript.Passage`), `samples` heard so far,
    `channels`, `scores` of the languages of the first speech, and the `seconds` that each language was spoken. Whoever
    wants to hear more in the samples, speakers' voices for one, does it in `_piece` and keeps it in the note.
    """

    def __init__(self, engine: WhisperEngine, payload: dict[str, Any], note: Path) -> None:
        self._engine = engine
        self._request = payload["request"]
        self._settings = self._request.get("Settings", {})
        self._path = note
        self._vocabularies = {
            code: Vocabulary(Entry(*entry) for entry in entries) for code, entries in payload["vocabularies"].items()
        }
        self._filters = {code: frozenset(map(str.casefold, words)) for code, words in payload["filters"].items()}
        self._note: dict[str, Any] = {"passages": [], "samples": 0, "channels": 1, "scores": [], "seconds": {}}
        if note.exists():
            self._note = json.loads(note.read_bytes())

    @property
    def seconds(self) -> float:
        """How much has been heard."""
        return float(self._note["samples"] / RATE)

    def hear(self, audio: AudioFile) -> Iterator[float]:
        """Hear it to its end; after each piece its end is given, in seconds.

        Raises:
            JobFailed: the recording is too long, or its language cannot be told.
            UnsupportedInput: it has no sample that can be read.
        """
        from honmono.engines.speech.pieces import pieces

        at = 0
        for piece in pieces(audio.blocks(RATE)):
            begin, at = at, at + piece.shape[1]
            if at > HOURS * 3600 * RATE:
                raise JobFailed(f"Your media file is longer than {HOURS} hours. Split it and try your request again.")
            if begin < self._note["samples"]:
                continue
            self._piece(piece, begin)
            self._note["samples"] = at
            _replace(self._path, json.dumps(self._note))
            yield at / RATE
        if "LanguageCode" not in self._request and not self._note["seconds"]:
            raise JobFailed(
                "Your audio file must have a speech segment long enough in duration to perform automatic language "
                "identification. Provide an audio file with someone speaking for a longer period of time and try your "
                "request again."
            )

    def passages(self) -> list[Passage]:
        """What was said, in order, with the vocabulary filters applied."""
        found = [Passage(**each) for each in self._note["passages"]]
        method = self._settings.get("VocabularyFilterMethod", "mask")
        for passage in found:
            words = self._filters.get(passage.code)
            if words:
                passage.items = filtered(passage.items, words, method)
                passage.alternatives = [filtered(items, words, method) for items in passage.alternatives]
        return sorted((passage for passage in found if passage.items), key=lambda passage: passage.begin)

    def form(self) -> Form:
        """What of it is to be written."""
        return Form(
            code=None if self._request.get("IdentifyMultipleLanguages") else self._code(self._language()),
            channels=self._note["channels"] if self._settings.get("ChannelIdentification") else None,
            alternatives=bool(self._settings.get("ShowAlternatives")),
        )

    def identified(self) -> Item:
        """The members of `results` that tell which languages were identified."""
        if self._request.get("IdentifyMultipleLanguages"):
            spoken_for = self._spoken_for()
            return {"language_codes": [{"language_code": code, "duration_in_seconds": s} for code, s in spoken_for]}
        if self._request.get("IdentifyLanguage"):
            shares = sorted(self._shares().items(), key=lambda each: -each[1])[:5]
            found = [{"score": f"{share:.4f}", "code": self._code(language)} for language, share in shares]
            return {"language_identification": found}
        return {}

    def found(self) -> dict[str, Any]:
        """What was found out, as the job's description tells it."""
        if self._request.get("IdentifyMultipleLanguages"):
            spoken_for = self._spoken_for()
            return {"LanguageCodes": [{"LanguageCode": code, "DurationInSeconds": s} for code, s in spoken_for]}
        if self._request.get("IdentifyLanguage"):
            language = self._language()
            return {"LanguageCode": self._code(language), "IdentifiedLanguageScore": self._shares()[language]}
        return {}

    def _piece(self, piece: np.ndarray, begin: int) -> None:
        """Hear a piece that begins at this sample."""
        if self._settings.get("ChannelIdentification"):
            self._note["channels"] = piece.shape[0]
            for channel in range(piece.shape[0]):
                self._hear(piece[channel], begin, channel)
        else:
            self._hear(piece.mean(axis=0), begin, 0)

    def _hear(self, samples: np.ndarray, begin: int, channel: int) -> None:
        if "LanguageCode" in self._request:
            self._write_down(samples, begin, channel, spoken(self._request["LanguageCode"]))
            return
        stretches = [(each.begin, each.end) for each in self._engine.stretches(samples)]
        if not stretches:
            return
        if self._request.get("IdentifyMultipleLanguages"):
            runs = list(self._runs(samples, stretches))
        else:
            if not self._note["scores"]:
                first = samples[stretches[0][0] :]
                self._note["scores"] = [(each.code, each.score) for each in self._engine.identify(first)]
            runs = [(0, len(samples), sum(end - start for start, end in stretches), self._language())]
        for start, end, length, language in runs:
            durations = self._note["seconds"]
            durations[language] = durations.get(language, 0.0) + length / RATE
            self._write_down(samples[start:end], begin + start, channel, language)

    def _runs(self, samples: np.ndarray, stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int, int, str]]:
        """Parts in one language each: where they begin and end, how many samples of speech they have, the language."""
        joined: list[list[int]] = []
        for start, end in stretches:
            if joined and joined[-1][1] - joined[-1][0] < _LEAST_IDENTIFIED:
                joined[-1][1] = end
            else:
                joined.append([start, end])
        run: tuple[int, int, int, str] | None = None
        for start, end in joined:
            language, share = self._likeliest(samples[start : min(end, start + _WINDOW)])
            if run is not None and (share < _SURE or end - start < _LEAST_IDENTIFIED or language == run[3]):
                run = (run[0], end, run[2] + end - start, run[3])
                continue
            if run is not None:
                yield run
            run = (start, end, end - start, language)
        if run is not None:
            yield run

    def _write_down(self, samples: np.ndarray, begin: int, channel: int, language: str) -> None:
        code = self._code(language)
        vocabulary = self._vocabularies.get(code)
        heard = self._engine.transcribe(samples, language).segments
        for segment, plain in zip(heard, items_of(heard, begin / RATE), strict=True):
            items = self._expecting(vocabulary, samples, begin, segment, plain, language) if vocabulary else plain
            versions = [items, *self._alternatives(samples, begin, segment, items, language)]
            if vocabulary:
                versions = [vocabulary.applied(version) for version in versions]
            passage = Passage(versions[0], channel, language, code, versions[1:])
            self._note["passages"].append(asdict(passage))

    def _expecting(
        self,
        vocabulary: Vocabulary,
        samples: np.ndarray,
        begin: int,
        segment: Segment,
        items: list[Item],
        language: str,
    ) -> list[Item]:
        """A segment that has unsure words, heard again with the vocabulary's in mind.

        What is told to expect words mishears others more often: so the second hearing counts only where it has one of
        the vocabulary's phrases.
        """
        if not vocabulary.hint or not any(
            float(item["alternatives"][0]["confidence"]) < _UNSURE for item in _said(items)
        ):
            return items
        first, last = max(0, int((segment.begin - 0.2) * RATE)), int((segment.end + 0.2) * RATE)
        again = self._engine.transcribe(samples[first:last], language, vocabulary.hint).segments
        version = [item for each in items_of(again, (begin + first) / RATE) for item in each]
        return version if vocabulary.spelt(version) else items

    def _alternatives(
        self, samples: np.ndarray, begin: int, segment: Segment, items: list[Item], language: str
    ) -> list[list[Item]]:
        """Other words for a segment, as many as were asked for and the recogniser has."""
        if not self._settings.get("ShowAlternatives"):
            return []
        first, last = max(0, int((segment.begin - 0.2) * RATE)), int((segment.end + 0.2) * RATE)
        count = self._settings["MaxAlternatives"]
        heard = self._engine.alternatives(samples[first : min(last, first + _WINDOW)], language, count)
        found: list[list[Item]] = []
        seen = {_words(items)}
        for version in items_of(heard, (begin + first) / RATE):
            if version and _words(version) not in seen and len(found) < count - 1:
                seen.add(_words(version))
                found.append(version)
        return found

    def _likeliest(self, samples: np.ndarray) -> tuple[str, float]:
        shares = self._among([(each.code, each.score) for each in self._engine.identify(samples)])
        return max(shares.items(), key=lambda each: each[1])

    def _language(self) -> str:
        if "LanguageCode" in self._request:
            return spoken(self._request["LanguageCode"])
        return max(self._shares().items(), key=lambda each: each[1])[0]

    def _shares(self) -> dict[str, float]:
        return self._among(self._note["scores"])

    def _among(self, scores: list[tuple[str, float]]) -> dict[str, float]:
        """Of the languages that may be spoken, each one's share of their probability."""
        options = {spoken(code) for code in self._request.get("LanguageOptions", ())}
        known = {spoken(code) for code in _codes()}
        allowed = {code: score for code, score in scores if code in (options or known)}
        whole = sum(allowed.values())
        if not whole:
            raise JobFailed("None of the LanguageOptions is a language that was heard.")
        return {code: score / whole for code, score in allowed.items()}

    def _code(self, language: str) -> str:
        if "LanguageCode" in self._request:
            return str(self._request["LanguageCode"])
        return aws_code(language, self._request.get("LanguageOptions", []), _codes())

    def _spoken_for(self) -> list[tuple[str, float]]:
        """The languages with the seconds that each was spoken, the longest first."""
        seconds = sorted(self._note["seconds"].items(), key=lambda each: -each[1])
        return [(self._code(language), round(spoken_for, 2)) for language, spoken_for in seconds]


def _said(items: list[Item]) -> list[Item]:
    return [item for item in items if item["type"] == "pronunciation"]


def _words(items: list[Item]) -> tuple[str, ...]:
    return tuple(content_of(item).casefold() for item in _said(items))


def _codes() -> list[str]:
    return list(load("transcribe").shape("LanguageCode").traits["enum"])


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole."""
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
