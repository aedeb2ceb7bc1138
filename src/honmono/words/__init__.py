"""What the command says to a person: in English, or in Japanese where the environment asks for it.

The English message is the key; `japanese.MESSAGES` holds the other half, and a test holds it against the sources.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from honmono.words.japanese import MESSAGES

__all__ = ["in_japanese", "say"]


def in_japanese(environ: Mapping[str, str] | None = None) -> bool:
    """Whether messages are wanted in Japanese: the first of LC_ALL, LC_MESSAGES and LANG that is set begins with ja."""
    environ = os.environ if environ is None else environ
    chosen = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return chosen.startswith("ja")


def say(message: str, **values: object) -> str:
    """The message in the reader's language, with its {placeholders} filled."""
    text = MESSAGES.get(message, message) if in_japanese() else message
    return text.format(**values) if values else text
