"""What the RPC protocols share: one document each way, the whole request in the body, errors with ``__type``."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from honmono.wire.documents import Form, Read, Write, compile_reader, compile_writer
from honmono.wire.errors import ServiceError
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


class RpcProtocol(Protocol):
    """An RPC protocol; ``form`` is the format of its documents."""

    form: ClassVar[Form]

    def __init__(self) -> None:
        self._readers: dict[Operation, Read] = {}
        self._writers: dict[Operation, Write] = {}

    @abstractmethod
    def load(self, body: bytes) -> Any:
        """The document in a body.

        Raises SerializationError.
        """

    @abstractmethod
    def dump(self, document: Any) -> bytes:
        """The document as a body."""

    @abstractmethod
    def headers(self, operation: Operation | None, request_id: str) -> dict[str, str]:
        """The header fields of an answer."""

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The body by the operation's input shape."""
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = compile_reader(operation.input, self.form)
        parsed: dict[str, Any] = reader(self.load(request.body))
        return parsed

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """The output as a document."""
        writer = self._writers.get(operation)
        if writer is None:
            writer = compile_writer(operation.output, self.form, only=plain_members(operation))
            self._writers[operation] = writer
        response = Response(200, self.headers(operation, request_id), self.dump(writer(output)))
        if operation.streaming_output is None:
            return response
        return event_answer(operation, output, self.form, response)

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """``{"__type": name, "message": …}`` with the members of the error's shape."""
        shape = error_shape(operation, error)
        code = error_code(shape, error)
        status = error_status(shape, error)
        body = {"__type": shape.name if shape is not None else code, **error_members(shape, error, self.form)}
        headers = self.headers(operation, request_id)
        if self.form == "json":
            headers["x-amzn-errortype"] = body["__type"]
        if operation is not None and "awsQueryCompatible" in operation.model.metadata:
            headers["x-amzn-query-error"] = f"{code};{'Receiver' if status >= 500 else 'Sender'}"
        return Response(status, headers, self.dump(body))


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
