"""Between XML elements and Python values, compiled from shapes, for rest-xml, query and ec2.

Reading refuses document type declarations: entity bombs and external entities come with them. Namespaces are
ignored on the way in, as S3 does. Scalars travel as text and are shared with query strings and headers.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.sax.saxutils import escape, quoteattr

from honmono.wire import timestamps
from honmono.wire.documents import OutputError
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.model import Shape

ReadText = Callable[[str], Any]
WriteText = Callable[[Any], str]
ReadElement = Callable[[Element], Any]
WriteElement = Callable[[Any, str, list[str]], None]
"""Takes a value, the element's name, and the list of text pieces that it appends to."""

_INTEGERS = {"integer": 31, "long": 63, "short": 15, "byte": 7, "biginteger": 1023}
_FLOATS = ("float", "double", "bigdecimal")


_MOST_TAGS = 500_000


class MalformedXML(ServiceError):
    """The body is not well-formed XML, or has the wrong root."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema" + why,
            status=400,
        )


class _Builder(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise MalformedXML(" (document type declarations are not allowed)")


def parse(body: bytes) -> Element:
    """The root element.

    Raises MalformedXML.
    """
    if body.count(b"<") > _MOST_TAGS:
        raise MalformedXML(f" (more than {_MOST_TAGS} tags)")
    parser = XMLParser(target=_Builder())
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise MalformedXML(f" ({error})") from error
    return root


def local_name(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


# Scalars as text


def text_reader(shape: Shape) -> ReadText:
    """A function from text to the scalar that the shape means. It raises SerializationError."""
    kind = shape.type
    if kind in _INTEGERS:
        return _integer_reader(kind, 2 ** _INTEGERS[kind])
    if kind in _FLOATS:
        return _read_float
    if kind == "boolean":
        return _read_boolean
    if kind == "timestamp":
        return _read_timestamp
    if kind == "blob":
        return _read_base64
    return _read_string


def text_writer(shape: Shape, timestamp_format: str = "iso8601") -> WriteText:
    """A function from a scalar to its text."""
    kind = shape.type
    if kind == "boolean":
        return lambda value: "true" if value else "false"
    if kind == "timestamp":
        form = shape.traits.get("timestampFormat", timestamp_format)
        return lambda value: timestamps.spell(value, form)
    if kind == "blob":
        return lambda value: b64encode(value).decode()
    if kind in _INTEGERS:
        return lambda value: str(int(value))
    if kind in _FLOATS:
        return lambda value: repr(float(value))
    return _write_string


def _write_string(value: Any) -> str:
    if not isinstance(value, str):
        raise OutputError(f"a string, not {type(value).__name__}")
    return value


def _read_string(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise SerializationError("A parameter is not UTF-8") from error
    return text


def _integer_reader(kind: str, limit: int) -> ReadText:
    def read(text: str) -> int:
        try:
            value = int(text) if len(text) <= 320 else None
        except ValueError:
            value = None
        if value is None or not -limit <= value < limit:
            raise SerializationError(f"{text[:40]!r} is no {kind}")
        return value

    return read


def _read_float(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise SerializationError(f"{text[:40]!r} is no number") from error


def _read_boolean(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered not in ("true", "false", "1", "0"):
        raise SerializationError(f"{text[:40]!r} is neither true nor false")
    return lowered in ("true", "1")


def _read_timestamp(text: str) -> Any:
    try:
        return timestamps.parse(text.strip())
    except ValueError as error:
        raise SerializationError(f"Unparseable timestamp: {error}") from error


def _read_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SerializationError(f"Invalid base64: {error}") from error


# Elements to values


def compile_element_reader(shape: Shape, *, only: Iterable[str] | None = None) -> ReadElement:
    """A function from an element to the shape's value. It raises SerializationError."""
    compiler = _ElementReaders()
    if only is not None:
        return compiler.structure(shape, frozenset(only))
    return compiler.reader(shape)


class _ElementReaders:
    def __init__(self) -> None:
        self._done: dict[tuple[str, Any, bool], ReadElement] = {}

    def reader(self, shape: Shape) -> ReadElement:
        if shape.type == "structure" or shape.type in ("list", "map"):
            key = (shape.name, shape.location_name, bool(shape.traits.get("flattened")))
            known = self._done.get(key)
            if known is None:
                self._done[key] = lambda element: self._done[key](element)
                known = self._done[key] = getattr(self, shape.type)(shape)
            return known
        read = text_reader(shape)
        return lambda element: read(element.text or "")

    def structure(self, shape: Shape, only: frozenset[str] | None = None) -> ReadElement:
        members: dict[str, tuple[str, Shape, ReadElement]] = {}
        attributes: list[tuple[str, str]] = []
        for name, member in shape.members.items():
            if only is not None and name not in only:
                continue
            wire_name = member.location_name or name
            if member.traits.get("xmlAttribute"):
                attributes.append((name, wire_name.rpartition(":")[2]))
            elif member.type == "list" and member.traits.get("flattened"):
                wire_name = member.location_name or member.member.location_name or name
                members[wire_name] = (name, member, self.reader(member.member))
            elif member.type == "map" and member.traits.get("flattened"):
                members[wire_name] = (name, member, self._entry(member))
            else:
                members[wire_name] = (name, member, self.reader(member))

        def read(element: Element) -> dict[str, Any]:
            found: dict[str, Any] = {}
            for child in element:
                known = members.get(local_name(child.tag))
                if known is None:
                    continue
                name, member, child_reader = known
                value = child_reader(child)
                if member.traits.get("flattened") and member.type == "list":
                    found.setdefault(name, []).append(value)
                elif member.traits.get("flattened") and member.type == "map":
                    found.setdefault(name, {}).update([value])
                else:
                    found[name] = value
            for name, attribute in attributes:
                for given, text in element.attrib.items():
                    if local_name(given) == attribute:
                        found[name] = text
            return found

        return read

    def list(self, shape: Shape) -> ReadElement:
        member = self.reader(shape.member)
        return lambda element: [member(child) for child in element]

    def map(self, shape: Shape) -> ReadElement:
        entry = self._entry(shape)
        return lambda element: dict(entry(child) for child in element)

    def _entry(self, shape: Shape) -> Callable[[Element], tuple[str, Any]]:
        key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
        value_reader = self.reader(shape.value)

        def read(element: Element) -> tuple[str, Any]:
            parts = {local_name(child.tag): child for child in element}
            if key_name not in parts or value_name not in parts:
                raise SerializationError(f"An entry of {shape.name} needs {key_name} and {value_name}")
            return parts[key_name].text or "", value_reader(parts[value_name])

        return read


# Values to elements


def compile_element_writer(
    shape: Shape, *, only: Iterable[str] | None = None, dialect: str = "rest-xml"
) -> WriteElement:
    """A function that writes a value of the shape as an element. It raises OutputError."""
    compiler = _ElementWriters(dialect)
    if only is not None:
        return compiler.structure(shape, frozenset(only))
    return compiler.writer(shape)


class _ElementWriters:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._done: dict[tuple[str, Any, bool], WriteElement] = {}

    def writer(self, shape: Shape) -> WriteElement:
        if shape.type in ("structure", "list", "map"):
            key = (shape.name, shape.location_name, bool(shape.traits.get("flattened")))
            known = self._done.get(key)
            if known is None:
                self._done[key] = lambda value, name, out: self._done[key](value, name, out)
                known = self._done[key] = getattr(self, shape.type)(shape)
            return known
        write = text_writer(shape)

        def scalar(value: Any, name: str, out: list[str]) -> None:
            out.append(f"<{name}>{escape_text(write(value))}</{name}>")

        return scalar

    def structure(self, shape: Shape, only: frozenset[str] | None = None) -> WriteElement:
        names = frozenset(shape.members)
        namespace = shape.traits.get("xmlNamespace")
        opening = ""
        if isinstance(namespace, dict):
            prefix = f":{namespace['prefix']}" if namespace.get("prefix") else ""
            opening = f" xmlns{prefix}={quoteattr(namespace['uri'])}"
        members = [
            (name, member.location_name or name, self.writer(member))
            for name, member in shape.members.items()
            if (only is None or name in only) and not member.traits.get("xmlAttribute")
        ]
        attributes = [
            (name, member.location_name or name)
            for name, member in shape.members.items()
            if member.traits.get("xmlAttribute")
        ]

        def write(value: Any, tag: str, out: list[str]) -> None:
            if not names.issuperset(value):
                raise OutputError(f"{shape.name} has no member {sorted(set(value) - names)}")
            given = "".join(f" {at}={quoteattr(value[name])}" for name, at in attributes if value.get(name))
            out.append(f"<{tag}{opening}{given}>")
            for name, wire_name, member in members:
                item = value.get(name)
                if item is not None:
                    member(item, wire_name, out)
            out.append(f"</{tag}>")

        return write

    def list(self, shape: Shape) -> WriteElement:
        member = self.writer(shape.member)
        flattened = bool(shape.traits.get("flattened"))
        item_name = shape.member.location_name or ("item" if self.dialect == "ec2" else "member")

        def write(value: Any, name: str, out: list[str]) -> None:
            if flattened:
                for item in value:
                    member(item, name, out)
                return
            out.append(f"<{name}>")
            for item in value:
                member(item, item_name, out)
            out.append(f"</{name}>")

        return write

    def map(self, shape: Shape) -> WriteElement:
        key_name, value_name = shape.key.location_name or "key", shape.value.location_name or "value"
        member = self.writer(shape.value)
        flattened = bool(shape.traits.get("flattened"))

        def write(value: Any, name: str, out: list[str]) -> None:
            entry = name if flattened else "entry"
            if not flattened:
                out.append(f"<{name}>")
            for key, item in value.items():
                out.append(f"<{entry}><{key_name}>{escape_text(str(key))}</{key_name}>")
                member(item, value_name, out)
                out.append(f"</{entry}>")
            if not flattened:
                out.append(f"</{name}>")

        return write


def error_elements(shape: Shape | None, error: ServiceError) -> str:
    """An error's further members as elements: by the error's shape, and as plain text where it has none."""
    pieces: list[str] = []
    modelled = shape.members if shape is not None else {}
    for name, value in error.members.items():
        if value is None:
            continue
        if name in modelled:
            member = modelled[name]
            compile_element_writer(member)(value, member.location_name or name, pieces)
        else:
            pieces.append(f"<{name}>{escape_text(str(value))}</{name}>")
    return "".join(pieces)


_CONTROL = {code: "�" for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: "�", 0xFFFF: "�"}


def escape_text(text: str) -> str:
    """Text as XML character data; a carriage return is kept by reference, what XML cannot say becomes U+FFFD."""
    return escape(text.translate(_CONTROL), {"\r": "&#13;"})


def document(pieces: list[str]) -> bytes:
    """The pieces as a UTF-8 document with its declaration."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(pieces)).encode("utf-8", "replace")
