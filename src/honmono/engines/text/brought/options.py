"""The options of an engine that runs what the user brings, read from `[engines.FIELD]` and checked at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from honmono.engines.errors import EngineUnavailable, UnsupportedLanguage

LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "hi", "ja", "ko", "zh", "zh-TW")
"""The codes that AWS's text services know."""


class BroughtOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all of them take.

    Attributes:
        languages: the codes of those that the model was trained on; empty: not said, so that it is asked in any.
        device: "cpu" or "cuda".
    """

    languages: list[str] = []
    device: str = "cpu"

    def known_languages(self) -> tuple[str, ...]:
        """The languages to answer in."""
        return tuple(self.languages) or LANGUAGES


class ModelOptions(BroughtOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an engine over a directory takes.

    Attributes:
        model: the directory.
        file: which file of it is the network, where it has several.
        labels: what the model's labels are in the field's vocabulary.
        threads: that the network computes with on the CPU.
        batch: windows of text that the network is given at once; more than one pays on a GPU alone.
    """

    model: Annotated[str, Meta(min_length=1)]
    file: str = ""
    labels: dict[str, str] = {}
    threads: Annotated[int, Meta(ge=1, le=64)] = 1
    batch: Annotated[int, Meta(ge=1, le=64)] = 1


T = TypeVar("T", bound=BroughtOptions)


def read(engine: str, field: str, options: Mapping[str, Any], kind: type[T]) -> T:
    """The options as a `kind`.

    Raises:
        EngineUnavailable: one is missing, unknown, or of a value that cannot be; says which.
    """
    try:
        found = msgspec.convert(dict(options), kind)
    except msgspec.ValidationError as error:
        raise misconfigured(engine, field, str(error)) from None
    if unknown := [code for code in found.languages if code not in LANGUAGES]:
        raise misconfigured(engine, field, f"languages has {', '.join(unknown)}; the codes are {', '.join(LANGUAGES)}")
    if found.device not in ("cpu", "cuda"):
        raise misconfigured(engine, field, f'device is "cpu" or "cuda", not {found.device!r}')
    return found


def misconfigured(engine: str, field: str, reason: str) -> EngineUnavailable:
    """The error that names the place in honmono.toml."""
    return EngineUnavailable(engine, f"[engines.{field}] in honmono.toml: {reason}")


def check_languages(asked: list[str], known: tuple[str, ...]) -> None:
    """Refuse a language that the user did not name. Raises `UnsupportedLanguage`."""
    for language in asked:
        if language not in known:
            raise UnsupportedLanguage(language, known, "name it in the engine's languages if the model knows it")
