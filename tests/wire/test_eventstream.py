"""Event streams: against botocore's decoder, amazon-transcribe's encoder and signer, an encoder by the

# A busy machine is no failure, and each run stands alone.
settings.register_profile("wire", deadline=None, database=None)
settings.load_profile("wire")
specification."""

import hashlib
import hmac
import struct
from binascii import crc32
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from honmono.wire.eventstream import (
    Byte,
    ChecksumMismatch,
    EventStreamDecoder,
    EventStreamError,
    Long,
    MalformedMessage,
    Message,
    MessageTooLarge,
    Short,
    TruncatedStream,
    decode_message,
    encode_headers,
    error,
    event,
    exception,
)
from honmono.wire.eventstream_signing import EventSignatureChain, EventSignatureError
from honmono.wire.signature import PayloadForm, Secret, SignedRequest, signing_key, verify

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)
ALL_TYPES = {
    "yes": True,
    "no": False,
    "byte": Byte(-128),
    "short": Short(-2),
    "int": -70_000,
    "long": Long(1 << 40),
    "bytes": b"\x00\xff",
    "text": "語",
    "time": MOMENT,
    "uuid": UUID("01234567-89ab-cdef-0123-456789abcdef"),
}
# The same headers, written out by the specification.
ALL_TYPES_ENCODED = (
    b"\x03yes\x00"
    b"\x02no\x01"
    b"\x04byte\x02\x80"
    b"\x05short\x03\xff\xfe"
    b"\x03int\x04\xff\xfe\xee\x90"
    b"\x04long\x05\x00\x00\x01\x00\x00\x00\x00\x00"
    b"\x05bytes\x06\x00\x02\x00\xff"
    b"\x04text\x07\x00\x03\xe8\xaa\x9e"
    b"\x04time\x08" + struct.pack(">q", round(MOMENT.timestamp() * 1000)) + b"\x04uuid\x09"
    b"\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"
)


def frame(headers: bytes, payload: bytes = b"", *, total=None, headers_length=None) -> bytes:
    """A message by the specification, with lengths that may be wrong and CRCs that are right."""
    total = len(headers) + len(payload) + 16 if total is None else total
    prelude = struct.pack(">II", total, len(headers) if headers_length is None else headers_length)
    body = prelude + struct.pack(">I", crc32(prelude)) + headers + payload
    return body + struct.pack(">I", crc32(body))


def failure(data):
    decoder = EventStreamDecoder()
    with pytest.raises(EventStreamError) as caught:
        decoder.feed(data)
        decoder.finish()
    return caught.value


def test_every_header_type_is_written_by_the_specification_and_read_back():
    assert encode_headers(ALL_TYPES) == ALL_TYPES_ENCODED
    message = Message(ALL_TYPES, b"payload")
    assert message.encode() == frame(ALL_TYPES_ENCODED, b"payload")
    read = decode_message(message.encode())
    assert read == message
    assert {name: type(value) for name, value in read.headers.items()} == {
        name: type(value) for name, value in ALL_TYPES.items()
    }


def test_botocore_reads_our_events_exceptions_and_errors():
    buffer = EventStreamBuffer()
    buffer.add_data(event("TranscriptEvent", b'{"a":1}', "application/json").encode())
    buffer.add_data(exception("BadRequestException", b'{"Message":"no"}', "application/json").encode())
    buffer.add_data(error("InternalFailure", "it broke").encode())
    first, second, third = (message.to_response_dict() for message in buffer)
    assert first["headers"] == {
        ":message-type": "event",
        ":event-type": "TranscriptEvent",
        ":content-type": "application/json",
    }
    assert (first["status_code"], first["body"]) == (200, b'{"a":1}')
    assert second["headers"][":exception-type"] == "BadRequestException"
    assert (second["status_code"], second["body"]) == (400, b'{"Message":"no"}')
    assert (third["headers"][":error-code"], third["headers"][":error-message"]) == (
        "InternalFailure",
        "it broke",
    )


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
values = st.one_of(
    st.booleans(),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-128, 127).map(Byte),
    st.integers(-(2**15), 2**15 - 1).map(Short),
    st.integers(-(2**63), 2**63 - 1).map(Long),
    st.binary(max_size=50),
    st.text(st.characters(codec="utf-8"), max_size=50),
    st.uuids(),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
)
messages = st.builds(Message, st.dictionaries(names, values, max_size=5), st.binary(max_size=200))


@given(messages=st.lists(messages, max_size=4), cuts=st.lists(st.integers(0, 2000), max_size=8))
def test_any_split_of_the_bytes_gives_the_same_messages(messages, cuts):
    data = b"".join(message.encode() for message in messages)
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    decoder = EventStreamDecoder()
    read = [message for a, b in pairwise(edges) for message in decoder.feed(data[a:b])]
    decoder.finish()
    assert read == messages
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    assert [message.payload for message in buffer] == [message.payload for message in messages]


@given(data=st.binary(max_size=100))
def test_noise_never_raises_anything_but_the_typed_error(data):
    for noise in (data, frame(data), frame(data, b"p", headers_length=len(data) // 2)):
        decoder = EventStreamDecoder()
        try:
            decoder.feed(noise)
            decoder.finish()
        except EventStreamError as problem:
            assert str(problem)


@given(message=messages, index=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_flipped_bit_is_always_found(message, index, bit):
    data = bytearray(message.encode())
    data[index % len(data)] ^= 1 << bit
    assert isinstance(failure(bytes(data)), ChecksumMismatch)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (frame(b"\x01a\x00")[:-1], TruncatedStream),
        (frame(b"\x01a\x00")[:5], TruncatedStream),
        (frame(b"", total=15), MalformedMessage),
        (frame(b"", headers_length=1), MalformedMessage),
        (frame(b"", total=200_000, headers_length=131_073), MessageTooLarge),
        (frame(b"", total=24 * 1024 * 1024 + 17), MessageTooLarge),
        (frame(b"\x01a\x0a"), MalformedMessage),
        (frame(b"\x01a\x04\x00"), MalformedMessage),
        (frame(b"\x01a\x07\x00\x05abc"), MalformedMessage),
        (frame(b"\x01a\x07\x00\x01\xff"), MalformedMessage),
        (frame(b"\x05a\x00"), MalformedMessage),
        (frame(b"\x01a"), MalformedMessage),
        (frame(b"\x00\x00"), MalformedMessage),
        (frame(b"\x01a\x00\x01a\x01"), MalformedMessage),
        (frame(b"\x01a\x08\x7f\xff\xff\xff\xff\xff\xff\xff"), MalformedMessage),
        (frame(b"\x01a\x09\x00\x00"), MalformedMessage),
    ],
)
def test_malformed_messages_are_typed_errors(data, kind):
    assert type(failure(data)) is kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (Message({"a": 1 << 31}), MalformedMessage),
        (Message({"a": Byte(128)}), MalformedMessage),
        (Message({"": 1}), MalformedMessage),
        (Message({"é" * 128: 1}), MalformedMessage),
        (Message({"a": 1.5}), MalformedMessage),
        (Message({"a": b"x" * 32_768}), MessageTooLarge),
        (Message({f"h{n}": b"x" * 32_000 for n in range(5)}), MessageTooLarge),
        (Message({}, b"x" * (24 * 1024 * 1024 + 1)), MessageTooLarge),
    ],
)
def test_what_does_not_fit_into_a_message_is_refused(message, kind):
    with pytest.raises(kind):
        message.encode()


def test_a_service_may_lower_the_limit():
    decoder = EventStreamDecoder(max_payload=10)
    assert len(decoder.feed(Message({}, b"x" * 10).encode())) == 1
    with pytest.raises(MessageTooLarge):
        decoder.feed(Message({}, b"x" * 11).encode())


# ---- the signature chain of the events that a client sends


def verified_request(content_sha256=PayloadForm.EVENTS.value):
    headers = {"X-Amz-Content-SHA256": content_sha256} if content_sha256 else {}
    request = AWSRequest("POST", "http://localhost/stream-transcription", headers=headers)
    SigV4Auth(Credentials("AKID", SECRET), "transcribe", "eu-west-1").add_auth(request)
    received = {"host": "localhost"} | {name.lower(): value for name, value in request.headers.items()}
    signed = SignedRequest("POST", "/stream-transcription", "", received)
    return verify(signed, lambda *_: Secret(SECRET, None), now=datetime.now(UTC), events=True)


def sign_event(previous: str, payload: bytes, moment: datetime, secret=SECRET) -> Message:
    """A signed event by the specification."""
    milliseconds = int(moment.timestamp() * 1000)
    headers = b"\x05:date\x08" + struct.pack(">q", milliseconds)
    timestamp = moment.strftime("%Y%m%dT%H%M%SZ")
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256-PAYLOAD",
            timestamp,
            f"{timestamp[:8]}/eu-west-1/transcribe/aws4_request",
            previous,
            hashlib.sha256(headers).hexdigest(),
            hashlib.sha256(payload).hexdigest(),
        ]
    )
    key = signing_key(secret, timestamp[:8], "eu-west-1", "transcribe")
    signature = hmac.new(key, text.encode(), hashlib.sha256).digest()
    headers += b"\x10:chunk-signature\x06\x00\x20" + signature
    return decode_message(frame(headers, payload))


def signed_events(seed, payloads, moment=None, **options):
    events, previous = [], seed
    for payload in payloads:
        events.append(sign_event(previous, payload, moment or datetime.now(UTC), **options))
        previous = events[-1].headers[":chunk-signature"].hex()
    return events


@pytest.mark.parametrize("content_sha256", [PayloadForm.EVENTS.value, None])
def test_a_chain_of_signed_events_is_opened_in_order(content_sha256):
    verified = verified_request(content_sha256)
    assert verified.payload.form is PayloadForm.EVENTS
    payloads = [event("AudioEvent", b"\x01\x02", "application/octet-stream").encode(), b"second", b""]
    chain = EventSignatureChain(verified)
    opened = [chain.open(message) for message in signed_events(verified.signature, payloads)]
    assert opened == [*payloads[:2], None]
    assert decode_message(opened[0]).payload == b"\x01\x02"
    assert chain.ended
    with pytest.raises(EventSignatureError, match="ended"):
        chain.open(signed_events(verified.signature, [b"more"])[0])


def test_a_stream_may_run_past_midnight():
    verified = verified_request()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    chain = EventSignatureChain(verified, now=lambda: midnight)
    before = midnight - timedelta(seconds=1)
    first = sign_event(verified.signature, b"1", before)
    second = sign_event(first.headers[":chunk-signature"].hex(), b"2", midnight)
    assert [chain.open(first), chain.open(second)] == [b"1", b"2"]


def test_events_changed_reordered_replayed_or_unsigned_are_refused():
    verified = verified_request()
    first, second = signed_events(verified.signature, [b"first", b"second"])
    changed = Message(first.headers, b"First")
    later = Message({**first.headers, ":date": first.headers[":date"] + timedelta(seconds=1)}, first.payload)
    unsigned = Message({}, b"first")
    as_text = Message({**first.headers, ":chunk-signature": "0" * 32}, b"first")
    other_key = signed_events(verified.signature, [b"first"], secret="another")[0]
    other_seed = signed_events("0" * 64, [b"first"])[0]
    for message in (changed, later, second, unsigned, as_text, other_key, other_seed):
        with pytest.raises(EventSignatureError):
            EventSignatureChain(verified).open(message)
    chain = EventSignatureChain(verified)
    assert chain.open(first) == b"first"
    with pytest.raises(EventSignatureError):
        chain.open(first)


@pytest.mark.parametrize("minutes", [-16, 16])
def test_an_event_dated_too_far_off_is_refused(minutes):
    verified = verified_request()
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    message = sign_event(verified.signature, b"late", moment)
    with pytest.raises(EventSignatureError, match="15 minutes"):
        EventSignatureChain(verified).open(message)


def test_a_request_without_signed_events_has_no_chain():
    with pytest.raises(ValueError, match="UNSIGNED-PAYLOAD"):
        EventSignatureChain(verified_request(PayloadForm.UNSIGNED.value))


# ---- amazon-transcribe, the client that streams to Transcribe


def test_what_amazon_transcribe_signs_and_encodes_is_let_in():
    pytest.importorskip("amazon_transcribe")
    from amazon_transcribe.auth import Credentials as TranscribeCredentials
    from amazon_transcribe.eventstream import EventSigner, EventStreamMessageSerializer
    from amazon_transcribe.request import Request
    from amazon_transcribe.signer import SigV4RequestSigner

    credentials = TranscribeCredentials("AKID", SECRET)
    prepared = Request(
        "https://localhost:4567",
        "/stream-transcription",
        "POST",
        headers={"host": "localhost", "x-amzn-transcribe-language-code": "en-US"},
    ).prepare()
    signed = SigV4RequestSigner("transcribe", "eu-west-1").sign(prepared, credentials)
    headers = {name.lower(): value for name, value in signed.headers.items()}
    verified = verify(
        SignedRequest(signed.method, "/stream-transcription", "", headers),
        lambda *_: Secret(SECRET, None),
        now=datetime.now(UTC),
        events=True,
        service="transcribe",
    )
    serializer, signer = EventStreamMessageSerializer(), EventSigner("transcribe", "eu-west-1")
    previous, sent = bytes.fromhex(verified.signature), b""
    audio = [bytes([n]) * 3200 for n in range(3)]
    for chunk in [*audio, None]:
        inner = (
            b""
            if chunk is None
            else serializer.serialize({":event-type": "AudioEvent", ":message-type": "event"}, chunk)
        )
        event_headers = signer.sign(inner, previous, credentials)
        previous = event_headers[":chunk-signature"]
        sent += serializer.serialize(event_headers, inner)

    chain, decoder, received = EventSignatureChain(verified), EventStreamDecoder(), []
    for start in range(0, len(sent), 1000):
        for message in decoder.feed(sent[start : start + 1000]):
            opened = chain.open(message)
            if opened is not None:
                received.append(decode_message(opened).payload)
    decoder.finish()
    assert received == audio
    assert chain.ended


@settings(max_examples=50)
@given(message=messages)
def test_amazon_transcribe_reads_what_we_write(message):
    buffer_type = pytest.importorskip("amazon_transcribe.eventstream").EventStreamBuffer
    buffer = buffer_type()
    buffer.add_data(message.encode())
    (read,) = list(buffer)
    assert read.payload == message.payload
    assert list(read.headers) == list(message.headers)
