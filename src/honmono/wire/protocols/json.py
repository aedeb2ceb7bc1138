"""AWS JSON 1.0 and 1.1: one POST, the operation in X-Amz-Target, everything in the body."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson

from honmono.wire.documents import Read, Write, compile_reader, compile_writer
from honmono.wire.errors import ServiceError
from honmono.wire.events import Form
from honmono.wire.formats import load_json
from honmono.wire.http import Request, Response
from honmono.wire.model import Operation, Shape
from honmono.wire.protocols.base import (
    Protocol,
    error_code,
    error_shape,
    error_status,
    event_answer,
    plain_members,
)


class JsonProtocol(Protocol):
    """AWS JSON. Errors carry their code in ``__type``."""

    name: ClassVar[str] = "json"
    form: ClassVar[Form] = "json"

    def __init__(self) -> None:
        self._readers: dict[Operation, Read] = {}
        self._writers: dict[Operation, Write] = {}

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The JSON body by the operation's input shape."""
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = compile_reader(operation.input, "json")
        parsed: dict[str, Any] = reader(load_json(request.body))
        return parsed

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """The output as JSON."""
        writer = self._writers.get(operation)
        if writer is None:
            writer = self._writers[operation] = compile_writer(operation.output, "json", only=plain_members(operation))
        headers, body = _headers(operation, request_id), orjson.dumps(writer(output))
        if operation.streaming_output is None:
            return Response(200, headers, body)
        return event_answer(operation, output, self.form, Response(200, headers, body))

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """``{"__type": code, "message": …}`` with the members of the error's shape."""
        shape = error_shape(operation, error)
        code = error_code(shape, error)
        status = error_status(shape, error)
        body = {"__type": shape.name if shape is not None else code, **error_members(shape, error)}
        headers = _headers(operation, request_id)
        headers["x-amzn-errortype"] = body["__type"]
        if operation is not None and "awsQueryCompatible" in operation.model.metadata:
            headers["x-amzn-query-error"] = f"{code};{'Receiver' if status >= 500 else 'Sender'}"
        return Response(status, headers, orjson.dumps(body))


def error_members(shape: Shape | None, error: ServiceError, form: str = "json") -> dict[str, Any]:
    """The body's members of an error: the message under the model's spelling, and the error's further members."""
    name = "message"
    found: dict[str, Any] = {}
    if shape is not None:
        name = next((member for member in shape.members if member.lower() == "message"), "message")
        if error.members:
            found = compile_writer(shape, "cbor" if form == "cbor" else "json")(error.members)
    # A message may quote what came in, and that was not always UTF-8.
    found[name] = error.message.encode("utf-8", "replace").decode()
    return found


def _headers(operation: Operation | None, request_id: str) -> dict[str, str]:
    version = operation.model.metadata.get("jsonVersion", "1.1") if operation is not None else "1.1"
    return {"content-type": f"application/x-amz-json-{version}", "x-amzn-requestid": request_id}
