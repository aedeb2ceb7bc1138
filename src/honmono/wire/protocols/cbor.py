"""Smithy RPC v2 with CBOR: POST /service/NAME/operation/NAME, everything in the body."""

from __future__ import annotations

from typing import Any, ClassVar

import cbor2

from honmono.wire.documents import Read, Write, compile_reader, compile_writer
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.http import Request, Response
from honmono.wire.model import Operation
from honmono.wire.protocols.base import Protocol, error_code, error_shape, error_status
from honmono.wire.protocols.json import error_members


class CborProtocol(Protocol):
    """Smithy RPC v2 CBOR. Timestamps are tag 1, blobs are byte strings, errors are shapes with ``__type``."""

    name: ClassVar[str] = "smithy-rpc-v2-cbor"

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
            writer = self._writers[operation] = compile_writer(operation.output, "cbor")
        return Response(200, _headers(request_id), encode(writer(output)))

    def error(self, operation: Operation | None, error: ServiceError, request_id: str) -> Response:
        """The error's shape with its name in ``__type``."""
        shape = error_shape(operation, error)
        code = error_code(shape, error)
        status = error_status(shape, error)
        body = {"__type": shape.name if shape is not None else code, **error_members(shape, error, "cbor")}
        headers = _headers(request_id)
        if operation is not None and "awsQueryCompatible" in operation.model.metadata:
            headers["x-amzn-query-error"] = f"{code};{'Receiver' if status >= 500 else 'Sender'}"
        return Response(status, headers, encode(body))


def load_cbor(body: bytes) -> Any:
    """The document in a request's body; an empty body is an empty structure.

    Of CBOR's tags only the moment's is taken, as Smithy has it: others build cycles, share values so that a kilobyte
    unfolds into gigabytes, or compile expressions. Raises SerializationError.
    """
    if not body:
        return {}
    if len(body) > _LARGE and _has_too_many_items(body):
        raise SerializationError(f"The request body has more than {_MOST_ITEMS} values")
    try:
        return cbor2.loads(body, tag_hook=_refuse_tag, semantic_decoders=_REFUSALS, strict_hashable_types=True)
    except (cbor2.CBORError, ValueError, RecursionError, OverflowError, TypeError, MemoryError) as error:
        raise SerializationError(f"The request body is not valid CBOR: {str(error)[:200]}") from error


def _refuse_tag(*decoder: Any) -> Any:
    raise SerializationError("The request body has a CBOR tag other than 1 (a moment)")


# The tags that cbor2 would decode by itself; it hands all others to the hook.
_REFUSALS = dict.fromkeys(
    (0, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse_tag
)
_LARGE = 256 * 1024
_MOST_ITEMS = 500_000


def _has_too_many_items(body: bytes) -> bool:
    """Count the heads of CBOR's items, stepping over strings: an empty list takes one byte here, 56 in memory."""
    position, items, end = 0, 0, len(body)
    while position < end and items <= _MOST_ITEMS:
        items += 1
        kind, info = body[position] >> 5, body[position] & 31
        size = 1 << (info - 24) if 24 <= info <= 27 else 0
        if kind in (2, 3) and info < 28:
            position += int.from_bytes(body[position + 1 : position + 1 + size], "big") if size else info
        position += 1 + size
    return items > _MOST_ITEMS


def encode(document: Any) -> bytes:
    """The document as CBOR, moments as tag 1 with their fraction of a second."""
    return cbor2.dumps(document, datetime_as_timestamp=True)


def _headers(request_id: str) -> dict[str, str]:
    return {
        "content-type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
        "x-amzn-requestid": request_id,
    }
