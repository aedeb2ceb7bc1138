"""A request held against its shape, with AWS's own wording.

``1 validation error detected: Value 'xx' at 'languageCode' failed to satisfy constraint: Member must satisfy enum
value set: [en, es, …]``. A shape is compiled once into closures.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from time import monotonic
from typing import Any

import regex

from honmono.wire.model import Shape
from honmono.wire.patterns import compile_pattern, is_plain

_PATTERN_SECONDS = 0.25
_QUICK_PLAIN, _QUICK_ANY = 512, 12  # characters that a plain pattern and any pattern match within a millisecond
_MOST = 100
_SHOWN = 256
_log = logging.getLogger("honmono.wire")


class Violations(list[str]):
    """What was found wrong with a value; all of its patterns together have ``_PATTERN_SECONDS``."""

    __slots__ = ("_deadline",)

    def __init__(self) -> None:
        super().__init__()
        self._deadline: float | None = None

    def seconds_left(self) -> float:
        """The time that is left for matching patterns; never zero."""
        now = monotonic()
        if self._deadline is None:
            self._deadline = now + _PATTERN_SECONDS
        return max(self._deadline - now, 0.001)

    @property
    def is_full(self) -> bool:
        """Whether there are enough: a hostile list would have millions."""
        return len(self) >= _MOST


Path = tuple["Path", str] | None
"""Where a value is: the place of what it is in, and its own name there. Spelled out when something is wrong."""
Check = Callable[[Any, Path, Violations], None]
"""Takes a value, its path and the list that violations are added to."""


def compile_check(
    shape: Shape, *, closed: bool = False, open_enums: Collection[str] = (), open_patterns: Collection[str] = ()
) -> Check:
    """The check of a shape. With ``closed``, members that the model does not name are violations too; strings of the
    shapes that ``open_enums`` names may have other values than the model says, those of ``open_patterns`` other forms.

    Answers are checked closed in the tests, and without minimum lengths, which AWS's own answers break (the user id of
    a root, an empty map of tags); requests are open, as on AWS, which ignores what it does not know.
    """
    return _Compiler(closed, open_enums, open_patterns).check(shape)


def violations(check: Check, value: Any) -> list[str]:
    """Every violation found in a value, in AWS's wording."""
    found = Violations()
    check(value, None, found)
    return found


def message(found: Sequence[str]) -> str:
    """The text of a ValidationException for these violations."""
    plural = "s" if len(found) > 1 else ""
    return f"{len(found)} validation error{plural} detected: " + "; ".join(found)


class _Compiler:
    def __init__(self, closed: bool, open_enums: Collection[str], open_patterns: Collection[str]) -> None:
        self.closed = closed
        self.open_enums = open_enums
        self.open_patterns = open_patterns
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
        checked = [
            (name, _lower_first(name), self.check(member), name in shape.required and not _streams(member))
            for name, member in shape.members.items()
        ]
        members = [entry for entry in checked if entry[2] is not _nothing or entry[3]]
        names = frozenset(shape.members)
        union = bool(shape.traits.get("union"))
        closed = self.closed

        def check(value: dict[str, Any], path: Path, found: Violations) -> None:
            for name, shown, member_check, required in members:
                item = value.get(name)
                if item is not None:
                    member_check(item, (path, shown), found)
                elif required:
                    found.append(_null((path, shown)))
            if union and sum(value.get(name) is not None for name in names) != 1:
                found.append(_violation(shape, value, path, "Member must have exactly one member set"))
            if closed and not names.issuperset(value):
                extra = ", ".join(sorted(set(value) - names))
                found.append(f"Value at '{_spelled(path)}' has members that {shape.name} does not: {extra}")

        return check

    def _list(self, shape: Shape) -> Check:
        member_check = self.check(shape.member)
        size = _size(shape, self.closed)
        sparse = bool(shape.traits.get("sparse"))

        def check(value: list[Any], path: Path, found: Violations) -> None:
            size(value, path, found)
            if member_check is _nothing and (sparse or None not in value):
                return
            for index, item in enumerate(value, 1):
                if item is not None:
                    member_check(item, (path, f"{index}.member"), found)
                elif not sparse:
                    found.append(_null((path, f"{index}.member")))
                if found.is_full:
                    return

        return check

    def _map(self, shape: Shape) -> Check:
        key_check, value_check, size = self.check(shape.key), self.check(shape.value), _size(shape, self.closed)

        def check(value: dict[str, Any], path: Path, found: Violations) -> None:
            size(value, path, found)
            for key, item in value.items():
                key_check(key, (path, "key"), found)
                if item is not None:
                    value_check(item, (path, f"{key}.member"), found)
                if found.is_full:
                    return

        return check

    def _string(self, shape: Shape) -> Check:
        checks: list[Check] = []
        if "min" in shape.traits or "max" in shape.traits:
            checks.append(_size(shape, self.closed))
        if "enum" in shape.traits and shape.name not in self.open_enums:
            checks.append(_enum(shape))
        if "pattern" in shape.traits and shape.name not in self.open_patterns:
            checks.append(_pattern(shape))
        return _all(checks)

    def _number(self, shape: Shape) -> Check:
        low, high = shape.traits.get("min"), shape.traits.get("max")
        if low is None and high is None:
            return _nothing

        def check(value: float, path: Path, found: Violations) -> None:
            if low is not None and not value >= low:  # not a number is no number in the range
                found.append(_violation(shape, value, path, f"Member must have value greater than or equal to {low}"))
            elif high is not None and value > high:
                found.append(_violation(shape, value, path, f"Member must have value less than or equal to {high}"))

        return check

    def _blob(self, shape: Shape) -> Check:
        if shape.is_streaming or ("min" not in shape.traits and "max" not in shape.traits):
            return _nothing
        return _size(shape, self.closed)


def _streams(member: Shape) -> bool:
    return member.is_streaming or member.is_eventstream


def _nothing(value: Any, path: Path, found: Violations) -> None:
    """The check of a shape without constraints."""


def _all(checks: list[Check]) -> Check:
    if not checks:
        return _nothing
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: Path, found: Violations) -> None:
        for one in checks:
            one(value, path, found)

    return check


def _size(shape: Shape, closed: bool) -> Check:
    low, high = None if closed else shape.traits.get("min"), shape.traits.get("max")
    if low is None and high is None:
        return _nothing

    def check(value: Any, path: Path, found: Violations) -> None:
        if low is not None and len(value) < low:
            found.append(_violation(shape, value, path, f"Member must have length greater than or equal to {low}"))
        elif high is not None and len(value) > high:
            found.append(_violation(shape, value, path, f"Member must have length less than or equal to {high}"))

    return check


def _enum(shape: Shape) -> Check:
    values = shape.traits["enum"]
    allowed = frozenset(values)

    def check(value: str, path: Path, found: Violations) -> None:
        if value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(values)}]"
            found.append(_violation(shape, value, path, rule))

    return check


def _pattern(shape: Shape) -> Check:
    source = shape.traits["pattern"]
    try:
        fullmatch = compile_pattern(source).fullmatch
    except regex.error:
        _log.debug("pattern of %s cannot be compiled: %s", shape.name, source)
        return _nothing
    # A clock costs more than most matches: what cannot take long goes without.
    quick = _QUICK_PLAIN if is_plain(source) else _QUICK_ANY
    rule = f"Member must satisfy regular expression pattern: {source}"

    def check(value: str, path: Path, found: Violations) -> None:
        try:
            matches = fullmatch(value) if len(value) <= quick else fullmatch(value, timeout=found.seconds_left())
        except TimeoutError:
            matches = None
        if not matches:
            found.append(_violation(shape, value, path, rule))

    return check


def _violation(shape: Shape, value: Any, path: Path, rule: str) -> str:
    shown = "" if _hides(shape, set()) else f" '{_shown(value)}'"
    return f"Value{shown} at '{_spelled(path)}' failed to satisfy constraint: {rule}"


def _null(path: Path) -> str:
    return f"Value null at '{_spelled(path)}' failed to satisfy constraint: Member must not be null"


def _spelled(path: Path) -> str:
    names: list[str] = []
    while path is not None:
        path, name = path
        names.append(name)
    return ".".join(reversed(names))


def _hides(shape: Shape, seen: set[str]) -> bool:
    """Whether a value of the shape has something sensitive in it."""
    if shape.traits.get("sensitive"):
        return True
    if shape.name in seen:
        return False
    seen.add(shape.name)
    if shape.type == "structure":
        return any(_hides(member, seen) for member in shape.members.values())
    if shape.type == "map":
        return _hides(shape.key, seen) or _hides(shape.value, seen)
    return shape.type == "list" and _hides(shape.member, seen)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        text = "[" + ", ".join(map(str, islice(value, _SHOWN))) + "]"
    elif isinstance(value, bytes):
        text = f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
