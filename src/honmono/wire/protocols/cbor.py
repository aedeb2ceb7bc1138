"""Smithy RPC v2 with CBOR: POST /service/NAME/operation/NAME, everything in the body."""

from __future__ import annotations

from typing import Any, ClassVar

from honmono.wire.documents import Read, Write, compile_reader, compile_writer
from honmono.wire.errors import ServiceError
from honmono.wire.events import Form
from honmono.wire.formats import dump_cbor, load_cbor
from honmono.wire.http import Request, Response
from honmono.wire.model import Operation
from honmono.wire.protocols.base import (
    Protocol,
    error_code,
    error_shape,
    error_status,
    event_answer,
    plain_members,
)
from honmono.wire.protocols.json import error_members


class CborProtocol(Protocol):
    """Smithy RPC v2 CBOR. Timestamps are tag 1, blobs are byte strings, errors are shapes with ``__type``."""

    name: ClassVar[str] = "smithy-rpc-v2-cbor"
    form: ClassVar[Form] = "cbor"

    def __init__(self) -> None:
        self._readers: dict[Operation, Read] = {}
        self._writers: dict[Operation, Write] = {}

    def parse(self, operation: Operation, request: Request, labels: dict[str, str]) -> dict[str, Any]:
        """The CBOR body by the operation's input shape."""
        reader = self._readers.get(operation)
        if reader is None:
            reader = self._readers[operation] = compile_reader(operation.input, "cbor")
        parsed: dict[str, Any] = reader(load_cbor(request.body))
        return parsed

    def answer(self, operation: Operation, output: dict[str, Any], request_id: str) -> Response:
        """The output as CBOR."""
        writer = self._writers.get(operation)
        if writer is None:
            writer = self._writers[operation] = compile_writer(operation.output, "cbor", only=plain_members(operation))
        headers, body = _headers(request_id), dump_cbor(writer(output))
        if operation.streaming_output is None:
            return Response(200, headers, body)
        return event_answer(operation, output, self.form, Response(200, headers, body))

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """The error's shape with its name in ``__type``."""
        shape = error_shape(operation, error)
        code = error_code(shape, error)
        status = error_status(shape, error)
        body = {"__type": shape.name if shape is not None else code, **error_members(shape, error, "cbor")}
        headers = _headers(request_id)
        if operation is not None and "awsQueryCompatible" in operation.model.metadata:
            headers["x-amzn-query-error"] = f"{code};{'Receiver' if status >= 500 else 'Sender'}"
        return Response(status, headers, dump_cbor(body))


def _headers(request_id: str) -> dict[str, str]:
    return {
        "content-type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
        "x-amzn-requestid": request_id,
    }
