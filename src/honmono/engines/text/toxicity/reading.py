"""What a text looks like to the network: without what posts are full of and what says nothing of their tone."""

from __future__ import annotations

import html
import re

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_REPEATED = re.compile(r"^\W*RT @\w+:?\s*")
_MENTION = re.compile(r"(?<!\w)@\w{2,}")
_ENTITY = re.compile(r"&#\d{2,7};?")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")
_WORDS = 3
"""A sentence of fewer is no sentence to judge alone."""
_SPACE = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """HTML's entities read, web addresses and "RT @name:" left out, names of accounts levelled, one space at a time."""
    plain = html.unescape(text)
    plain = _ENTITY.sub(" ", plain)
    plain = _REPEATED.sub("", _ADDRESS.sub(" ", plain))
    return _SPACE.sub(" ", _MENTION.sub("@user", plain)).strip()


def parts(text: str) -> list[str]:
    """A cleaned text, and each of its sentences where there are several; those of a word or two go with the next."""
    sentences: list[str] = []
    waiting = ""
    for sentence in _SENTENCE_END.split(text):
        waiting = f"{waiting} {sentence}".strip()
        if waiting.count(" ") >= _WORDS - 1:
            sentences.append(waiting)
            waiting = ""
    if waiting:
        sentences.append(waiting)
    return [text, *sentences] if len(sentences) > 1 else [text]
