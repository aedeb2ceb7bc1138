"""Event streams between messages and Python values, compiled from shapes.

An event is ``{"AudioEvent": {"AudioChunk": b"…"}}``: the name of a member of the stream's shape, and that member's value.
Some of the value's members travel as headers of the message (``eventheader``), one may be the whole payload
(``eventpayload``); what is left is a document in the payload, in the protocol's own format.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Literal

import orjson

from honmono.wire import validation
from honmono.wire.body import BodyReader
from honmono.wire.documents import OutputError, compile_reader, compile_writer
from honmono.wire.errors import SerializationError, ServiceError
from honmono.wire.eventstream import (
    CONTENT_TYPE,
    Byte,
    EventStreamDecoder,
    EventStreamError,
    HeaderValue,
    Long,
    Message,
    Short,
    decode_message,
    error,
    event,
    exception,
)
from honmono.wire.eventstream_signing import EventSignatureChain, EventSignatureError
from honmono.wire.formats import dump_cbor, load_cbor, load_json
from honmono.wire.model import Shape
from honmono.wire.xml import compile_element_reader, compile_element_writer, document, parse

__all__ = ["CONTENT_TYPE", "Event", "Events", "Form", "encode_events", "read_events"]

Form = Literal["json", "cbor", "xml"]
Event = dict[str, dict[str, Any]]
Events = AsyncIterable[Event] | Iterable[Event]
_log = logging.getLogger("honmono.wire")

_MIME = {"json": "application/json", "cbor": "application/cbor", "xml": "text/xml"}
_INTEGERS: dict[str, type[int]] = {"byte": Byte, "short": Short, "integer": int, "long": Long}
_HEADER_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "blob": (bytes,),
    "boolean": (bool,),
    "timestamp": (datetime,),
    **dict.fromkeys(_INTEGERS, (int,)),
}


def event_form(protocol: str) -> Form:
    """The format of documents within a protocol's events."""
    return "xml" if "xml" in protocol else "cbor" if "cbor" in protocol else "json"


# Events that a client streams in


async def read_events(
    stream: BodyReader,
    shape: Shape,
    form: Form,
    *,
    chain: EventSignatureChain | None = None,
    may_be_unsigned: bool = False,
    validation_code: str | None = None,
) -> AsyncIterator[Event]:
    """The events of a request's body, each as soon as it is there.

    ``chain`` checks the signatures of signed events; where they ``may_be_unsigned``, the first one decides for all. With
    a ``validation_code`` each event is held against its shape. Raises ServiceError where the stream is damaged, cut off,
    wrongly signed or does not fit the shape.
    """
    decoder = EventStreamDecoder()
    readers = {name: _event_reader(member, form) for name, member in shape.members.items()}
    try:
        async for piece in stream:
            for message in decoder.feed(bytes(piece)):
                if may_be_unsigned:
                    may_be_unsigned = False
                    chain = chain if ":chunk-signature" in message.headers else None
                opened = _opened(message, chain)
                if opened is None:
                    return
                found = _read(opened, readers)
                if validation_code is not None:
                    _validate(found, shape, validation_code)
                yield found
        decoder.finish()
    except EventSignatureError as wrong:
        raise ServiceError("InvalidSignatureException", str(wrong), status=403) from wrong
    except EventStreamError as wrong:
        raise SerializationError(str(wrong)) from wrong


def _opened(message: Message, chain: EventSignatureChain | None) -> Message | None:
    """The event itself, out of its signed envelope where it has one; None at the signed end."""
    if chain is None:
        return message
    inner = chain.open(message)
    return decode_message(inner) if inner is not None else None


def _read(message: Message, readers: dict[str, Callable[[Message], dict[str, Any]]]) -> Event:
    kind, name = message.headers.get(":message-type"), message.headers.get(":event-type")
    if kind != "event" or not isinstance(name, str):
        raise SerializationError(f"A client sends messages of the type 'event', with an ':event-type'; not {kind!r}")
    reader = readers.get(name)
    if reader is None:
        raise SerializationError(f"The stream has no event {name[:60]!r}; it has {', '.join(readers)}")
    return {name: reader(message)}


def _validate(found: Event, shape: Shape, code: str) -> None:
    ((name, value),) = found.items()
    violations = validation.violations(_event_check(shape.members[name]), value)
    if violations:
        raise ServiceError(code, validation.message(violations), status=400)


@cache
def _event_check(shape: Shape) -> validation.Check:
    return validation.compile_check(shape)


@cache
def _event_reader(shape: Shape, form: Form) -> Callable[[Message], dict[str, Any]]:
    headers = {name: _HEADER_TYPES[member.type] for name, member in _in_headers(shape).items()}
    payload = _payload_member(shape)
    read_document = _document_reader(shape, form, _in_document(shape)) if payload is None else None

    def read(message: Message) -> dict[str, Any]:
        found: dict[str, Any] = read_document(message.payload) if read_document is not None else {}
        if payload is not None:
            name, read_payload = payload
            found[name] = read_payload(message.payload, form)
        for name, types in headers.items():
            value = message.headers.get(name)
            if value is not None:
                if not isinstance(value, types):
                    raise SerializationError(f"The header {name} of an event is no {types[0].__name__}")
                found[name] = value
        return found

    return read


def _in_headers(shape: Shape) -> dict[str, Shape]:
    return {name: member for name, member in shape.members.items() if member.traits.get("eventheader")}


def _in_document(shape: Shape) -> list[str]:
    return [name for name, member in shape.members.items() if not member.traits.get("eventheader")]


def _payload_member(shape: Shape) -> tuple[str, Callable[[bytes, Form], Any]] | None:
    for name, member in shape.members.items():
        if member.traits.get("eventpayload"):
            if member.type == "blob":
                return name, lambda payload, form: payload
            if member.type == "string":
                return name, lambda payload, form: _text(payload)
            return name, lambda payload, form, shape=member: _document_reader(shape, form, None)(payload)
    return None


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError as wrong:
        raise SerializationError("The payload of an event is not UTF-8") from wrong


def _document_reader(shape: Shape, form: Form, only: list[str] | None) -> Callable[[bytes], Any]:
    if form == "xml":
        read_element = compile_element_reader(shape, only=only)
        return lambda payload: read_element(parse(payload)) if payload else {}
    load = load_json if form == "json" else load_cbor
    read = compile_reader(shape, form, only=only)
    return lambda payload: read(load(payload))


# Events that a service streams out


def encode_events(
    events: Events, shape: Shape, form: Form, *, initial: bytes | None = None
) -> AsyncGenerator[bytes] | Iterator[bytes]:
    """The messages of an answer, one a piece; asynchronous if the events are.

    ``initial`` is the payload of the ``initial-response`` that RPC protocols begin with. A ServiceError that the events
    raise becomes the last message: the stream's own exception of that name, or an error frame with code and message.
    """
    if isinstance(events, AsyncIterable):
        return _encode_async(events, shape, form, initial)
    return _encode(events, shape, form, initial)


async def _encode_async(
    events: AsyncIterable[Event], shape: Shape, form: Form, initial: bytes | None
) -> AsyncGenerator[bytes]:
    if initial is not None:
        yield event("initial-response", initial, _MIME[form]).encode()
    try:
        async for one in events:
            yield _written(one, shape, form).encode()
    except Exception as failure:  # noqa: BLE001 - the answer has begun: its last message tells
        yield _failure(failure, shape, form).encode()
    finally:
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


def _encode(events: Iterable[Event], shape: Shape, form: Form, initial: bytes | None) -> Iterator[bytes]:
    if initial is not None:
        yield event("initial-response", initial, _MIME[form]).encode()
    try:
        for one in events:
            yield _written(one, shape, form).encode()
    except Exception as failure:  # noqa: BLE001 - the answer has begun: its last message tells
        yield _failure(failure, shape, form).encode()
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _written(one: Event, shape: Shape, form: Form) -> Message:
    if len(one) != 1:
        raise OutputError(f"an event of {shape.name} has one name, not {sorted(one)}")
    ((name, value),) = one.items()
    if name not in shape.members:
        raise OutputError(f"{shape.name} has no event {name}")
    member = shape.members[name]
    headers, mime, payload = _event_writer(member, form)(value)
    if member.traits.get("exception"):
        return exception(name, payload, mime)
    message = event(name, payload, mime)
    return Message({**message.headers, **headers}, payload) if headers else message


def _failure(failure: Exception, shape: Shape, form: Form) -> Message:
    if not isinstance(failure, ServiceError):
        _log.error("an event stream of %s failed", shape.name, exc_info=failure)
        return error("InternalFailure", "The server failed while it answered; its log has the details.")
    for name, member in shape.members.items():
        if member.traits.get("exception") and failure.code in (name, member.name):
            said = next((known for known in member.members if known.lower() == "message"), None)
            members = {known: value for known, value in failure.members.items() if known in member.members}
            if said is not None:
                members[said] = failure.message
            return _written({name: members}, shape, form)
    return error(failure.code, failure.message)


@cache
def _event_writer(shape: Shape, form: Form) -> Callable[[Any], tuple[dict[str, HeaderValue], str, bytes]]:
    in_headers = _in_headers(shape)
    payload_name = next((name for name, member in shape.members.items() if member.traits.get("eventpayload")), None)
    payload_shape = shape.members[payload_name] if payload_name is not None else None
    raw = payload_shape is not None and payload_shape.type in ("blob", "string")
    write = _document_writer(payload_shape or shape, form, None if payload_shape else _in_document(shape))
    mime = _MIME[form]
    if raw and payload_shape is not None:
        mime = "application/octet-stream" if payload_shape.type == "blob" else "text/plain"

    def written(value: Any) -> tuple[dict[str, HeaderValue], str, bytes]:
        if not shape.members.keys() >= value.keys():
            raise OutputError(f"{shape.name} has no member {sorted(value.keys() - shape.members.keys())}")
        headers = {
            name: _header_value(value[name], member.type)
            for name, member in in_headers.items()
            if value.get(name) is not None
        }
        content = value.get(payload_name) if payload_name is not None else value
        if raw:
            return headers, mime, content.encode() if isinstance(content, str) else bytes(content or b"")
        return headers, mime, write(content if content is not None else {})

    return written


def _header_value(value: Any, kind: str) -> HeaderValue:
    width = _INTEGERS.get(kind)
    found: HeaderValue = width(value) if width is not None else value
    return found


def _document_writer(shape: Shape, form: Form, only: list[str] | None) -> Callable[[Any], bytes]:
    if form == "xml":
        write_element = compile_element_writer(shape, only=only)

        def write_xml(value: Any) -> bytes:
            pieces: list[str] = []
            write_element(value, shape.location_name or shape.name, pieces)
            return document(pieces)

        return write_xml
    write = compile_writer(shape, form, only=only)
    encode = orjson.dumps if form == "json" else dump_cbor
    return lambda value: encode(write(value))
