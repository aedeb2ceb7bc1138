"""The two REST protocols: labels in the path, parameters in the query and headers, the rest in the body.

rest-json and rest-xml bind alike; they differ in the body's format and in how an error looks.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from honmono.wire.documents import Read, Write, compile_reader, compile_writer
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.events import CONTENT_TYPE, Form, encode_events
from honmono.wire.formats import load_json
from honmono.wire.http import Body, Request, Response
from honmono.wire.model import Operation, Shape
from honmono.wire.protocols.base import Protocol, error_code, error_shape, error_status
from honmono.wire.protocols.bindings import Bind, Spread, compile_binding, compile_spread
from honmono.wire.protocols.rpc import error_members
from honmono.wire.xml import (
    MalformedXML,
    compile_element_reader,
    compile_element_writer,
    document,
    error_elements,
    escape_text,
    local_name,
    parse,
)


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
    form: ClassVar[Form]
    """The format of documents, and of those within events."""

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
        bindings = [compile_binding(name, member) for name, member in shape.members.items() if member.location]
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
                if shape.is_eventstream:
                    response.body = encode_events(value, shape, self.form)
                else:
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
        spreads = [(name, compile_spread(name, member)) for name, member in shape.members.items() if member.location]
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
    form: ClassVar[Form] = "json"

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
    form: ClassVar[Form] = "xml"

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


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise SerializationError(f"The request body is not UTF-8: {error}") from error


def _content_type(shape: Shape) -> str | None:
    if shape.is_eventstream:
        return CONTENT_TYPE
    return "application/octet-stream" if shape.type == "blob" else "text/plain"


def _raw(value: Any) -> Body:
    return value.encode() if isinstance(value, str) else value
