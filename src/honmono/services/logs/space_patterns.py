"""Patterns for messages of fields between spaces: ``[ip, user, ..., status = 4* || status = 5*, bytes > 1000]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from honmono.services.logs.pattern_syntax import Expression, PatternError, Test, condition

_FIELD = re.compile(r'\[([^\]]*)\]|"((?:[^"\\]|\\.)*)"|(\S+)')
"""Brackets and quotes hold a field together."""

_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)*%|&&|\|\||!=|<=|>=|[=<>()]|[^\s()=<>!&|"%]+)')
_ELLIPSIS = "..."


def compile_fields(text: str) -> Callable[[str], Mapping[str, str] | None]:
    """The function that applies a space-delimited pattern; it extracts every field, unnamed ones by number.

    Raises:
        PatternError: it cannot be read.
    """
    if not text.endswith("]"):
        raise PatternError(f"The pattern lacks its closing bracket: {text[:80]}")
    parts = [part.strip() for part in _split(text[1:-1])]
    if parts.count(_ELLIPSIS) > 1:
        raise PatternError(f"A pattern has at most one '...': {text[:80]}")
    if any(not part for part in parts):
        raise PatternError(f"A field of the pattern is empty: {text[:80]}")
    split = parts.index(_ELLIPSIS) if _ELLIPSIS in parts else None
    fields = [_field(part, text) for part in parts if part != _ELLIPSIS]

    def match(message: str) -> Mapping[str, str] | None:
        values = [next(part for part in found if part is not None) for found in _groups(message)]
        if split is None:
            if len(values) != len(fields):
                return None
            numbers = list(range(len(fields)))
        else:
            if len(values) < len(fields):
                return None
            tail = len(fields) - split
            numbers = [*range(split), *range(len(values) - tail, len(values))]
        extracted = {f"${number + 1}": value for number, value in enumerate(values)}
        for number, (name, test) in zip(numbers, fields, strict=True):
            if test is not None and not test(values[number]):
                return None
            extracted[f"${name}"] = extracted.pop(f"${number + 1}")
        return extracted

    return match


def _groups(message: str) -> list[tuple[str | None, ...]]:
    return [found.groups() for found in _FIELD.finditer(message)]


def _split(text: str) -> list[str]:
    """The parts between commas, those within quotes and regular expressions aside."""
    return [part.rstrip(",") for part in re.findall(r'(?:"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)*%|[^,"%])+,?|,', text)]


def _field(text: str, pattern: str) -> tuple[str, Test | None]:
    tokens: list[str] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise PatternError(f"Invalid character(s) in the field '{text[:40]}'")
        tokens.append(found[1])
        position = found.end()
    names = [token for token in tokens if token not in ("(", ")")]
    name = names[0] if names else ""
    if not re.fullmatch(r"\w+", name):
        raise PatternError(f"A field begins with its name, not with '{name[:40]}'")
    if len(tokens) == 1:
        return name, None
    reader = Expression(tokens, pattern)

    def comparison() -> Test:
        if reader.take() != name:
            raise PatternError(f"A field's conditions are on that field: '{text[:60]}'")
        relation = reader.take()
        if relation not in ("=", "!=", "<", "<=", ">", ">="):
            raise PatternError(f"'{relation[:40]}' is no comparison in '{text[:60]}'")
        return condition(relation, reader.take())

    test = reader.disjunction(comparison)
    if reader.peek() is not None:
        raise PatternError(f"'{reader.peek()}' is not expected in '{text[:60]}'")
    return name, test
