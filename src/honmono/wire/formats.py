"""JSON and CBOR bytes to documents and back, within bounds that a hostile body cannot leave."""

from __future__ import annotations

from typing import Any

import cbor2
import orjson

from honmono.wire.errors import SerializationError

_MOST_JSON_ITEMS = 1_000_000
_MOST_CBOR_ITEMS = 500_000
_LARGE_JSON = 1024 * 1024
_LARGE_CBOR = 256 * 1024
"""Bytes below which a body is not worth a count: an empty list takes one to three bytes here, and 56 in memory."""


def load_json(body: bytes) -> Any:
    """The document in a request's body; an empty body is an empty structure.

    Raises SerializationError.
    """
    if not body:
        return {}
    if len(body) > _LARGE_JSON and sum(map(body.count, (b"{", b"[", b","))) > _MOST_JSON_ITEMS:
        raise SerializationError(f"The request body has more than {_MOST_JSON_ITEMS} values")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise SerializationError(f"The request body is not valid JSON: {error}") from error


def load_cbor(body: bytes) -> Any:
    """The document in a request's body; an empty body is an empty structure.

    Of CBOR's tags only the moment's is taken, as Smithy has it: others build cycles, share values so that a kilobyte
    unfolds into gigabytes, or compile expressions. Raises SerializationError.
    """
    if not body:
        return {}
    if len(body) > _LARGE_CBOR and _has_too_many_items(body):
        raise SerializationError(f"The request body has more than {_MOST_CBOR_ITEMS} values")
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


def _has_too_many_items(body: bytes) -> bool:
    """Count the heads of CBOR's items, stepping over strings."""
    position, items, end = 0, 0, len(body)
    while position < end and items <= _MOST_CBOR_ITEMS:
        items += 1
        kind, info = body[position] >> 5, body[position] & 31
        size = 1 << (info - 24) if 24 <= info <= 27 else 0
        if kind in (2, 3) and info < 28:
            position += int.from_bytes(body[position + 1 : position + 1 + size], "big") if size else info
        position += 1 + size
    return items > _MOST_CBOR_ITEMS


def dump_cbor(document: Any) -> bytes:
    """The document as CBOR, moments as tag 1 with their fraction of a second."""
    return cbor2.dumps(document, datetime_as_timestamp=True)
