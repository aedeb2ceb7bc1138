"""Filter patterns of CloudWatch Logs: which events match, and what they say.

Three forms: terms (``ERROR -debug "exact phrase" ?either ?or %regex%``), JSON (``{ $.status >= 500 }``) and
space-delimited (``[ip, ..., status = 4*, bytes > 1000]``). Source: "Filter pattern syntax for metric filters,
subscription filters and filter log events", CloudWatch Logs user guide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from honmono.services.logs.json_patterns import compile_json
from honmono.services.logs.pattern_syntax import PatternError, search
from honmono.services.logs.space_patterns import compile_fields

Match = Callable[[str], Mapping[str, str] | None]
"""Takes a message; the fields that the pattern names with their values, or None where it does not match."""

_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"%]\S*))')

__all__ = ["Match", "PatternError", "compile_pattern"]


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Match:
    """The function that applies a pattern.

    Raises:
        PatternError: it cannot be read.
    """
    text = pattern.strip()
    try:
        if text.startswith("{"):
            return compile_json(text)
        if text.startswith("["):
            return compile_fields(text)
        return _compile_terms(text)
    except RecursionError as error:
        raise PatternError("The pattern is nested too deeply") from error


def _compile_terms(text: str) -> Match:
    wanted: list[Callable[[str], bool]] = []
    either: list[Callable[[str], bool]] = []
    unwanted: list[Callable[[str], bool]] = []
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None:
            raise PatternError(f"Invalid character(s) in term '{text[position:][:40]}'")
        sign, quoted, expression, plain = found.groups()
        term: Callable[[str], bool]
        if expression is not None:
            term = _regular(expression)
        else:
            phrase = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            if quoted is None and not _is_plain(phrase):
                raise PatternError(f"Invalid character(s) in term '{phrase[:40]}'")
            term = _contains(phrase)
        (either if sign == "?" else unwanted if sign == "-" else wanted).append(term)
        position = found.end()

    def match(message: str) -> Mapping[str, str] | None:
        if not all(term(message) for term in wanted) or any(term(message) for term in unwanted):
            return None
        # Beside terms that must be there, those that may be have no say.
        if either and not wanted and not any(term(message) for term in either):
            return None
        return {}

    return match


def _is_plain(term: str) -> bool:
    """Terms with characters other than letters, digits and underscores must be in quotes; AWS lets these through."""
    return re.fullmatch(r"[\w.*:/@#&=,;+~^<>|!$()'\[\]{}?-]+", term) is not None


def _contains(phrase: str) -> Callable[[str], bool]:
    return lambda message: phrase in message


def _regular(expression: str) -> Callable[[str], bool]:
    return lambda message: search(expression, message)


def extracted(match: Match, messages: Sequence[str]) -> list[tuple[int, str, Mapping[str, str]]]:
    """The messages that match: number (from 1), text, extracted values."""
    found = []
    for number, message in enumerate(messages, 1):
        values = match(message)
        if values is not None:
            found.append((number, message, values))
    return found
