"""Polly's voice ids and the engine's voices: who stands behind which.

`voices.toml` names a voice for each id. An id that has none there gets one that the user has plugged in: of its
language and gender.
"""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost

FIELD = "speech-synthesis"
"""Of the engine that speaks."""

TABLE = Path(__file__).with_name("voices.toml")
KINDS = ("standard", "neural")
"""The engines of Polly's that ours can be, in the order in which one is taken where the request names none."""


class EngineVoice(Protocol):
    """A voice as the engine describes it: see `engines.speech.synthesis.said.Voice`."""

    id: str
    language: str
    gender: str
    engines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoiceId:
    """A row of the table.

    Attributes:
        id, name, gender: as DescribeVoices tells them.
        speaks: by AWS's code of a language the engine's voice; "" where it comes with none. The first is its own.
    """

    id: str
    name: str
    gender: str
    speaks: dict[str, str]

    @property
    def language(self) -> str:
        """Its own language."""
        return next(iter(self.speaks))


@dataclass(frozen=True, slots=True)
class Standing:
    """The engine's voice behind an id.

    Attributes:
        voice: the engine's id of it.
        reads: the language that it was recorded in; its texts are read as this.
    """

    voice: str
    reads: str


@cache
def voice_ids() -> dict[str, VoiceId]:
    """The table's rows by id."""
    rows = _table()["voices"]
    return {name: VoiceId(name, row.get("name", name), row["gender"], row["speaks"]) for name, row in rows.items()}


@cache
def language_names() -> dict[str, str]:
    """AWS's English names of the languages, by code."""
    return dict(_table()["languages"])


@cache
def _table() -> dict[str, dict]:  # type: ignore[type-arg]
    return tomllib.loads(TABLE.read_text("utf-8"))


class Cast:
    """Who stands behind which id, given the voices that an engine has."""

    def __init__(self, voices: Iterable[EngineVoice]) -> None:
        voices = list(voices)
        known = {(voice.id, kind): voice for voice in voices for kind in voice.engines}
        self._standing: dict[tuple[str, str, str], Standing] = {}
        turns: dict[tuple[str, str, str], int] = {}
        for row in voice_ids().values():
            for language, named in row.speaks.items():
                for kind in KINDS:
                    chosen = known.get((named, kind))
                    if chosen is None:
                        fit = _fitting(voices, kind, language, row.gender, loosely=not named)
                        # Several ids of one language take turns, so that each has a voice of its own as long as they last.
                        turn = turns[kind, language, row.gender] = turns.get((kind, language, row.gender), -1) + 1
                        chosen = fit[turn % len(fit)] if fit else None
                    if chosen is not None:
                        self._standing[row.id, language, kind] = Standing(chosen.id, chosen.language)

    def standing(self, voice_id: str, language: str, kind: str) -> Standing | None:
        """The voice behind an id that speaks this language as this kind of engine."""
        return self._standing.get((voice_id, language, kind))

    def kinds(self, voice_id: str, language: str) -> list[str]:
        """The kinds of engine that an id speaks a language as."""
        return [kind for kind in KINDS if (voice_id, language, kind) in self._standing]

    def listed(self) -> list[VoiceId]:
        """The ids that speak their own language, in alphabetical order."""
        return [row for name, row in sorted(voice_ids().items()) if self.kinds(name, row.language)]

    def languages(self, row: VoiceId) -> list[str]:
        """The languages that an id speaks here, its own first."""
        return [language for language in row.speaks if self.kinds(row.id, language)]

    def find(self, voice_id: str, language: str | None, kind: str | None) -> tuple[Standing, str, str]:
        """The voice for a request, the language of AWS's that is spoken, and the kind of engine.

        Raises ServiceError LanguageNotSupportedException, EngineNotSupportedException.
        """
        row = voice_ids().get(voice_id)
        if row is None:
            raise ServiceError(
                "LanguageNotSupportedException",
                f"Which language the voice {voice_id} speaks is not documented; it cannot be stood in for.",
            )
        spoken = language or row.language
        if spoken not in row.speaks:
            raise ServiceError(
                "LanguageNotSupportedException",
                f"The voice {voice_id} does not speak {spoken}; it speaks {', '.join(row.speaks)}.",
            )
        kinds = self.kinds(voice_id, spoken)
        if not kinds:
            raise ServiceError(
                "LanguageNotSupportedException",
                f"No {row.gender.lower()} voice here speaks {language_names()[spoken]} ({spoken}), the language of "
                f"{voice_id}. Plug one in: [engines.{FIELD}] of honmono.toml.",
            )
        taken = kind or kinds[0]
        standing = self.standing(voice_id, spoken, taken)
        if standing is None:
            raise ServiceError(
                "EngineNotSupportedException",
                f"This voice does not support the selected engine: {taken}. {voice_id} speaks as {' and '.join(kinds)}; "
                f"another voice or engine can be plugged in: [engines.{FIELD}] of honmono.toml.",
            )
        return standing, spoken, taken


def _fitting(voices: list[EngineVoice], kind: str, language: str, gender: str, *, loosely: bool) -> list[EngineVoice]:
    """The voices of a language and gender; loosely: of another country's accent where there are no others."""
    fit = [voice for voice in voices if kind in voice.engines and voice.gender == gender]
    exact = [voice for voice in fit if voice.language == language]
    if exact or not loosely:
        return exact
    base = language.partition("-")[0]
    return [voice for voice in fit if voice.language.partition("-")[0] == base]


class Casting:
    """The cast of the engine that is chosen, asked for once."""

    def __init__(self, engines: EngineHost) -> None:
        self._engines = engines
        self._lock = threading.Lock()
        self._cast: Cast | None = None

    @property
    def chosen(self) -> str:
        """What the user chose for the engine, as one text: another choice may sound otherwise."""
        return json.dumps(dict(self._engines.options(FIELD)), sort_keys=True, default=str)

    def now(self) -> Cast:
        """The cast. The first call loads the engine.

        Raises EngineUnavailable, WeightsMissing.
        """
        with self._lock:
            if self._cast is None:
                self._cast = Cast(self._engines.get(FIELD).voices())
            return self._cast
