"""The two REST protocols: labels in the path, parameters in the query and headers, the rest in the body.

rest-json and rest-xml bind alike; they differ in the body's format and in how an error looks.
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from honmono.wire.documents import Read, Write, compile_reader, compile_writer
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.http import Body, Request, Response
from honmono.wire.model import Operation, Shape
from honmono.wire.protocols.base import Protocol, error_code, error_shape, error_status
from honmono.wire.protocols.json import error_members, load_json
from honmono.wire.xml import (
    MalformedXML,
    ReadText,
    WriteText,
    compile_element_reader,
    compile_element_writer,
    document,
    error_elements,
    escape_text,
    local_name,
    parse,
    text_reader,
    text_writer,
)

Bind = Callable[[Request, dict[str, str], dict[str, Any]], None]
Spread = Callable[[Any, Response], None]


@dataclass(frozen=True, slots=True)
class _Input:
    bindings: list[Bind]
    payload: tuple[str, Shape] | None
    read: Read | None
    """Reads the body (or the payload structure); None where the body is raw or empty."""


@dataclass(frozen=True, slots=True)
class _Output:
    spreads: list[tuple[str, Spread]]
    payload: tuple[str, Shape] | None
    write: Callable[[Any], bytes] | None


class RestProtocol(Protocol):
    """What rest-json and rest-xml share."""

    content_type: ClassVar[str]

    def __init__(self) -> None:
        self._inputs: dict[Operation, _Input] = {}
        self._outputs: dict[Operation, _Output] = {}

    @abstractmethod
    def body_reader(self, shape: Shape, only: list[str] | None) -> Callable[[bytes], Any]:
        """A reader of the body as that structure, or as only some of its members."""

    @abstractmethod
    def body_writer(self, operation: Operation, shape: Shape, only: list[str] | None) -> Callable[[Any], bytes]:
        """A writer of the body."""

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The request's path, query, headers and body by the operation's input shape."""
        known = self._inputs.get(operation)
        if known is None:
            known = self._inputs[operation] = self._compile_input(operation)
        found: dict[str, Any] = {}
        if known.payload is not None:
            name, shape = known.payload
            if shape.is_eventstream:
                pass  # the gateway gives the method the stream of events
            elif shape.is_streaming and request.stream is not None:
                found[name] = request.stream
            elif known.read is not None:
                if request.body:
                    found[name] = known.read(request.body)
            elif shape.type == "blob":
                found[name] = request.body
            elif request.body:
                found[name] = _utf8(request.body)
        elif known.read is not None:
            found = known.read(request.body)
        for bind in known.bindings:
            bind(request, labels, found)
        return found

    def _compile_input(self, operation: Operation) -> _Input:
        shape = operation.input
        bindings = [_binding(name, member) for name, member in shape.members.items() if member.location]
        payload_name = shape.traits.get("payload")
        if payload_name:
            payload = shape.members[payload_name]
            read = self.body_reader(payload, None) if payload.type in ("structure", "list", "map") else None
            if payload.is_eventstream:
                read = None
            return _Input(bindings, (payload_name, payload), read)
        only = [name for name, member in shape.members.items() if member.location is None]
        return _Input(bindings, None, self.body_reader(shape, only) if only else None)

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """Status, headers and body by the operation's output shape."""
        known = self._outputs.get(operation)
        if known is None:
            known = self._outputs[operation] = self._compile_output(operation)
        response = Response(operation.response_code, {"x-amzn-requestid": request_id})
        for name, spread in known.spreads:
            value = output.get(name)
            if value is not None:
                spread(value, response)
        if known.payload is not None:
            name, shape = known.payload
            value = output.get(name)
            if value is not None:
                response.body = known.write(value) if known.write else _raw(value)
            default = self.content_type if known.write else _content_type(shape)
            if default:
                response.headers.setdefault("content-type", default)
        elif known.write is not None:
            response.headers.setdefault("content-type", self.content_type)
            response.body = known.write(output)
        return response

    def _compile_output(self, operation: Operation) -> _Output:
        shape = operation.output
        spreads = [(name, _spread(name, member)) for name, member in shape.members.items() if member.location]
        payload_name = shape.traits.get("payload")
        if payload_name:
            payload = shape.members[payload_name]
            structured = payload.type in ("structure", "list", "map") and not payload.is_eventstream
            writer = self.body_writer(operation, payload, None) if structured else None
            return _Output(spreads, (payload_name, payload), writer)
        only = [name for name, member in shape.members.items() if member.location is None]
        if not only:
            return _Output(spreads, None, self.empty_body())
        return _Output(spreads, None, self.body_writer(operation, shape, only))

    def empty_body(self) -> Callable[[Any], bytes] | None:
        """The writer of the body of an answer that has no body members."""
        return None


class RestJsonProtocol(RestProtocol):
    """REST with JSON bodies (Polly, Lex, Lambda)."""

    name: ClassVar[str] = "rest-json"
    content_type: ClassVar[str] = "application/json"

    def body_reader(self, shape: Shape, only: list[str] | None) -> Callable[[bytes], Any]:
        """JSON to the structure."""
        read = compile_reader(shape, "json", only=only)
        return lambda body: read(load_json(body))

    def body_writer(self, operation: Operation, shape: Shape, only: list[str] | None) -> Callable[[Any], bytes]:
        """The structure to JSON."""
        write: Write = compile_writer(shape, "json", only=only)
        return lambda value: orjson.dumps(write(value))

    def empty_body(self) -> Callable[[Any], bytes] | None:
        """AWS sends ``{}``."""
        return lambda value: b"{}"

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """The code in ``x-amzn-errortype``, the message and members in the body."""
        shape = error_shape(operation, error)
        status = error_status(shape, error)
        headers = {
            "content-type": "application/json",
            "x-amzn-requestid": request_id,
            "x-amzn-errortype": shape.name if shape is not None else error.code,
        }
        return Response(status, headers, orjson.dumps(error_members(shape, error)))


class RestXmlProtocol(RestProtocol):
    """REST with XML bodies (S3)."""

    name: ClassVar[str] = "rest-xml"
    content_type: ClassVar[str] = "application/xml"

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The request's members; a parameter of the wrong type is S3's InvalidArgument."""
        try:
            return super().parse(operation, request, labels)
        except SerializationError as error:
            raise ServiceError("InvalidArgument", error.message, status=400) from error

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """The answer, with the request's id where S3's clients look for it."""
        response = super().answer(operation, output, request_id)
        response.headers["x-amz-request-id"] = request_id
        return response

    def body_reader(self, shape: Shape, only: list[str] | None) -> Callable[[bytes], Any]:
        """XML to the structure."""
        read = compile_element_reader(shape, only=only)
        expected = shape.location_name

        def read_body(body: bytes) -> Any:
            if not body:
                return {}
            root = parse(body)
            if expected and local_name(root.tag) != expected:
                raise MalformedXML(f" (the root element is {local_name(root.tag)[:60]}, not {expected})")
            try:
                return read(root)
            except SerializationError as error:
                raise MalformedXML(f" ({error.message})") from error

        return read_body

    def body_writer(self, operation: Operation, shape: Shape, only: list[str] | None) -> Callable[[Any], bytes]:
        """The structure to XML, under the root that AWS uses."""
        write = compile_element_writer(shape, only=only)
        root = operation.model.output_roots.get(operation.name) or shape.location_name or shape.name
        namespace = operation.model.namespace
        opening = f"<{root}>"
        rooted = f'<{root} xmlns="{namespace}">' if namespace else opening

        def write_body(value: Any) -> bytes:
            pieces: list[str] = []
            write(value, root, pieces)
            if pieces and pieces[0] == opening:
                pieces[0] = rooted
            return document(pieces)

        return write_body

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """``<Error>`` with the code, the message and the error's further members."""
        shape = error_shape(operation, error)
        body = document(
            [
                f"<Error><Code>{escape_text(error_code(shape, error))}</Code>",
                f"<Message>{escape_text(error.message)}</Message>{error_elements(shape, error)}",
                f"<RequestId>{request_id}</RequestId><HostId>honmono</HostId></Error>",
            ]
        )
        headers = {"content-type": "application/xml", "x-amz-request-id": request_id}
        return Response(error_status(shape, error), headers, body)


# Bindings of requests


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise SerializationError(f"The request body is not UTF-8: {error}") from error


def _binding(name: str, member: Shape) -> Bind:
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


def _spread(name: str, member: Shape) -> Spread:
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


def _content_type(shape: Shape) -> str | None:
    if shape.is_eventstream:
        return "application/vnd.amazon.eventstream"
    return "application/octet-stream" if shape.type == "blob" else "text/plain"


def _raw(value: Any) -> Body:
    return value.encode() if isinstance(value, str) else value
