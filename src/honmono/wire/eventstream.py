"""`application/vnd.amazon.eventstream`: messages with typed headers, encoded, and decoded as their bytes
come.

A message is: total length, headers' length, CRC32 of these two; headers; payload; CRC32 of all before it;
numbers big-endian. Source: "Event stream encoding" (Amazon Transcribe developer guide) and Smithy's "Amazon
Event Stream Specification".
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"
MAX_HEADERS = 128 * 1024  # bytes
MAX_PAYLOAD = 24 * 1024 * 1024  # bytes

_PRELUDE = struct.Struct("!III")
_PRELUDE_SIZE = _PRELUDE.size
_FRAME_SIZE = _PRELUDE_SIZE + 4
_MAX_VALUE = 32_767  # bytes in one string or byte array
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EventStreamError(Exception):
    """Bytes that are no event stream, or values that do not fit into one."""


class ChecksumMismatch(EventStreamError):
    """A CRC is wrong: the bytes were damaged, or are no event stream."""


class MessageTooLarge(EventStreamError):
    """A message, or one of its parts, is over the limit."""


class MalformedMessage(EventStreamError):
    """Lengths or headers of a message do not make sense."""


class TruncatedStream(EventStreamError):
    """The stream ended within a message."""


class Byte(int):
    """An 8-bit header value."""


class Short(int):
    """A 16-bit header value."""


class Long(int):
    """A 64-bit header value."""


HeaderValue = bool | int | bytes | str | datetime | UUID
"""A plain int is a 32-bit value; `Byte`, `Short` and `Long` are the other widths."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its headers in order, and its payload."""

    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    payload: bytes = b""

    def encode(self) -> bytes:
        """Write the message as it goes over the wire.

        Raises:
            EventStreamError: a header or the payload does not fit.
        """
        headers = encode_headers(self.headers)
        if len(headers) > MAX_HEADERS:
            raise MessageTooLarge(f"Headers of {len(headers)} bytes are over the limit of {MAX_HEADERS}.")
        if len(self.payload) > MAX_PAYLOAD:
            raise MessageTooLarge(f"A payload of {len(self.payload)} bytes is over the limit of {MAX_PAYLOAD}.")
        lengths = struct.pack("!II", _FRAME_SIZE + len(headers) + len(self.payload), len(headers))
        body = b"".join((lengths, struct.pack("!I", crc32(lengths)), headers, self.payload))
        return body + struct.pack("!I", crc32(body))


def event(event_type: str, payload: bytes, content_type: str) -> Message:
    """Make an event. The first one of an RPC service's stream has the type `initial-response`."""
    return Message({":message-type": "event", ":event-type": event_type, ":content-type": content_type}, payload)


def exception(exception_type: str, payload: bytes, content_type: str) -> Message:
    """Make the frame of a modelled exception, with which a stream ends. `payload` is the serialised shape."""
    return Message(
        {":message-type": "exception", ":exception-type": exception_type, ":content-type": content_type},
        payload,
    )


def error(code: str, message: str) -> Message:
    """Make the frame of an error that the model does not know, with which a stream ends."""
    return Message({":message-type": "error", ":error-code": code, ":error-message": message})


def encode_headers(headers: Mapping[str, HeaderValue]) -> bytes:
    """Write headers as they stand in a message (also what a signed event's signature covers).

    Raises:
        EventStreamError: a name or a value does not fit, or is of no type that a header can have.
    """
    out = bytearray()
    for name, value in headers.items():
        raw_name = name.encode()
        if not 1 <= len(raw_name) <= 255:
            raise MalformedMessage(f"A header's name has 1 to 255 bytes, this one {len(raw_name)}: {name[:50]!r}.")
        out.append(len(raw_name))
        out += raw_name
        try:
            out += _encode_value(value)
        except (struct.error, OverflowError) as problem:
            raise MalformedMessage(f"Header {name!r}: {value!r} is out of range ({problem}).") from problem
    return bytes(out)


def _encode_value(value: HeaderValue) -> bytes:
    match value:
        case bool():
            return b"\x00" if value else b"\x01"
        case Byte():
            return struct.pack("!Bb", 2, value)
        case Short():
            return struct.pack("!Bh", 3, value)
        case Long():
            return struct.pack("!Bq", 5, value)
        case int():
            return struct.pack("!Bi", 4, value)
        case bytes():
            return _encode_sized(6, value)
        case str():
            return _encode_sized(7, value.encode())
        case datetime():
            return struct.pack("!Bq", 8, (value - _EPOCH) // timedelta(milliseconds=1))
        case UUID():
            return b"\x09" + value.bytes
    raise MalformedMessage(f"A header cannot hold a {type(value).__name__}.")


def _encode_sized(kind: int, raw: bytes) -> bytes:
    if len(raw) > _MAX_VALUE:
        raise MessageTooLarge(f"A header's value of {len(raw)} bytes is over the limit of {_MAX_VALUE}.")
    return struct.pack("!BH", kind, len(raw)) + raw


def decode_headers(data: bytes) -> dict[str, HeaderValue]:
    """Read the headers of a message.

    Raises:
        MalformedMessage: they are cut off, of unknown type, not UTF-8, out of range, or a name comes twice.
    """
    headers: dict[str, HeaderValue] = {}
    position = 0
    try:
        while position < len(data):
            name_end = position + 1 + data[position]
            name = data[position + 1 : name_end].decode()
            value, position = _decode_value(data, name_end)
            if not name or name in headers:
                raise MalformedMessage(f"A header has no name, or {name!r} comes twice.")
            headers[name] = value
    except (struct.error, IndexError) as problem:
        raise MalformedMessage("The headers end within a header.") from problem
    except UnicodeDecodeError as problem:
        raise MalformedMessage("A header's name or text is not UTF-8.") from problem
    except OverflowError as problem:
        raise MalformedMessage("A header's timestamp is out of range.") from problem
    return headers


# Type byte → (layout, what it becomes); booleans have no bytes, arrays and texts a length before them.
_FIXED: dict[int, tuple[struct.Struct, Callable[[Any], HeaderValue]]] = {
    2: (struct.Struct("!b"), Byte),
    3: (struct.Struct("!h"), Short),
    4: (struct.Struct("!i"), int),
    5: (struct.Struct("!q"), Long),
    8: (struct.Struct("!q"), lambda value: _EPOCH + timedelta(milliseconds=value)),
    9: (struct.Struct("!16s"), lambda value: UUID(bytes=value)),
}


def _decode_value(data: bytes, position: int) -> tuple[HeaderValue, int]:
    kind = data[position]
    position += 1
    if kind <= 1:
        return kind == 0, position
    if kind in _FIXED:
        layout, make = _FIXED[kind]
        (raw,) = layout.unpack_from(data, position)
        return make(raw), position + layout.size
    if kind not in (6, 7):
        raise MalformedMessage(f"A header is of the unknown type {kind}.")
    (length,) = struct.unpack_from("!H", data, position)
    start = position + 2
    value = data[start : start + length]
    if len(value) != length:
        raise MalformedMessage("The headers end within a header.")
    return (value if kind == 6 else value.decode()), start + length


class EventStreamDecoder:
    """Take a stream of messages apart while it arrives. After an error it is of no further use."""

    def __init__(self, *, max_payload: int = MAX_PAYLOAD) -> None:
        """Start a stream. `max_payload` is the most bytes that a message's payload may have."""
        self._max_payload = max_payload
        self._buffer = bytearray()
        # Bytes of the message at the buffer's start; 0 until its prelude has been read and found good.
        self._total = 0
        self._headers_length = 0

    def feed(self, data: bytes) -> list[Message]:
        """Take the next bytes off the socket; give the messages that they complete.

        Raises:
            EventStreamError: damaged, malformed or too large.
        """
        self._buffer += data
        messages = []
        start = 0
        with memoryview(self._buffer) as view:
            while True:
                available = len(view) - start
                if not self._total and available >= _PRELUDE_SIZE:
                    self._read_prelude(view[start : start + _PRELUDE_SIZE])
                if not self._total or available < self._total:
                    break
                messages.append(self._read_message(bytes(view[start : start + self._total])))
                start += self._total
                self._total = 0
        del self._buffer[:start]
        return messages

    def finish(self) -> None:
        """Say that the stream is over.

        Raises:
            TruncatedStream: it ended within a message.
        """
        if self._buffer:
            expected = self._total or _PRELUDE_SIZE
            raise TruncatedStream(
                f"The stream ended after {len(self._buffer)} of at least {expected} bytes of a message."
            )

    def _read_prelude(self, prelude: memoryview) -> None:
        total, headers_length, crc = _PRELUDE.unpack(prelude)
        if crc32(prelude[:8]) != crc:
            raise ChecksumMismatch("The CRC of a message's prelude is wrong: this is no event stream, or damaged.")
        if headers_length > MAX_HEADERS:
            raise MessageTooLarge(f"Headers of {headers_length} bytes are over the limit of {MAX_HEADERS}.")
        payload_length = total - headers_length - _FRAME_SIZE
        if payload_length < 0:
            raise MalformedMessage(f"A message of {total} bytes cannot hold headers of {headers_length} bytes.")
        if payload_length > self._max_payload:
            raise MessageTooLarge(f"A payload of {payload_length} bytes is over the limit of {self._max_payload}.")
        self._total, self._headers_length = total, headers_length

    def _read_message(self, data: bytes) -> Message:
        (crc,) = struct.unpack_from("!I", data, len(data) - 4)
        if crc32(memoryview(data)[:-4]) != crc:
            raise ChecksumMismatch("The CRC of a message is wrong: it was damaged on the way.")
        headers_end = _PRELUDE_SIZE + self._headers_length
        headers = decode_headers(data[_PRELUDE_SIZE:headers_end])
        return Message(headers, data[headers_end:-4])


def decode_message(data: bytes) -> Message:
    """Read exactly one message, such as the one inside a signed event.

    Raises:
        EventStreamError: damaged, malformed, too large, cut off, or more than one.
    """
    decoder = EventStreamDecoder()
    messages = decoder.feed(data)
    decoder.finish()
    if len(messages) != 1:
        raise MalformedMessage(f"One message is expected, {len(messages)} came.")
    return messages[0]
