"""A request held against its shape, with AWS's own wording.

``1 validation error detected: Value 'xx' at 'languageCode' failed to satisfy constraint: Member must satisfy enum
value set: [en, es, …]``. A shape is compiled once into closures.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import regex

from honmono.wire.model import Shape

Check = Callable[[Any, str, list[str]], None]
"""Takes a value, its path (``textList.2.member``) and the list that violations are added to."""

_PATTERN_SECONDS = 0.25
_SHOWN = 256
_log = logging.getLogger("honmono.wire")


def compile_check(shape: Shape, *, closed: bool = False) -> Check:
    """The check of a shape. With ``closed``, members that the model does not name are violations too.

    Answers are checked closed in the tests; requests are open, as on AWS, which ignores what it does not know.
    """
    return _Compiler(closed).check(shape)


def violations(check: Check, value: Any) -> list[str]:
    """Every violation found in a value, in AWS's wording."""
    found: list[str] = []
    check(value, "", found)
    return found


def message(found: list[str]) -> str:
    """The text of a ValidationException for these violations."""
    plural = "s" if len(found) > 1 else ""
    return f"{len(found)} validation error{plural} detected: " + "; ".join(found)


class _Compiler:
    def __init__(self, closed: bool) -> None:
        self.closed = closed
        self._done: dict[str, Check] = {}

    def check(self, shape: Shape) -> Check:
        if shape.type in ("structure", "list", "map"):
            known = self._done.get(shape.name)
            if known is None:
                # A shape may contain itself: members look the finished check up when they run.
                self._done[shape.name] = lambda value, path, found: self._done[shape.name](value, path, found)
                known = self._done[shape.name] = getattr(self, f"_{shape.type}")(shape)
            return known
        if shape.type == "string":
            return self._string(shape)
        if shape.type in ("integer", "long", "float", "double", "short", "byte", "bigdecimal", "biginteger"):
            return self._number(shape)
        if shape.type == "blob":
            return self._blob(shape)
        return _nothing

    def _structure(self, shape: Shape) -> Check:
        if shape.is_eventstream or shape.traits.get("document"):
            return _nothing
        members = [
            (name, _lower_first(name), self.check(member), name in shape.required and not member.is_streaming)
            for name, member in shape.members.items()
        ]
        names = frozenset(shape.members)
        union = bool(shape.traits.get("union"))
        closed = self.closed

        def check(value: dict[str, Any], path: str, found: list[str]) -> None:
            for name, shown, member_check, required in members:
                item = value.get(name)
                if item is not None:
                    member_check(item, f"{path}.{shown}" if path else shown, found)
                elif required:
                    at = f"{path}.{shown}" if path else shown
                    found.append(f"Value null at '{at}' failed to satisfy constraint: Member must not be null")
            if union and sum(value.get(name) is not None for name in names) > 1:
                found.append(_violation(shape, value, path, "Member must have exactly one member set"))
            if closed and not names.issuperset(value):
                extra = ", ".join(sorted(set(value) - names))
                found.append(f"Value at '{path}' has members that {shape.name} does not: {extra}")

        return check

    def _list(self, shape: Shape) -> Check:
        member_check = self.check(shape.member)
        size = _size(shape)

        def check(value: list[Any], path: str, found: list[str]) -> None:
            size(value, path, found)
            if member_check is not _nothing:
                for index, item in enumerate(value, 1):
                    if item is not None:
                        member_check(item, f"{path}.{index}.member", found)

        return check

    def _map(self, shape: Shape) -> Check:
        key_check, value_check, size = self.check(shape.key), self.check(shape.value), _size(shape)

        def check(value: dict[str, Any], path: str, found: list[str]) -> None:
            size(value, path, found)
            for key, item in value.items():
                key_check(key, f"{path}.key", found)
                if item is not None:
                    value_check(item, f"{path}.{key}.member", found)

        return check

    def _string(self, shape: Shape) -> Check:
        checks: list[Check] = []
        if "min" in shape.traits or "max" in shape.traits:
            checks.append(_size(shape))
        if "enum" in shape.traits:
            checks.append(_enum(shape))
        if "pattern" in shape.traits:
            checks.append(_pattern(shape))
        return _all(checks)

    def _number(self, shape: Shape) -> Check:
        low, high = shape.traits.get("min"), shape.traits.get("max")
        if low is None and high is None:
            return _nothing

        def check(value: float, path: str, found: list[str]) -> None:
            if low is not None and value < low:
                found.append(_violation(shape, value, path, f"Member must have value greater than or equal to {low}"))
            elif high is not None and value > high:
                found.append(_violation(shape, value, path, f"Member must have value less than or equal to {high}"))

        return check

    def _blob(self, shape: Shape) -> Check:
        if shape.is_streaming or ("min" not in shape.traits and "max" not in shape.traits):
            return _nothing
        return _size(shape)


def _nothing(value: Any, path: str, found: list[str]) -> None:
    """The check of a shape without constraints."""


def _all(checks: list[Check]) -> Check:
    if not checks:
        return _nothing
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: str, found: list[str]) -> None:
        for one in checks:
            one(value, path, found)

    return check


def _size(shape: Shape) -> Check:
    low, high = shape.traits.get("min"), shape.traits.get("max")
    if low is None and high is None:
        return _nothing

    def check(value: Any, path: str, found: list[str]) -> None:
        if low is not None and len(value) < low:
            found.append(_violation(shape, value, path, f"Member must have length greater than or equal to {low}"))
        elif high is not None and len(value) > high:
            found.append(_violation(shape, value, path, f"Member must have length less than or equal to {high}"))

    return check


def _enum(shape: Shape) -> Check:
    values = shape.traits["enum"]
    allowed = frozenset(values)

    def check(value: str, path: str, found: list[str]) -> None:
        if value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(values)}]"
            found.append(_violation(shape, value, path, rule))

    return check


def _pattern(shape: Shape) -> Check:
    source = shape.traits["pattern"]
    # Java's \u takes four digits; the models mean the planes above the first.
    translated = source.replace(r"\u10000-\u10FFFF", r"\U00010000-\U0010FFFF")
    try:
        compiled = regex.compile(translated)
    except regex.error:
        _log.debug("pattern of %s cannot be compiled: %s", shape.name, source)
        return _nothing

    def check(value: str, path: str, found: list[str]) -> None:
        try:
            matches = compiled.fullmatch(value, timeout=_PATTERN_SECONDS)
        except TimeoutError:
            matches = None
        if not matches:
            found.append(_violation(shape, value, path, f"Member must satisfy regular expression pattern: {source}"))

    return check


def _violation(shape: Shape, value: Any, path: str, rule: str) -> str:
    shown = "" if shape.traits.get("sensitive") else f" '{_shown(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {rule}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        text = "[" + ", ".join(map(str, value)) + "]"
    elif isinstance(value, bytes):
        text = f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
