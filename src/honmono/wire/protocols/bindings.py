"""Where REST's members travel: labels of the path, parameters of the query, header fields, the status."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import orjson

from honmono.wire.errors import SerializationError
from honmono.wire.http import Request, Response
from honmono.wire.model import Shape
from honmono.wire.xml import ReadText, WriteText, text_reader, text_writer

Bind = Callable[[Request, dict[str, str], dict[str, Any]], None]
"""Takes a request and its labels, and puts a member into what was found."""
Spread = Callable[[Any, Response], None]
"""Takes a member's value and puts it into an answer."""


# Bindings of requests


def compile_binding(name: str, member: Shape) -> Bind:
    """How a member that travels outside the body is read."""
    wire_name = member.location_name or name
    if member.location == "uri":
        read = text_reader(member)

        def from_label(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
            if wire_name in labels:
                found[name] = read(labels[wire_name])

        return from_label
    if member.location == "querystring":
        return _query_binding(name, wire_name, member)
    if member.location == "headers":
        prefix = wire_name.lower()

        def from_prefixed(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
            fields = {field[len(prefix) :]: text for field, text in request.headers.items() if field.startswith(prefix)}
            if fields:
                found[name] = fields

        return from_prefixed
    header, read_header = wire_name.lower(), _header_reader(member)

    def from_header(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
        text = request.headers.get(header)
        if text is not None:
            found[name] = read_header(text)

    return from_header


def _query_binding(name: str, wire_name: str, member: Shape) -> Bind:
    if member.type == "map":
        many = member.value.type == "list"

        def from_all(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
            found[name] = {key: texts if many else texts[0] for key, texts in request.query.items()}

        return from_all
    if member.type == "list":
        read_item = text_reader(member.member)

        def from_repeated(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
            if wire_name in request.query:
                found[name] = [read_item(text) for text in request.query[wire_name]]

        return from_repeated
    read = text_reader(member)

    def from_query(request: Request, labels: dict[str, str], found: dict[str, Any]) -> None:
        texts = request.query.get(wire_name)
        if texts is not None and (texts[0] or member.type == "string"):
            found[name] = read(texts[0])

    return from_query


def _header_reader(member: Shape) -> ReadText:
    if member.traits.get("jsonvalue"):
        return _read_json_header
    if member.type == "list":
        read = text_reader(member.member)
        if member.member.type == "timestamp":
            # RFC 822's own comma stands behind the day's name.
            return lambda text: [read(item.strip()) for item in _MOMENT_COMMA.split(text)]
        return lambda text: [read(item) for item in _header_items(text)]
    return text_reader(member)


_MOMENT_COMMA = re.compile(r"(?<![A-Za-z]{3}),")
_HEADER_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(?:,|$)')


def _header_items(text: str) -> list[str]:
    """The items of a list in a header; one with a comma in it stands in quotes."""
    if '"' not in text:
        return [item.strip() for item in text.split(",")]
    found: list[str] = []
    position = 0
    while position < len(text):
        item = _HEADER_ITEM.match(text, position)
        if item is None:
            raise SerializationError(f"A list in a header has a quote that does not end: {text[:60]!r}")
        found.append(item[2] if item[1] is None else re.sub(r"\\(.)", r"\1", item[1]))
        position = item.end()
    return found


def _read_json_header(text: str) -> Any:
    try:
        return json.loads(b64decode(text, validate=True))
    except ValueError as error:
        raise SerializationError(f"A header that should carry base64 JSON does not: {error}") from error


# Spreading of answers


def compile_spread(name: str, member: Shape) -> Spread:
    """How a member that travels outside the body is written."""
    if member.location == "statusCode":

        def to_status(value: Any, response: Response) -> None:
            response.status = int(value)

        return to_status
    wire_name = member.location_name or name
    if member.location == "headers":

        def to_prefixed(value: Any, response: Response) -> None:
            for key, text in value.items():
                response.headers[f"{wire_name}{key}".lower()] = str(text)

        return to_prefixed
    header, write = wire_name.lower(), _header_writer(member)

    def to_header(value: Any, response: Response) -> None:
        response.headers[header] = write(value)

    return to_header


def _header_writer(member: Shape) -> WriteText:
    if member.traits.get("jsonvalue"):
        return lambda value: b64encode(orjson.dumps(value)).decode()
    if member.type == "list":
        write = text_writer(member.member, "rfc822")
        return lambda value: ",".join(write(item) for item in value)
    return text_writer(member, "rfc822")
