"""Between document formats (JSON, CBOR) and Python values, compiled from shapes.

Reading turns base64 into bytes and epoch seconds into datetimes, drops nulls and unknown members, and refuses wrong
types in the words of AWS's own parser. Writing does the reverse and refuses members that the model does not name.
A ``jsonvalue`` is an object only in a header; in a body it is a string that holds JSON, as boto3 has it.
"""

from __future__ import annotations

import binascii
import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

from honmono.wire import timestamps
from honmono.wire.errors import SerializationError
from honmono.wire.model import Shape

Form = Literal["json", "cbor"]
Read = Callable[[Any], Any]
Write = Callable[[Any], Any]

_INTEGERS = {"integer": 2**31, "long": 2**63, "short": 2**15, "byte": 2**7, "biginteger": 2**1024}
_FLOATS = ("float", "double", "bigdecimal")
_KINDS = {
    dict: "START_OBJECT",
    list: "START_ARRAY",
    str: "STRING_VALUE",
    bool: "TRUE_VALUE",
    int: "NUMBER_VALUE",
}


class OutputError(TypeError):
    """A service returned what its model does not allow: a bug of ours, never the client's."""


# Reading


def compile_reader(shape: Shape, form: Form, *, only: Iterable[str] | None = None) -> Read:
    """A function from a parsed document to Python values.

    ``only`` restricts the outermost structure to these members. The function raises SerializationError.
    """
    compiler = _ReaderCompiler(form)
    if only is not None:
        return compiler.structure(shape, frozenset(only))
    return compiler.reader(shape)


class _ReaderCompiler:
    def __init__(self, form: Form) -> None:
        self.form = form
        self._done: dict[str, Read] = {}

    def reader(self, shape: Shape) -> Read:
        kind = shape.type
        if shape.traits.get("document"):
            return _document
        if kind in ("structure", "list", "map"):
            known = self._done.get(shape.name)
            if known is None:
                self._done[shape.name] = lambda value: self._done[shape.name](value)
                known = self._done[shape.name] = getattr(self, kind)(shape)
            return known
        if kind in _INTEGERS:
            return _integer_reader(_INTEGERS[kind], kind)
        if kind in _FLOATS:
            return _read_float
        if kind == "timestamp":
            return _read_timestamp
        if kind == "blob":
            return _read_base64 if self.form == "json" else _read_bytes
        if kind == "boolean":
            return _read_boolean
        return _read_string

    def structure(self, shape: Shape, only: frozenset[str] | None = None) -> Read:
        members = [
            (name, member.location_name or name, self.reader(member))
            for name, member in shape.members.items()
            if only is None or name in only
        ]

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise _mismatch(value, "structure")
            found = {}
            for name, wire_name, member in members:
                item = value.get(wire_name)
                if item is not None:
                    found[name] = member(item)
            return found

        return read

    def list(self, shape: Shape) -> Read:
        member = self.reader(shape.member)

        def read(value: Any) -> list[Any]:
            if type(value) is not list:
                raise _mismatch(value, "list")
            return [member(item) if item is not None else None for item in value]

        return read

    def map(self, shape: Shape) -> Read:
        member = self.reader(shape.value)

        def read(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise _mismatch(value, "map")
            for key in value:
                if type(key) is not str:
                    raise _mismatch(key, "String")
            return {key: member(item) for key, item in value.items() if item is not None}

        return read


def _mismatch(value: Any, wanted: str) -> SerializationError:
    got = "FALSE_VALUE" if value is False else _KINDS.get(type(value), "NUMBER_VALUE")
    if got.startswith("START"):
        return SerializationError(f"{got} token can not be converted to a {wanted}")
    return SerializationError(f"{got} can not be converted to a {wanted}")


def _document(value: Any) -> Any:
    return value


def _read_string(value: Any) -> str:
    if type(value) is not str:
        raise _mismatch(value, "String")
    return value


def _read_boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise _mismatch(value, "Boolean")
    return value


def _integer_reader(limit: int, kind: str) -> Read:
    name = "BigInteger" if kind == "biginteger" else kind.title()

    def read(value: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise _mismatch(value, name)
        if not -limit <= value < limit:
            raise SerializationError(f"Numeric value ({value}) out of range of {name}")
        return value

    return read


def _read_float(value: Any) -> float:
    if type(value) is float or type(value) is int:
        return float(value)
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    raise _mismatch(value, "Double")


def _read_timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return timestamps.utc(value)
    try:
        return timestamps.parse(value)
    except ValueError as error:
        raise SerializationError(f"Unparseable timestamp: {error}") from error


def _read_base64(value: Any) -> bytes:
    if type(value) is not str:
        raise _mismatch(value, "Blob")
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SerializationError(f"Invalid base64: {error}") from error


def _read_bytes(value: Any) -> bytes:
    if type(value) is not bytes:
        raise _mismatch(value, "Blob")
    return value


# Writing


def compile_writer(shape: Shape, form: Form, *, only: Iterable[str] | None = None) -> Write:
    """A function from a service's answer to a document that orjson or cbor2 encodes.

    It raises OutputError when the answer does not fit the shape.
    """
    compiler = _WriterCompiler(form)
    if only is not None:
        return compiler.structure(shape, frozenset(only))
    return compiler.writer(shape)


class _WriterCompiler:
    def __init__(self, form: Form) -> None:
        self.form = form
        self._done: dict[str, Write] = {}

    def writer(self, shape: Shape) -> Write:
        kind = shape.type
        if shape.traits.get("document"):
            return _document
        if kind in ("structure", "list", "map"):
            known = self._done.get(shape.name)
            if known is None:
                self._done[shape.name] = lambda value: self._done[shape.name](value)
                known = self._done[shape.name] = getattr(self, kind)(shape)
            return known
        if kind in _FLOATS:
            return _write_float if self.form == "json" else float
        if kind == "timestamp":
            if self.form == "cbor":
                return _write_cbor_timestamp
            return _timestamp_writer(shape.traits.get("timestampFormat", "unixTimestamp"))
        if kind == "blob":
            return _write_base64 if self.form == "json" else bytes
        if kind in _INTEGERS:
            return int
        if kind == "boolean":
            return bool
        return _write_string

    def structure(self, shape: Shape, only: frozenset[str] | None = None) -> Write:
        members = [
            (name, member.location_name or name, self.writer(member))
            for name, member in shape.members.items()
            if only is None or name in only
        ]
        names = frozenset(shape.members)

        def write(value: Any) -> dict[str, Any]:
            if not names.issuperset(value):
                raise OutputError(f"{shape.name} has no member {sorted(set(value) - names)}")
            found = {}
            for name, wire_name, member in members:
                item = value.get(name)
                if item is not None:
                    found[wire_name] = member(item)
            return found

        return write

    def list(self, shape: Shape) -> Write:
        member = self.writer(shape.member)

        def write(value: Any) -> list[Any]:
            if isinstance(value, (str, bytes, dict)):
                raise OutputError(f"{shape.name} is a list, not {type(value).__name__}")
            return [member(item) for item in value]

        return write

    def map(self, shape: Shape) -> Write:
        member = self.writer(shape.value)

        def write(value: Any) -> dict[str, Any]:
            return {str(key): member(item) for key, item in value.items() if item is not None}

        return write


def _write_float(value: Any) -> float | str:
    number = float(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _write_string(value: Any) -> str:
    if not isinstance(value, str):
        raise OutputError(f"a string, not {type(value).__name__}")
    return value


def _write_base64(value: Any) -> str:
    return b64encode(value).decode()


def _write_cbor_timestamp(value: Any) -> datetime:
    return timestamps.utc(value)


def _timestamp_writer(form: str) -> Write:
    if form == "unixTimestamp":
        return timestamps.epoch
    return lambda value: timestamps.spell(value, form)
